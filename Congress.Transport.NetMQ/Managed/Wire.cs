using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>A connected socket and the stream over it, with TLS where the endpoint has it.</summary>
internal sealed class Wire : IAsyncDisposable
{
    // A socket that has been closed while the peer still sends would answer RST, which can overtake the reason of a refusal.
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket;

    private Wire(Socket socket)
    {
        _socket = socket;
        Stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Where the bytes go and come.</summary>
    public Stream Stream { get; private set; }

    /// <summary>The fingerprint of the key that the peer has shown; null without TLS.</summary>
    public string? Fingerprint { get; private set; }

    /// <summary>Takes over a connected socket.</summary>
    public static Wire Of(Socket socket)
    {
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        return new(socket);
    }

    /// <summary>Dials.</summary>
    public static async ValueTask<Wire> DialAsync(BusEndpoint endpoint, CancellationToken cancellationToken)
    {
        var isUnix = endpoint.Scheme == Scheme.Unix;
        var socket = isUnix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : endpoint.Address is { } address ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint.ToEndPoint(), cancellationToken).ConfigureAwait(false);
            return Of(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether an exception is the failure of a connection, as opposed to a mistake of ours.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or AuthenticationException or OperationCanceledException;

    /// <summary>Puts TLS 1.3 over the connection, with keys on both sides. Any key is taken here; whose it is, is asked next.</summary>
    public async ValueTask SecureAsync(TlsKeys keys, bool dials, CancellationToken cancellationToken)
    {
        var tls = new SslStream(Stream, leaveInnerStreamOpen: false);
        Stream = tls;
        if (dials)
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "congress",
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ClientCertificateContext = keys.Context,
                    RemoteCertificateValidationCallback = Take,
                    CertificateChainPolicy = NoAuthorities(),
                    AllowTlsResume = false,
                },
                cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ServerCertificateContext = keys.Context,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = Take,
                    CertificateChainPolicy = NoAuthorities(),
                    AllowTlsResume = false,
                    AllowRenegotiation = false,
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends what is being read and written, from any thread.</summary>
    public void Abort() => _socket.Dispose();

    /// <summary>Lets the peer read to the end what was written last.</summary>
    public async ValueTask FarewellAsync(TimeProvider time)
    {
        try
        {
            using var patience = new CancellationTokenSource(Farewell, time);
            _socket.Shutdown(SocketShutdown.Send);
            var ignored = new byte[4096];
            for (var reads = 0; reads < 64 && await _socket.ReceiveAsync(ignored, patience.Token).ConfigureAwait(false) > 0; reads++)
            {
            }
        }
        catch (Exception e) when (IsFailure(e))
        {
            // The peer is gone already, or takes its time.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await Stream.DisposeAsync().ConfigureAwait(false);
    }

    private bool Take(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 { } shown)
        {
            return false;
        }

        Fingerprint = TlsKeys.FingerprintOf(shown);
        return true;
    }

    /// <summary>Nothing that a certificate of a stranger names is fetched.</summary>
    private static X509ChainPolicy NoAuthorities() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };
}
