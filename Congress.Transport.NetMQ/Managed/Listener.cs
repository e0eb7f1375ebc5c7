using System.Net;
using System.Net.Sockets;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>A listening socket. A Unix socket is for its owner alone, and its file goes with it.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 512;

    private readonly Socket _socket;

    private Listener(Socket socket, BusEndpoint endpoint) => (_socket, Endpoint) = (socket, endpoint);

    /// <summary>Where it listens.</summary>
    public BusEndpoint Endpoint { get; }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static Listener Open(BusEndpoint endpoint)
    {
        var address = endpoint.ToEndPoint();
        var socket = endpoint.Scheme == Scheme.Unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Scheme == Scheme.Unix)
            {
                RemoveStale(endpoint);
                socket.Bind(address);

                // Before Listen nobody can connect, so there is no moment at which others could.
                // Windows has no modes; there the folder decides.
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(endpoint.Host, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }

                socket.Listen(Backlog);
                return new(socket, endpoint);
            }

            socket.Bind(address);
            socket.Listen(Backlog);
            return new(socket, endpoint with { Port = ((IPEndPoint)socket.LocalEndPoint!).Port });
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new IOException($"cannot listen at {endpoint}: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next connection.</summary>
    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();   // for a Unix socket it deletes the file, too

    /// <summary>Removes the file that a process has left which did not end properly.</summary>
    private static void RemoveStale(BusEndpoint endpoint)
    {
        if (!File.Exists(endpoint.Host))
        {
            return;
        }

        if (!IsSocket(endpoint.Host))
        {
            throw new IOException($"cannot listen at {endpoint}: a file is there that is no socket");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Blocking = false;
            probe.Connect(endpoint.ToEndPoint());
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(endpoint.Host);
            return;
        }
        catch (SocketException)
        {
            // Its queue is full, or it is not ours: somebody is there.
        }

        throw new IOException($"cannot listen at {endpoint}: a living process does");
    }

    /// <summary>A socket cannot be opened as a file; a pipe, which would wait for a writer, can be for both.</summary>
    private static bool IsSocket(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return false;
        }
        catch (IOException)
        {
            return new FileInfo(path).Length == 0;
        }
    }
}
