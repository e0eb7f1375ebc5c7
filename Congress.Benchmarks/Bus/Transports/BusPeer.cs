using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Transport.NetMQ;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>The transport of the bus, as a node uses it.</summary>
internal sealed class BusPeer(string scheme, SocketEngine engine) : Contender, IBusReceiver
{
    private readonly TaskCompletionSource<IBusLink> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NetMQTransport? _transport;
    private volatile Action<IBusLink, Frame>? _onFrame;

    public override async ValueTask<string> ListenAsync()
    {
        _onFrame = static (link, frame) =>
        {
            if (frame is Probe { Payload.Span: [Echo, ..] })
            {
                link.TrySend(frame);
            }
        };
        var socket = Path.Join(Path.GetTempPath(), $"congress-bench-{Environment.ProcessId}");
        _transport = new(new() { Listen = scheme == "unix" ? $"unix://{socket}" : $"{scheme}://127.0.0.1:0", Engine = engine, Tls = Keys() });
        await _transport.StartAsync(new(new("b"), 2), this).ConfigureAwait(false);
        return _transport.Endpoint!;
    }

    public override async ValueTask ConnectAsync(string place)
    {
        _transport = new(new() { Peers = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = place }, Engine = engine, Tls = Keys() });
        await _transport.StartAsync(new(new("a"), 1), this).ConfigureAwait(false);
        await _up.Task.ConfigureAwait(false);
    }

    public override ValueTask DisposeAsync() => _transport?.DisposeAsync() ?? ValueTask.CompletedTask;

    public string? Admit(NodeIdentity peer) => null;

    public void LinkUp(IBusLink link) => _up.TrySetResult(link);

    public void Received(IBusLink link, Frame frame) => _onFrame?.Invoke(link, frame);

    public void LinkDown(IBusLink link, string reason) => Console.Error.WriteLine($"the link with {link.Peer} is down: {reason}");

    public void Refused(NodeId peer, string reason) => Console.Error.WriteLine($"{peer} refuses: {reason}");

    protected override async Task<long> SendAsync(byte[] message, Func<bool> isOver)
    {
        var link = await _up.Task.ConfigureAwait(false);
        long count = 0;
        for (var refusals = 0; (count & 63) != 0 || !isOver();)
        {
            if (link.TrySend(new Probe(message)))
            {
                (count, refusals) = (count + 1, 0);
            }
            else if (++refusals < 100)
            {
                await Task.Yield();
            }
            else
            {
                // Asking all the time would take the processor from those who empty the queue.
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System).ConfigureAwait(false);
                refusals = 0;
            }
        }

        return count;
    }

    protected override async Task<List<long>> PingAsync(byte[] message, Func<bool> isOver)
    {
        var link = await _up.Task.ConfigureAwait(false);
        var times = new List<long>();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        _onFrame = (from, frame) =>
        {
            times.Add(Stopwatch.GetTimestamp() - start);
            if (isOver())
            {
                end.SetResult();
                return;
            }

            start = Stopwatch.GetTimestamp();
            from.TrySend(new Probe(message));
        };
        while (!link.TrySend(new Probe(message)))
        {
            await Task.Yield();
        }

        await end.Task.ConfigureAwait(false);
        _onFrame = null;
        return times;
    }

    /// <summary>Both processes have the key that one of them has made.</summary>
    private TlsKeys? Keys()
    {
        if (scheme != "tls")
        {
            return null;
        }

        var certificate = Environment.GetEnvironmentVariable(TransportCheck.KeyVariable) is { } text
            ? X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(text), null)
            : throw new InvalidOperationException("there is no key");
        // One key for both ends: the role decides nothing here, so the same key stands for the other node.
        var other = _transport is null && _onFrame is not null ? "a" : "b";
        return new(certificate, new Dictionary<string, PinnedPeer>(StringComparer.Ordinal) { [TlsKeys.FingerprintOf(certificate)] = new(new(other), PeerRole.Unrestricted) });
    }

    /// <summary>A key for both processes.</summary>
    public static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12));
    }
}
