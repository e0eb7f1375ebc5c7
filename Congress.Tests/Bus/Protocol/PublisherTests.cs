using Congress.Bus.Protocol;
using Congress.Bus.Protocol.Tables;
using Congress.Data;

namespace Congress.Tests.Bus.Protocol;

/// <summary>A publisher sends what follows, or a snapshot, never more than a window, and waits for nobody.</summary>
public sealed class PublisherTests
{
    private static readonly TableName Table = new("nova", "servers");
    private static readonly Epoch Epoch = new(0, 7, 1);

    private readonly Outbox _outbox = new();

    [Fact]
    public void A_new_subscriber_is_sent_a_snapshot()
    {
        var publisher = Started(new());
        Publish(publisher, 1, 2);
        publisher.OnSubscribe(5, Ask(1));
        var chunk = Assert.IsType<SnapshotChunk>(Assert.Single(Sent()));
        Assert.Equal((1ul, 2ul, 2), (chunk.Sequence, chunk.TotalRows, chunk.Rows.Length));
    }

    [Fact]
    public void One_that_has_a_state_of_the_ring_goes_on_by_changes()
    {
        var publisher = Started(new());
        Publish(publisher, 1);
        Publish(publisher, 2);
        publisher.OnSubscribe(5, Ask(1, 1));
        var deltas = Assert.IsType<Deltas>(Assert.Single(Sent()));
        Assert.Equal(2ul, Assert.Single(deltas.Parts).Sequence);
    }

    [Fact]
    public void One_that_has_the_newest_state_is_answered_all_the_same()
    {
        var publisher = Started(new());
        Publish(publisher, 1);
        publisher.OnSubscribe(5, Ask(1, 1));
        Assert.Empty(Assert.IsType<Deltas>(Assert.Single(Sent())).Parts);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void One_that_is_off_the_ring_is_sent_one_snapshot(ulong has, bool isOff)
    {
        var publisher = Started(new() { RingDeltas = 3 });
        for (var i = 1; i <= 6; i++)
        {
            Publish(publisher, i);
        }

        publisher.OnSubscribe(5, Ask(1, has));
        var sent = Sent();
        Assert.Equal(isOff ? typeof(SnapshotChunk) : typeof(Deltas), Assert.Single(sent).GetType());
    }

    [Fact]
    public void A_slow_one_lags_and_gets_one_snapshot_once_it_has_room()
    {
        var publisher = Started(new() { RingDeltas = 3, Window = 2 });
        Publish(publisher, 1);
        publisher.OnSubscribe(5, Ask(1));
        for (var i = 2; i < 100; i++)
        {
            Publish(publisher, i);
        }

        Assert.Equal(2, Sent().Length);
        publisher.OnAck(5, new(1, 1, 2));
        var chunk = Assert.IsType<SnapshotChunk>(Assert.Single(Sent()));
        Assert.Equal((99ul, 99ul), (chunk.Sequence, chunk.TotalRows));
    }

    [Fact]
    public void After_a_snapshot_nothing_is_sent_until_something_changes()
    {
        var publisher = Started(new() { RingDeltas = 1, Window = 1 });
        Publish(publisher, 1);
        Publish(publisher, 2);
        publisher.OnSubscribe(5, Ask(1, 1));
        Publish(publisher, 3);
        Publish(publisher, 4);
        publisher.OnAck(5, new(1, 1, 1));
        publisher.OnAck(5, new(1, 1, 2));
        Assert.Equal([typeof(Deltas), typeof(SnapshotChunk)], Sent().Select(f => f.GetType()));
        Assert.True(publisher.IsAcknowledged);
    }

    [Fact]
    public void A_change_too_large_for_a_frame_goes_in_parts()
    {
        var publisher = Started(new() { FrameBytes = 30, FrameRows = 2, Window = 100 });
        Publish(publisher, 1);
        publisher.OnSubscribe(5, Ask(1, 1));
        Sent();
        Publish(publisher, [.. Enumerable.Range(10, 9)]);
        var parts = Sent().OfType<Deltas>().SelectMany(d => d.Parts).ToArray();
        Assert.True(parts.Length > 3);
        Assert.Equal(Enumerable.Range(0, parts.Length).Select(i => (uint)i), parts.Select(p => p.Part));
        Assert.Equal(9, parts.Sum(p => p.Inserted.Length));
        Assert.Equal(parts.Length - 1, Array.FindIndex(parts, p => p.IsLast));
    }

    [Fact]
    public void What_cancels_out_is_no_state()
    {
        var publisher = Started(new());
        Publish(publisher, 1);
        Assert.False(publisher.Publish(Table, [RowOf(1)], [RowOf(1)]));
        Assert.False(publisher.Publish(Table, [RowOf(1)], []));
        Assert.False(publisher.Publish(Table, [RowOf(1)], null));
        Assert.True(publisher.Publish(Table, [], null));
    }

    [Fact]
    public void A_snapshot_is_unmoved_by_what_is_published_while_it_is_sent()
    {
        var store = new RowStore();
        for (var i = 0; i < 3000; i++)
        {
            store.Add(RowOf(i));
        }

        var cut = store.Cut();
        for (var i = 0; i < 3000; i += 2)
        {
            store.Remove(RowOf(i));
        }

        store.Add(RowOf(5000));
        Assert.Equal(Enumerable.Range(0, 3000).Select(RowOf), cut.SelectMany(c => c.ToArray()));
        Assert.Equal(1501, store.Cut().Sum(c => c.Length));
    }

    [Fact]
    public void A_service_that_stops_refuses_those_who_followed_it()
    {
        var publisher = Started(new());
        Publish(publisher, 1);
        publisher.OnSubscribe(5, Ask(1));
        Sent();
        publisher.StopService("nova");
        Assert.IsType<SubscribeRefused>(Assert.Single(Sent()));
        Assert.Equal(0, publisher.FollowersOf(Table));
    }

    [Fact]
    public void The_hash_of_a_table_does_not_depend_on_the_order_of_its_changes()
    {
        var (one, other) = (new PublishedTable(Table, Epoch, new(), new(1 << 20)), new PublishedTable(Table, Epoch, new(), new(1 << 20)));
        one.Change([RowOf(1), RowOf(2)], []);
        one.Change([RowOf(3)], [RowOf(1)]);
        other.Change([RowOf(3)], []);
        other.Change([RowOf(2)], []);
        Assert.Equal(one.Hash, other.Hash);
        Assert.NotEqual(UInt128.Zero, one.Hash);
    }

    private static Row RowOf(int number) => new(Value.Of(number));

    private static Subscribe Ask(uint generation, ulong has = 0) => new(1, generation, Table, has > 0 ? Epoch : default, has);

    private static void Publish(Publisher publisher, params int[] numbers) => publisher.Publish(Table, [.. numbers.Select(RowOf)], []);

    private Publisher Started(ProtocolSettings settings)
    {
        var publisher = new Publisher(settings, _outbox);
        publisher.StartService("nova", Epoch);
        return publisher;
    }

    private Frame[] Sent() => [.. _outbox.TakeFrames([]).Select(f => f.Frame)];
}
