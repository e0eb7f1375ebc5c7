using Congress.Bus.Protocol;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>Both engines speak with the real libzmq (Debian: libzmq5), which must be installed where the tests run.</summary>
public sealed class InteropTests
{
    private static readonly byte[] Routing = [9, 8, 7];

    [Theory]
    [InlineData(SocketEngine.Managed)]
    [InlineData(SocketEngine.Package)]
    public async Task A_DEALER_of_libzmq_is_a_peer(SocketEngine engine)
    {
        await using var b = await ListeningAsync(engine);
        using var dealer = Dealing(b);
        dealer.Send(Bytes(RawPeer.HelloOf("a", 77)));
        Assert.Equal(b.Node.Identity, Assert.IsType<Hello>(Frame(dealer.Receive())).Node);
        var link = await b.Node.LinkWithAsync("a");
        Assert.Equal(77ul, link.Peer.Incarnation);
        await ExchangeAsync(b, bytes => dealer.Send(bytes), dealer.Receive);
    }

    [Theory]
    [InlineData(SocketEngine.Managed)]
    [InlineData(SocketEngine.Package)]
    public async Task A_ROUTER_of_libzmq_is_a_peer(SocketEngine engine)
    {
        using var router = new LibZmq(LibZmq.Router);
        await using var a = await DiallingAsync(engine, router.Bind());
        var greeting = router.Receive();
        var id = greeting[0];
        Assert.Equal(a.Node.Identity, Assert.IsType<Hello>(Frame(greeting[1..])).Node);
        router.Send(id, Bytes(RawPeer.HelloOf("b", 78)));
        await a.Node.LinkWithAsync("b");
        await ExchangeAsync(a, bytes => router.Send(id, bytes), () => router.Receive()[1..]);
    }

    [Theory]
    [InlineData(SocketEngine.Managed)]
    [InlineData(SocketEngine.Package)]
    public async Task The_heartbeats_of_ZMTP_keep_a_link_that_is_silent(SocketEngine engine)
    {
        await using var b = await ListeningAsync(engine);
        using var dealer = Dealing(b, d =>
        {
            d.Set(LibZmq.HeartbeatInterval, 50);
            d.Set(LibZmq.HeartbeatTimeout, 3_000);   // on a starved machine an answer may take a second
        });
        dealer.Send(Bytes(RawPeer.HelloOf("a")));
        Assert.IsType<Hello>(Frame(dealer.Receive()));
        await Task.Delay(TimeSpan.FromSeconds(4.5), TimeProvider.System);
        dealer.Send(Bytes(new Probe(new byte[5])));
        await b.Node.UntilAsync(() => b.Node.FramesOf("a").Count == 1, "a frame after the silence");
        Assert.Equal((1, 0), (b.Node.UpCount, b.Node.Downs.Count));
    }

    [Theory]
    [InlineData(SocketEngine.Managed)]
    [InlineData(SocketEngine.Package)]
    public async Task A_message_of_several_parts_ends_the_link(SocketEngine engine)
    {
        await using var b = await ListeningAsync(engine);
        using var dealer = Dealing(b);
        dealer.Send(Bytes(RawPeer.HelloOf("a")));
        Assert.IsType<Hello>(Frame(dealer.Receive()));
        dealer.Send(Bytes(new Probe(default)), Bytes(new Probe(default)));
        await b.Node.UntilAsync(() => b.Node.Downs.Count == 1 && b.Transport.Events.FaultCount == 1, "the end of the link, and its fault");
        Assert.Equal("a message has several parts; one was expected", b.Node.Downs[0].Reason);
        Assert.Empty(b.Node.FramesOf("a"));
    }

    [Theory]
    [InlineData(SocketEngine.Managed)]
    [InlineData(SocketEngine.Package)]
    public async Task A_DEALER_that_comes_back_by_itself_is_asked_to_say_HELLO(SocketEngine engine)
    {
        var b = await ListeningAsync(engine);
        using var dealer = Dealing(b);
        dealer.Send(Bytes(RawPeer.HelloOf("a")));
        Assert.IsType<Hello>(Frame(dealer.Receive()));
        await b.DisposeAsync();
        await using var again = await PairEnd.StartAsync("b", new() { Listen = b.Transport.Endpoint, Engine = engine });
        Frame answer;
        do
        {
            // What is sent while nobody is there may be lost; what arrives is answered.
            dealer.TrySend(Bytes(new Probe(new byte[3])));
            answer = Frame(dealer.Receive());
        }
        while (answer is not Refuse { Reason: "" });
        Assert.Equal(0, again.Node.UpCount);
        dealer.Send(Bytes(RawPeer.HelloOf("a")));
        await again.Node.LinkWithAsync("a");
    }

    [Theory]
    [InlineData(SocketEngine.Managed)]
    [InlineData(SocketEngine.Package)]
    public async Task A_ROUTER_of_libzmq_that_comes_back_is_dialled_again(SocketEngine engine)
    {
        var first = new LibZmq(LibZmq.Router);
        var endpoint = first.Bind();
        await using var a = await DiallingAsync(engine, endpoint);
        first.Send(first.Receive()[0], Bytes(RawPeer.HelloOf("b", 1)));
        await a.Node.LinkWithAsync("b");
        first.Dispose();
        await a.Node.UntilAsync(() => a.Node.Downs.Count == 1, "the end of the link");
        using var second = new LibZmq(LibZmq.Router);
        second.Bind(endpoint);
        var greeting = second.Receive();
        Assert.IsType<Hello>(Frame(greeting[1..]));
        second.Send(greeting[0], Bytes(RawPeer.HelloOf("b", 2)));
        Assert.Equal(2ul, (await a.Node.LinkWithAsync("b")).Peer.Incarnation);
    }

    private static async Task ExchangeAsync(PairEnd end, Action<byte[]> send, Func<byte[][]> receive)
    {
        var link = end.Node.Links[0];
        foreach (var length in new[] { 0, 1, 239, 240, 241, 1 << 20 })
        {
            var payload = new byte[length];
            new Random(length).NextBytes(payload);
            var before = end.Node.CountOf(link);
            send(Bytes(new Probe(payload)));
            await end.Node.UntilAsync(() => end.Node.CountOf(link) == before + 1, $"a frame of {length} bytes");
            Assert.Equal(payload, Assert.IsType<Probe>(end.Node.FramesOf(link)[^1]).Payload.ToArray());
            Assert.True(link.TrySend(new Probe(payload)));
            Assert.Equal(payload, Assert.IsType<Probe>(Frame(receive())).Payload.ToArray());
        }

        for (var i = 0; i < 2000; i++)
        {
            Assert.True(link.TrySend(new Probe(BitConverter.GetBytes(i))));
        }

        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(Assert.IsType<Probe>(Frame(receive())).Payload.Span));
        }
    }

    private static LibZmq Dealing(PairEnd peer, Action<LibZmq>? prepare = null)
    {
        var dealer = new LibZmq(LibZmq.Dealer);
        dealer.Set(LibZmq.RoutingId, Routing);
        prepare?.Invoke(dealer);
        dealer.Connect(peer.Transport.Endpoint!);
        return dealer;
    }

    private static Task<PairEnd> ListeningAsync(SocketEngine engine) => PairEnd.StartAsync("b", new() { Listen = "tcp://127.0.0.1:0", Engine = engine });

    private static Task<PairEnd> DiallingAsync(SocketEngine engine, string endpoint) =>
        PairEnd.StartAsync("a", new() { Peers = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = endpoint }, Engine = engine });

    private static byte[] Bytes(Frame frame)
    {
        var buffer = new FrameBuffer();
        FrameCodec.Write(frame, buffer);
        return buffer.Written.ToArray();
    }

    private static Frame Frame(byte[][] parts) => FrameCodec.Read(Assert.Single(parts), out var fault) ?? throw new InvalidDataException(fault);
}
