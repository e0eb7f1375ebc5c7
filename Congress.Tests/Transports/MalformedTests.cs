using System.Text;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Transports;

/// <summary>What breaks the protocol ends its own connection and nothing else; what only looks strange does not.</summary>
public sealed class MalformedTests
{
    private static readonly byte[] Hello = RawPeer.Message(RawPeer.HelloOf("a"));

    /// <summary>What is sent instead of a handshake.</summary>
    private static readonly Dictionary<string, byte[]> Handshakes = new(StringComparer.Ordinal)
    {
        ["another protocol"] = "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
        ["zeros"] = new byte[200],
        ["a signature that does not end"] = [0xff, .. new byte[63]],
        ["ZMTP 2"] = [.. RawPeer.Greeting.AsSpan(0, 10), 1, .. RawPeer.Greeting.AsSpan(11)],
        ["another mechanism"] = [.. RawPeer.Greeting[..12], .. "CURVE"u8, .. new byte[47]],
        ["a mechanism with more behind it"] = [.. RawPeer.Greeting[..12], .. "NULLX"u8, .. new byte[47]],
        ["no READY"] = [.. RawPeer.Greeting, .. Hello],
        ["another command than READY"] = [.. RawPeer.Greeting, .. RawPeer.Command("HELLO", [])],
        ["READY of another socket"] = [.. RawPeer.Greeting, .. RawPeer.Command("READY", RawPeer.Property("Socket-Type", "SUB"u8))],
        ["READY without a socket"] = [.. RawPeer.Greeting, .. RawPeer.Command("READY", [])],
        ["READY cut short"] = [.. RawPeer.Greeting, .. RawPeer.Command("READY", RawPeer.Property("Socket-Type", "DEALER"u8).SkipLast(1).ToArray())],
        ["READY with a property of 4 GiB"] = [.. RawPeer.Greeting, .. RawPeer.Command("READY", [.. RawPeer.Property("Socket-Type", "DEALER"u8), 1, 65, 0xff, 0xff, 0xff, 0xff])],
        ["a property without a name"] = [.. RawPeer.Greeting, .. RawPeer.Command("READY", [0, 0, 0, 0, 0])],
        ["an empty command"] = [.. RawPeer.Greeting, 4, 0],
        ["a command whose name is longer than it"] = [.. RawPeer.Greeting, 4, 2, 200, 65],
        ["a command that is too long"] = [.. RawPeer.Greeting, 6, 0, 0, 0, 0, 0, 1, 0, 0],
        ["ERROR"] = [.. RawPeer.Greeting, .. RawPeer.Command("ERROR", [3, 65, 66, 67])],
        ["unknown flags"] = [.. RawPeer.Greeting, .. RawPeer.Ready, 0x80, 1, 1],
        ["READY twice"] = [.. RawPeer.Greeting, .. RawPeer.Ready, .. RawPeer.Ready],
        ["a message of 2^63 bytes"] = [.. RawPeer.Greeting, .. RawPeer.Ready, 2, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ["a message of more than 4 KiB before HELLO"] = [.. RawPeer.Greeting, .. RawPeer.Ready, 2, 0, 0, 0, 0, 0, 0, 0x10, 1],
        ["several parts"] = [.. RawPeer.Greeting, .. RawPeer.Ready, .. RawPeer.Message([], flags: 1), .. Hello],
        ["a message that is no frame"] = [.. RawPeer.Greeting, .. RawPeer.Ready, .. RawPeer.Message("hello"u8)],
        ["an empty message"] = [.. RawPeer.Greeting, .. RawPeer.Ready, .. RawPeer.Message([])],
        ["a flipped bit in HELLO"] = [.. RawPeer.Greeting, .. RawPeer.Ready, .. Hello[..^1], (byte)(Hello[^1] ^ 1)],
        ["a node whose name sorts last"] = [.. RawPeer.Greeting, .. RawPeer.Ready, .. RawPeer.Message(RawPeer.HelloOf("z"))],
    };

    /// <summary>What is sent after a proper HELLO.</summary>
    private static readonly Dictionary<string, byte[]> Traffic = new(StringComparer.Ordinal)
    {
        ["no frame"] = RawPeer.Message("hello"u8),
        ["an empty message"] = RawPeer.Message([]),
        ["several parts"] = [.. RawPeer.Message([1], flags: 1), .. RawPeer.Message([2])],
        ["a message of more than 4 MiB"] = [2, 0, 0, 0, 0, 0, 0x40, 0, 1],
        ["READY"] = RawPeer.Ready,
        ["ERROR"] = RawPeer.Command("ERROR", [0]),
        ["a PING that is too short"] = RawPeer.Command("PING", [1]),
        ["a PING with too much context"] = RawPeer.Command("PING", new byte[19]),
        ["unknown flags"] = [0xff, 0, 0],
    };

    public static TheoryData<string> HandshakeNames => [.. Handshakes.Keys];

    public static TheoryData<string> TrafficNames => [.. Traffic.Keys];

    [Theory]
    [MemberData(nameof(HandshakeNames))]
    public async Task A_handshake_ends_with(string wrong)
    {
        await using var b = await ListeningAsync();
        using var peer = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        await peer.SendAsync(Handshakes[wrong]);
        Assert.True(await peer.IsClosedAsync());
        await b.Node.UntilAsync(() => b.Transport.Events.FaultCount == 1 && b.Transport.ConnectionCount == 0, "one fault");
        Assert.Equal(0, b.Node.UpCount);
    }

    [Theory]
    [MemberData(nameof(TrafficNames))]
    public async Task A_link_ends_with(string wrong)
    {
        await using var b = await ListeningAsync();
        using var peer = await LinkedAsync(b);
        await peer.SendAsync(RawPeer.Message(new Probe(new byte[3])), Traffic[wrong]);
        Assert.True(await peer.IsClosedAsync());
        await b.Node.UntilAsync(() => b.Node.Downs.Count == 1 && b.Transport.Events.FaultCount == 1, "one fault");
        Assert.Single(b.Node.FramesOf("a"));
    }

    [Fact]
    public async Task Bytes_may_come_one_by_one_and_lengths_in_either_form()
    {
        await using var b = await ListeningAsync();
        using var peer = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        var probe = RawPeer.Message(new Probe(new byte[3]));
        byte[] longForm = [2, 0, 0, 0, 0, 0, 0, 0, probe[1], .. probe.AsSpan(2)];
        foreach (var one in (byte[])[.. RawPeer.Greeting, .. RawPeer.Ready, .. Hello, .. probe, .. longForm])
        {
            await peer.SendAsync([one]);
        }

        Assert.IsType<Hello>(await peer.ReadFrameAsync());
        await b.Node.UntilAsync(() => b.Node.FramesOf("a").Count == 2, "two frames");
    }

    [Fact]
    public async Task ZMTP_3_0_is_spoken_too_and_unknown_commands_are_passed_over()
    {
        await using var b = await ListeningAsync();
        using var peer = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        await peer.SendAsync([.. RawPeer.Greeting[..11], 0, .. RawPeer.Greeting[12..]], RawPeer.Ready, Hello, RawPeer.Command("SUBSCRIBE", [65]), RawPeer.Message(new Probe(default)));
        await b.Node.UntilAsync(() => b.Node.FramesOf("a").Count == 1, "a frame");
    }

    [Fact]
    public async Task PING_is_answered_with_its_context()
    {
        await using var b = await ListeningAsync();
        using var peer = await LinkedAsync(b);
        await peer.SendAsync(RawPeer.Command("PING", [0, 10, .. "context"u8]));
        var (flags, body) = await peer.ReadAsync();
        Assert.Equal((4, "\u0004PONGcontext"), (flags, Encoding.ASCII.GetString(body)));
    }

    [Fact]
    public async Task A_frame_before_HELLO_is_answered_so_that_the_peer_says_it()
    {
        await using var b = await ListeningAsync();
        using var peer = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        await peer.SendAsync(RawPeer.Greeting, RawPeer.Ready, RawPeer.Message(new Probe(new byte[3])));
        Assert.Equal("", Assert.IsType<Refuse>(await peer.ReadFrameAsync()).Reason);
        await peer.SendAsync(Hello, RawPeer.Message(new Probe(new byte[3])));
        Assert.Equal(b.Node.Identity, Assert.IsType<Hello>(await peer.ReadFrameAsync()).Node);
        await b.Node.UntilAsync(() => b.Node.FramesOf("a").Count == 1, "the frame after HELLO");
    }

    [Fact]
    public async Task A_second_HELLO_begins_another_link()
    {
        await using var b = await ListeningAsync();
        using var peer = await LinkedAsync(b);
        await peer.SendAsync(RawPeer.Message(RawPeer.HelloOf("a", 8)), RawPeer.Message(new Probe(new byte[3])));
        Assert.IsType<Hello>(await peer.ReadFrameAsync());
        await b.Node.UntilAsync(() => b.Node.FramesOf("a").Count == 1, "a frame");
        await b.Node.UntilAsync(() => (b.Node.UpCount, b.Node.Downs.Count) == (2, 1), "the old link down and the new one up");
        Assert.Equal(8ul, b.Node.Links[0].Peer.Incarnation);
    }

    [Fact]
    public async Task A_second_connection_of_a_peer_takes_the_place_of_the_first()
    {
        await using var b = await ListeningAsync();
        using var first = await LinkedAsync(b);
        using var second = await LinkedAsync(b);
        Assert.True(await first.IsClosedAsync());
        await b.Node.UntilAsync(() => (b.Node.UpCount, b.Node.Downs.Count) == (2, 1), "the first link down and the second up");
    }

    [Fact]
    public async Task A_version_that_this_node_does_not_speak_is_refused_with_a_reason()
    {
        await using var b = await ListeningAsync();
        using var peer = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        await peer.SendAsync(RawPeer.Greeting, RawPeer.Ready, RawPeer.Message(RawPeer.HelloOf("a") with { MinVersion = 9, MaxVersion = 12 }));
        Assert.Equal("a speaks versions 9 to 12 of the protocol, b version 1", Assert.IsType<Refuse>(await peer.ReadFrameAsync()).Reason);
        Assert.True(await peer.IsClosedAsync());
    }

    [Fact]
    public async Task A_newer_peer_that_speaks_this_version_too_is_linked()
    {
        await using var b = await ListeningAsync();
        using var peer = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        await peer.SendAsync(RawPeer.Greeting, RawPeer.Ready, RawPeer.Message(RawPeer.HelloOf("a") with { MaxVersion = 12 }));
        Assert.Equal(FrameCodec.Version, Assert.IsType<Hello>(await peer.ReadFrameAsync()).MaxVersion);
    }

    [Fact]
    public async Task HELLO_has_its_time()
    {
        await using var b = await PairEnd.StartAsync("b", new() { Listen = "tcp://127.0.0.1:0", Engine = SocketEngine.Managed, HandshakeTime = TimeSpan.FromMilliseconds(300) });
        using var silent = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        using var halfway = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        using var linked = await LinkedAsync(b);
        await halfway.SendAsync(RawPeer.Greeting, RawPeer.Ready);
        Assert.True(await silent.IsClosedAsync() && await halfway.IsClosedAsync());
        await b.Node.UntilAsync(() => b.Transport.Events.FaultCount == 2 && b.Transport.ConnectionCount == 1, "two faults");
        Assert.Empty(b.Node.Downs);
    }

    [Fact]
    public async Task Who_connects_and_says_nothing_breaks_nothing()
    {
        await using var b = await ListeningAsync();
        (await RawPeer.ConnectAsync(b.Transport.Endpoint!)).Dispose();
        (await RawPeer.ConnectAsync(b.Transport.Endpoint!)).Reset();
        using var peer = await LinkedAsync(b);
        await b.Node.UntilAsync(() => b.Transport.ConnectionCount == 1, "their end");
        Assert.Equal(0, b.Transport.Events.FaultCount);
    }

    [Fact]
    public async Task Ten_bad_handshakes_shut_an_address_out_for_a_minute()
    {
        var time = new LaterTime();
        await using var b = await PairEnd.StartAsync("b", new() { Listen = "tcp://127.0.0.1:0", Engine = SocketEngine.Managed, TimeProvider = time });
        for (var i = 1; i <= 10; i++)
        {
            using var bad = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
            await bad.SendAsync(new byte[64]);
            await b.Node.UntilAsync(() => b.Transport.Events.FaultCount == i && b.Transport.ConnectionCount == 0, $"fault {i}");
        }

        using (var banned = await RawPeer.ConnectAsync(b.Transport.Endpoint!))
        {
            Assert.True(await banned.IsClosedAsync());
        }

        time.Skip(TimeSpan.FromSeconds(61));
        using var peer = await LinkedAsync(b);
    }

    [Fact]
    public async Task Only_so_many_connections_may_be_without_HELLO()
    {
        await using var b = await PairEnd.StartAsync("b", new() { Listen = "tcp://127.0.0.1:0", Engine = SocketEngine.Managed, MaxGuests = 3 });
        var guests = new List<RawPeer>();
        for (var i = 0; i < 3; i++)
        {
            guests.Add(await RawPeer.ConnectAsync(b.Transport.Endpoint!));
        }

        await b.Node.UntilAsync(() => b.Transport.ConnectionCount == 3, "three guests");
        using (var fourth = await RawPeer.ConnectAsync(b.Transport.Endpoint!))
        {
            Assert.True(await fourth.IsClosedAsync());
        }

        await guests[0].SendAsync(RawPeer.Greeting, RawPeer.Ready, Hello);
        await b.Node.LinkWithAsync("a");
        guests[1].Dispose();
        await b.Node.UntilAsync(() => b.Transport.ConnectionCount == 2, "one guest less");
        using var fifth = await RawPeer.ConnectAsync(b.Transport.Endpoint!);
        await fifth.SendAsync(RawPeer.Greeting, RawPeer.Ready, Hello);
        Assert.IsType<Hello>(await fifth.ReadFrameAsync());
        guests.ForEach(g => g.Dispose());
    }

    private static Task<PairEnd> ListeningAsync() =>
        PairEnd.StartAsync("b", new() { Listen = "tcp://127.0.0.1:0", Engine = SocketEngine.Managed, BadHandshakesBeforeBan = int.MaxValue });

    private static async Task<RawPeer> LinkedAsync(PairEnd end)
    {
        var peer = await RawPeer.ConnectAsync(end.Transport.Endpoint!);
        await peer.SendAsync(RawPeer.Greeting, RawPeer.Ready, Hello);
        Assert.IsType<Hello>(await peer.ReadFrameAsync());
        return peer;
    }
}
