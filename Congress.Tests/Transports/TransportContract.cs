using System.Buffers.Binary;
using System.Diagnostics;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Tests.Transports;

/// <summary>What every transport does, whatever carries its frames.</summary>
public abstract class TransportContract
{
    /// <summary>An empty mesh of the transports under test.</summary>
    private protected abstract TransportMesh NewMesh();

    [Fact]
    public async Task Frames_go_both_ways_in_order()
    {
        await using var mesh = NewMesh();
        var (b, a) = (await mesh.StartAsync("b"), await mesh.StartAsync("a"));
        var (toB, toA) = (await a.LinkWithAsync("b"), await b.LinkWithAsync("a"));
        var sending = Task.WhenAll(Task.Run(() => SendAllAsync(toB, 5000)), Task.Run(() => SendAllAsync(toA, 5000)));
        await sending;
        await b.UntilAsync(() => b.CountOf(toA) == 5000, "all frames of a");
        await a.UntilAsync(() => a.CountOf(toB) == 5000, "all frames of b");
        Assert.Equal(Enumerable.Range(0, 5000), b.FramesOf(toA).Select(NumberOf));
        Assert.Equal(Enumerable.Range(0, 5000), a.FramesOf(toB).Select(NumberOf));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(65_535)]
    [InlineData(1 << 20)]
    [InlineData(FrameCodec.MaxLength - 64)]
    public async Task A_frame_of_any_size_arrives_as_it_was(int length)
    {
        await using var mesh = NewMesh();
        var (b, a) = (await mesh.StartAsync("b"), await mesh.StartAsync("a"));
        var link = await a.LinkWithAsync("b");
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Assert.True(link.TrySend(new Probe(bytes)));
        Assert.True(link.TrySend(Numbered(1)));
        await b.UntilAsync(() => b.FramesOf("a").Count == 2, "two frames");
        Assert.Equal(bytes, Assert.IsType<Probe>(b.FramesOf("a")[0]).Payload.ToArray());
        Assert.Equal(1, NumberOf(b.FramesOf("a")[1]));
    }

    [Fact]
    public async Task A_link_is_told_once_on_both_sides_and_names_the_peer()
    {
        await using var mesh = NewMesh();
        var (b, a) = (await mesh.StartAsync("b"), await mesh.StartAsync("a"));
        var (toB, toA) = (await a.LinkWithAsync("b"), await b.LinkWithAsync("a"));
        Assert.Equal((b.Identity, a.Identity), (toB.Peer, toA.Peer));
        Assert.NotEmpty(toA.Address);
        Assert.True(toB.Role.MayCall("x"));
        await mesh.StopAsync("a");
        await b.UntilAsync(() => b.Downs.Count == 1, "the end of the link");
        Assert.False(toA.TrySend(Numbered(0)) || toB.TrySend(Numbered(0)));
        Assert.Equal((1, 1, 1, 1), (a.UpCount, b.UpCount, a.Downs.Count, b.Downs.Count));
    }

    [Fact]
    public async Task Every_pair_of_a_mesh_has_one_link()
    {
        await using var mesh = NewMesh();
        var nodes = new List<RecordingNode>();
        foreach (var name in new[] { "d", "c", "b", "a" })
        {
            nodes.Add(await mesh.StartAsync(name));
        }

        foreach (var node in nodes)
        {
            await node.UntilAsync(() => node.Links.Count == 3, "three links");
            Assert.All(node.Links, l => Assert.True(l.TrySend(Numbered(7))));
        }

        foreach (var node in nodes)
        {
            await node.UntilAsync(() => node.Links.All(l => node.CountOf(l) == 1), "a frame of each peer");
            Assert.Equal(3, node.UpCount);
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task A_node_that_was_restarted_is_linked_again(string restarted)
    {
        await using var mesh = NewMesh();
        var (b, a) = (await mesh.StartAsync("b"), await mesh.StartAsync("a"));
        var other = restarted == "a" ? b : a;
        var before = await other.LinkWithAsync(restarted);
        await mesh.StopAsync(restarted);
        await other.UntilAsync(() => other.Downs.Count == 1, "the end of the first link");
        var start = Stopwatch.GetTimestamp();
        var again = await mesh.StartAsync(restarted);
        await other.UntilAsync(() => other.Links.Any(l => l.Peer == again.Identity), "the new incarnation");
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
        var after = await other.LinkWithAsync(restarted);
        Assert.NotSame(before, after);
        Assert.False(before.TrySend(Numbered(1)));
        Assert.True(after.TrySend(Numbered(2)));
        await again.UntilAsync(() => again.FramesOf(other.Identity.Id.Value).Count == 1, "a frame over the new link");
    }

    [Fact]
    public async Task Who_is_not_admitted_is_told_why_and_gets_in_later()
    {
        await using var mesh = NewMesh();
        var b = await mesh.StartAsync("b", prepare: n =>
        {
            n.Admission = _ => "the name is held by another";
            return n;
        });
        var a = await mesh.StartAsync("a");
        await a.UntilAsync(() => a.Refusals.Count > 0, "a refusal");
        Assert.Equal((new NodeId("b"), "the name is held by another"), a.Refusals[0]);
        Assert.Empty(b.Links);
        b.Admission = _ => null;
        await a.LinkWithAsync("b");
        await b.LinkWithAsync("a");
    }

    [Fact]
    public async Task The_dialling_side_may_refuse_too()
    {
        await using var mesh = NewMesh();
        var b = await mesh.StartAsync("b");
        var isAdmitted = false;
        var a = await mesh.StartAsync("a", prepare: n =>
        {
            n.Admission = _ => Volatile.Read(ref isAdmitted) ? null : "not now";
            return n;
        });
        await b.UntilAsync(() => b.Downs.Count > 0, "a link that ends at once");
        Assert.Equal(0, a.UpCount);
        Volatile.Write(ref isAdmitted, true);
        await a.LinkWithAsync("b");
    }

    [Fact]
    public async Task A_frame_that_is_too_large_is_not_taken_and_the_link_stays()
    {
        await using var mesh = NewMesh();
        var (b, a) = (await mesh.StartAsync("b"), await mesh.StartAsync("a"));
        var link = await a.LinkWithAsync("b");
        Assert.False(link.TrySend(new Probe(new byte[FrameCodec.MaxLength])));
        Assert.True(link.TrySend(Numbered(3)));
        await b.UntilAsync(() => b.FramesOf("a").Count == 1, "the small frame");
        Assert.Equal((1, 0), (a.UpCount, a.Downs.Count));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task A_queue_that_is_full_takes_no_more_until_the_peer_reads(string sender)
    {
        await using var mesh = NewMesh();
        using var gate = new ManualResetEventSlim();
        RecordingNode Held(RecordingNode node)
        {
            node.OnFrame = (_, _) => gate.Wait(TimeSpan.FromSeconds(60));
            return node;
        }

        var b = await mesh.StartAsync("b", new(QueueLength: 64), Held);
        var a = await mesh.StartAsync("a", new(QueueLength: 64), Held);
        var (here, there) = sender == "a" ? (a, b) : (b, a);
        await there.LinkWithAsync(sender);
        var link = await here.LinkWithAsync(sender == "a" ? "b" : "a");
        var (sent, refusals) = (0, 0);
        while (refusals < 3 && sent < 100_000)
        {
            var payload = new byte[32 << 10];
            BinaryPrimitives.WriteInt32LittleEndian(payload, sent);
            if (link.TrySend(new Probe(payload)))
            {
                (sent, refusals) = (sent + 1, 0);
            }
            else
            {
                refusals++;
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        Assert.InRange(sent, 1, 20_000);
        gate.Set();
        await there.UntilAsync(() => there.FramesOf(sender).Count == sent, $"the {sent} frames that were taken");
        Assert.Equal(Enumerable.Range(0, sent), there.FramesOf(sender).Select(NumberOf));
        await SendAllAsync(link, 1);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task A_link_that_is_closed_is_down_on_both_sides_and_is_dialled_again(string closing)
    {
        await using var mesh = NewMesh();
        var (b, a) = (await mesh.StartAsync("b"), await mesh.StartAsync("a"));
        await a.LinkWithAsync("b");
        await b.LinkWithAsync("a");
        var (here, there) = closing == "a" ? (a, b) : (b, a);
        var link = here.Links[0];
        link.Close("enough");
        link.Close("and again");
        Assert.False(link.TrySend(Numbered(0)));
        await here.UntilAsync(() => here.Downs.Count == 1 && here.Links.Count == 1, "the next link here");
        await there.UntilAsync(() => there.Downs.Count == 1 && there.Links.Count == 1, "the next link there");
        Assert.Equal("enough", here.Downs[0].Reason);
        await SendAllAsync(here.Links[0], 1);
        await there.UntilAsync(() => there.FramesOf(closing).Count == 1, "a frame");
    }

    [Fact]
    public async Task A_node_may_close_a_link_from_within_what_it_is_told()
    {
        await using var mesh = NewMesh();
        var b = await mesh.StartAsync("b", prepare: n =>
        {
            n.OnFrame = (link, _) => link.Close("that was enough");
            return n;
        });
        var a = await mesh.StartAsync("a");
        await SendAllAsync(await a.LinkWithAsync("b"), 1);
        await b.UntilAsync(() => b.Downs.Count == 1 && b.Links.Count == 1, "the next link");
    }

    [Fact]
    public async Task What_the_node_throws_ends_the_link_and_nothing_else()
    {
        await using var mesh = NewMesh();
        var b = await mesh.StartAsync("b", prepare: n =>
        {
            n.OnFrame = (_, frame) => Assert.NotEqual(0, NumberOf(frame));
            return n;
        });
        var (c, a) = (await mesh.StartAsync("c"), await mesh.StartAsync("a"));
        var toB = await a.LinkWithAsync("b");
        await a.LinkWithAsync("c");
        await SendAllAsync(toB, 1);
        await a.UntilAsync(() => a.Downs.Count == 1 && a.Links.Count == 2, "the next link");
        Assert.Equal(("b", 0), (a.Downs[0].Link.Peer.Id.Value, c.Downs.Count));
    }

    [Fact]
    public async Task Disposing_may_be_repeated_and_may_come_in_the_middle_of_sending()
    {
        await using var mesh = NewMesh();
        var (b, a) = (await mesh.StartAsync("b"), await mesh.StartAsync("a"));
        var link = await a.LinkWithAsync("b");
        var isOver = false;
        var sending = Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                link.TrySend(new Probe(new byte[1000]));
            }
        });
        try
        {
            await b.UntilAsync(() => b.FramesOf("a").Count > 10, "some frames");
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await mesh["a"].DisposeAsync())));
            await mesh["a"].DisposeAsync();
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 25);   // 5 s are promised
            Assert.Single(a.Downs);
            Assert.False(link.TrySend(Numbered(1)));
        }
        finally
        {
            Volatile.Write(ref isOver, true);
        }

        await sending;
        await b.UntilAsync(() => b.Downs.Count == 1, "the end of the link");
    }

    [Fact]
    public async Task A_start_that_is_cancelled_or_repeated_is_refused()
    {
        await using var mesh = NewMesh();
        var transport = mesh.Create("b", new());
        var node = new RecordingNode("b", 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await transport.StartAsync(node.Identity, node, new CancellationToken(canceled: true)));
        await transport.StartAsync(node.Identity, node);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await transport.StartAsync(node.Identity, node));
        await transport.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await transport.StartAsync(node.Identity, node));
    }

    [Fact]
    public async Task A_transport_that_was_never_started_can_be_disposed()
    {
        await using var mesh = NewMesh();
        await mesh.Create("b", new()).DisposeAsync();
    }

    private protected static Probe Numbered(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return new(bytes);
    }

    private protected static int NumberOf(Frame frame) => BinaryPrimitives.ReadInt32LittleEndian(Assert.IsType<Probe>(frame).Payload.Span);

    /// <summary>Sends frames with the numbers from 0, and waits where the queue is full.</summary>
    private protected static async Task SendAllAsync(IBusLink link, int count)
    {
        for (var i = 0; i < count;)
        {
            if (link.TrySend(Numbered(i)))
            {
                i++;
            }
            else
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }
    }
}
