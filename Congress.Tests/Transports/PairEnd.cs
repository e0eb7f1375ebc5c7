using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>A node with its transport, for tests that need other options than a mesh has.</summary>
internal sealed class PairEnd : IAsyncDisposable
{
    private static ulong _incarnation = 0x8877_0000_0000_0000;

    private PairEnd(string name, NetMQTransportOptions options)
    {
        Node = new(name, Interlocked.Increment(ref _incarnation));
        Transport = new(options);
    }

    public RecordingNode Node { get; }

    public NetMQTransport Transport { get; }

    public static async Task<PairEnd> StartAsync(string name, NetMQTransportOptions options)
    {
        var end = new PairEnd(name, options);
        await end.Transport.StartAsync(end.Node.Identity, end.Node);
        return end;
    }

    public static Task<PairEnd> ListenAsync(string name, TlsKeys keys) =>
        StartAsync(name, new() { Listen = "tls://127.0.0.1:0", Tls = keys, BadHandshakesBeforeBan = int.MaxValue });

    public static Task<PairEnd> DialAsync(string name, TlsKeys keys, PairEnd peer) => StartAsync(name, new()
    {
        Peers = new Dictionary<string, string>(StringComparer.Ordinal) { [peer.Node.Identity.Id.Value] = peer.Transport.Endpoint! },
        Tls = keys,
    });

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        Assert.Empty(Node.Mistakes);
        Assert.Empty(Node.Links);
    }
}
