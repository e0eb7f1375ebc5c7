using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Tests.Transports;

/// <summary>A peer that writes what bytes it likes.</summary>
internal sealed class RawPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly Stream _stream;

    private RawPeer(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    /// <summary>A proper greeting.</summary>
    public static byte[] Greeting { get; } = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, .. "NULL"u8, .. new byte[48]];

    /// <summary>A proper READY of a DEALER.</summary>
    public static byte[] Ready { get; } = Command("READY", [.. Property("Socket-Type", "DEALER"u8), .. Property("Identity", "raw"u8)]);

    public static async Task<RawPeer> ConnectAsync(string endpoint, SslClientAuthenticationOptions? tls = null)
    {
        var port = int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is null)
            {
                return new(socket, stream);
            }

            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(tls);
            return new(socket, secured);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A frame of the bus as a message.</summary>
    public static byte[] Message(Frame frame)
    {
        var buffer = new FrameBuffer();
        FrameCodec.Write(frame, buffer);
        return Message(buffer.Written.Span);
    }

    /// <summary>Any bytes as a message, in the short or the long form.</summary>
    public static byte[] Message(ReadOnlySpan<byte> body, byte flags = 0)
    {
        if (body.Length < 256)
        {
            return [flags, (byte)body.Length, .. body];
        }

        var message = new byte[9 + body.Length];
        message[0] = (byte)(flags | 2);
        BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(1), body.Length);
        body.CopyTo(message.AsSpan(9));
        return message;
    }

    public static byte[] Command(string name, ReadOnlySpan<byte> data) => Message([(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. data], flags: 4);

    public static byte[] Property(string name, ReadOnlySpan<byte> value)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        return [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. length, .. value];
    }

    /// <summary>A HELLO of a node.</summary>
    public static Hello HelloOf(string name, ulong incarnation = 7) => Hello.From(new NodeIdentity(new(name), incarnation));

    public async Task SendAsync(params byte[][] parts) => await _stream.WriteAsync(parts.SelectMany(p => p).ToArray());

    /// <summary>Reads the greeting, commands and messages up to the next message or command, which it returns with its flags before it.</summary>
    public async Task<(byte Flags, byte[] Body)> ReadAsync()
    {
        var head = await ExactlyAsync(2);
        if (head[0] == 0xff)
        {
            await ExactlyAsync(Greeting.Length - 2);
            head = await ExactlyAsync(2);
        }

        if ((head[0] & 2) == 0)
        {
            return (head[0], await ExactlyAsync(head[1]));
        }

        var rest = await ExactlyAsync(7);
        return ((byte)(head[0] & ~2), await ExactlyAsync((int)BinaryPrimitives.ReadInt64BigEndian([head[1], .. rest])));
    }

    /// <summary>The next frame of the bus.</summary>
    public async Task<Frame> ReadFrameAsync()
    {
        while (true)
        {
            var (flags, body) = await ReadAsync();
            if (flags == 0)
            {
                var frame = FrameCodec.Read(body, out var fault);
                return frame ?? throw new InvalidDataException(fault);
            }
        }
    }

    /// <summary>Whether the other side closes the connection before long, whatever it writes before.</summary>
    public async Task<bool> IsClosedAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            while (await _stream.ReadAsync(buffer, patience.Token) > 0)
            {
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Ends the connection with RST.</summary>
    public void Reset() => _socket.Close(0);

    public void Dispose() => _stream.Dispose();

    private async Task<byte[]> ExactlyAsync(int count)
    {
        var bytes = new byte[count];
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await _stream.ReadExactlyAsync(bytes, patience.Token);
        return bytes;
    }
}
