using Congress.Bus.Protocol;
using Congress.Bus.Protocol.Tables;
using Congress.Data;

namespace Congress.Tests.Bus.Protocol;

/// <summary>A subscriber asks, follows, and asks again when in doubt.</summary>
public sealed class FollowerTests
{
    private static readonly TableName Table = new("nova", "servers");
    private static readonly Epoch First = new(0, 7, 1);
    private static readonly ProtocolSettings Settings = new();

    private readonly Outbox _outbox = new();
    private readonly Follower _follower;
    private readonly List<TableEvent> _taken = [];
    private TimeSpan _now;

    public FollowerTests()
    {
        _follower = new(1, Table, 0, Settings, _outbox);
        _follower.OnPeerHealth(isHealthy: true, "", _now);
        _follower.Aim(5, _now);
    }

    [Fact]
    public void The_first_question_names_no_state()
    {
        var ask = Assert.IsType<Subscribe>(Assert.Single(Sent()));
        Assert.Equal((1u, Epoch.None, 0ul), (ask.Generation, ask.Epoch, ask.Sequence));
    }

    [Fact]
    public void A_snapshot_is_delivered_only_when_all_chunks_are_there()
    {
        Chunk(First, 4, 0, 2, [1, 2], 1);
        Assert.Empty(Take());
        Chunk(First, 4, 1, 2, [1, 2], 2);
        var snapshot = Assert.IsType<TableSnapshot>(Assert.Single(Take()));
        Assert.Equal(2, snapshot.Rows.Count);
        Assert.Equal(new(First, 4), snapshot.Version);
    }

    [Fact]
    public void Chunks_behind_a_lost_one_are_no_progress()
    {
        Chunk(First, 4, 0, 9, [1], 1);
        var asked = Asked().Generation;
        for (var index = 2u; index < 9; index++)
        {
            _now += TimeSpan.FromMilliseconds(200);   // less than the patience, each
            Chunk(First, 4, index, 9, [1], 1);
            _follower.OnTick(_now);
        }

        Assert.Equal(asked + 1, Asked().Generation);
    }

    [Fact]
    public void A_snapshot_with_another_hash_is_refused_and_asked_for_anew()
    {
        Chunk(First, 4, 0, 1, [9], 1);
        Assert.Empty(Take());
        Assert.Equal(1, _follower.Divergences);
        Assert.Equal((2u, 0ul), (Asked().Generation, Asked().Sequence));
    }

    [Fact]
    public void A_refusal_after_an_answer_is_waited_for_briefly_however_long_the_answer_was_waited_for()
    {
        while (_now < TimeSpan.FromSeconds(30))
        {
            Pass(TimeSpan.FromMilliseconds(100));   // nobody answers: it asks ever more rarely
        }

        var asked = Asked().Generation;
        _follower.OnChunk(5, new(1, asked, First, 4, 0, 1, HashOf(First, 1), new[] { RowOf(1) }), _now);
        _follower.OnRefused(5, new(1, asked, "service 'nova' has stopped"), _now);
        Pass(Settings.Patience * 3);
        Assert.Equal(asked + 1, Asked().Generation);

        void Pass(TimeSpan time)
        {
            _now += time;
            _follower.OnTick(_now);
        }
    }

    [Fact]
    public void A_gap_waits_and_is_closed_by_what_was_late()
    {
        Live();
        Delta(First, 6, 12);
        Assert.Empty(Take());
        Delta(First, 5, 11);
        Assert.Equal([5ul, 6ul], Take().OfType<TableDelta>().Select(d => d.Version.Sequence));
    }

    [Fact]
    public void What_comes_early_is_bounded()
    {
        var early = new EarlyParts(2);
        early.Add(First, new(7, 0, true, default, default));
        early.Add(First, new(8, 0, true, default, default));
        early.Add(First, new(9, 0, true, default, default));
        Assert.False(early.TryTake(First, 9, 0, out _));
        Assert.True(early.TryTake(First, 7, 0, out _));
    }

    [Fact]
    public void What_comes_early_is_void_in_another_epoch()
    {
        var early = new EarlyParts(2);
        early.Add(First, new(7, 0, true, default, default));
        early.Add(First with { Start = 2 }, new(8, 0, true, default, default));
        Assert.False(early.TryTake(First, 7, 0, out _));
        Assert.False(early.TryTake(First with { Start = 2 }, 7, 0, out _));
    }

    [Fact]
    public void Changes_of_another_generation_are_void()
    {
        Live();
        _follower.OnDeltas(5, new(1, 99, First, [Part(5, 11)]), _now);
        Assert.Empty(Take());
    }

    [Fact]
    public void Changes_of_another_link_are_void()
    {
        Live();
        _follower.OnDeltas(6, new(1, 1, First, [Part(5, 11)]), _now);
        Assert.Empty(Take());
    }

    [Fact]
    public void A_publisher_with_an_older_lease_is_not_followed()
    {
        var leased = First with { Fence = 3 };
        Chunk(leased, 4, 0, 1, [1], 1);
        Take();
        _follower.Aim(6, _now);
        var ask = Asked();
        _follower.OnChunk(6, new(1, ask.Generation, leased with { Fence = 2, Incarnation = 8 }, 9, 0, 0, 0, default), _now);
        Assert.DoesNotContain(Take(), e => e is TableSnapshot);
        Assert.Equal(new(leased, 4), _follower.Version);
    }

    [Fact]
    public void A_heartbeat_that_is_ahead_for_too_long_leads_to_a_question_from_the_state_that_is_here()
    {
        Live();
        Sent();
        _follower.OnMark(5, new(1, 1, First, 9, 0, 0), _now);
        _now += Settings.Patience * 2;
        _follower.OnTick(_now);
        Assert.Equal((2u, First, 4ul), (Asked().Generation, Asked().Epoch, Asked().Sequence));
    }

    [Fact]
    public void Looking_often_does_not_keep_it_from_asking_for_what_is_missing()
    {
        Live();
        Sent();
        _follower.OnMark(5, new(1, 1, First, 9, 0, 0), _now);
        for (var i = 0; i < 10; i++)
        {
            _now += TimeSpan.FromMilliseconds(100);
            Take();
            _follower.OnTick(_now);
        }

        Assert.Equal(2u, Asked().Generation);
    }

    [Fact]
    public void The_same_state_with_another_hash_is_asked_for_whole()
    {
        Live();
        Sent();
        _follower.OnMark(5, new(1, 1, First, 4, 12345, 0), _now);
        Assert.Equal((Epoch.None, 0ul), (Asked().Epoch, Asked().Sequence));
        Assert.Contains(_outbox.TakeEvents(), e => e is TableDiverged);
    }

    [Fact]
    public void A_state_without_a_heartbeat_for_three_seconds_is_stale_and_fresh_again_with_the_next()
    {
        Live();
        _now += Settings.Suspect + TimeSpan.FromSeconds(0.1);
        _follower.OnTick(_now);
        Assert.IsType<TableStale>(Assert.Single(Take()));
        _follower.OnMark(5, new(1, 1, First, 4, HashOf(First, 1), 0), _now);
        _follower.OnTick(_now);
        Assert.IsType<TableFresh>(Assert.Single(Take()));
    }

    [Fact]
    public void A_snapshot_is_as_old_as_its_beginning_when_the_publisher_forgets_the_subscription_meanwhile()
    {
        Chunk(First, 4, 0, 2, [1, 2], 1);
        _now += Settings.Suspect + TimeSpan.FromSeconds(1);
        _follower.OnMark(5, null, _now);
        Chunk(First, 4, 1, 2, [1, 2], 2);
        _follower.OnTick(_now);
        Assert.False(_follower.IsFresh);
    }

    [Fact]
    public void Heartbeats_that_were_held_back_do_not_make_old_rows_fresh()
    {
        Live();
        _now += TimeSpan.FromSeconds(9);
        _follower.OnTick(_now);
        Take();
        _follower.OnMark(5, new(1, 1, First, 4, HashOf(First, 1), 0), _now);
        _follower.OnMark(5, new(1, 1, First, 80, 0, 0), _now);
        _follower.OnTick(_now);
        Assert.False(_follower.IsFresh);
    }

    [Fact]
    public void A_heartbeat_that_waits_for_acknowledgements_is_given_them()
    {
        Live();
        Take();
        Sent();
        _follower.OnMark(5, new(1, 1, First, 4, HashOf(First, 1), 3), _now);
        Assert.Equal(new Ack(1, 1, 3), Assert.Single(Sent()));
    }

    [Fact]
    public void Room_is_told_only_when_the_changes_are_taken()
    {
        Live();
        Take();
        Sent();
        Delta(First, 5, 11);
        Assert.DoesNotContain(Sent(), f => f is Ack);
        Take();
        Assert.Contains(Sent(), f => f is Ack { Frames: 2 });
    }

    [Fact]
    public void A_reader_that_takes_nothing_holds_one_window_however_often_it_asks()
    {
        Live();
        var sequence = 5ul;
        for (var link = 6; link < 10; link++)
        {
            for (var i = 0; i < Settings.Window; i++)
            {
                _follower.OnDeltas(_follower.Link, new(1, (uint)(link - 5), First, [Part(sequence, 100 + (int)sequence++)]), _now);
            }

            _follower.Aim(link, _now);
        }

        Assert.InRange(_follower.Waiting, Settings.Window, Settings.Window + 2);
    }

    [Fact]
    public void A_sequence_can_end_at_the_largest_number()
    {
        Chunk(First, ulong.MaxValue - 1, 0, 1, [1], 1);
        Delta(First, ulong.MaxValue, 2);
        Assert.Equal(ulong.MaxValue, _follower.Version.Sequence);
        Delta(First, ulong.MaxValue, 2);
        Assert.Equal(2, Take().Count);
    }

    private static Row RowOf(int number) => new(Value.Of(number));

    private static UInt128 HashOf(Epoch epoch, params ReadOnlySpan<int> numbers)
    {
        var (hashes, sum) = (new RowHash(epoch), UInt128.Zero);
        foreach (var number in numbers)
        {
            sum += hashes.Of(RowOf(number));
        }

        return sum;
    }

    private static DeltaPart Part(ulong sequence, int number) => new(sequence, 0, true, new[] { RowOf(number) }, default);

    /// <summary>At state 4 with row 1.</summary>
    private void Live()
    {
        Chunk(First, 4, 0, 1, [1], 1);
        Assert.Single(Take());
    }

    private void Chunk(Epoch epoch, ulong sequence, uint index, ulong total, int[] all, int number) =>
        _follower.OnChunk(5, new(1, 1, epoch, sequence, index, total, HashOf(epoch, all), new[] { RowOf(number) }), _now);

    private void Delta(Epoch epoch, ulong sequence, int number) => _follower.OnDeltas(5, new(1, 1, epoch, [Part(sequence, number)]), _now);

    private List<TableEvent> Take()
    {
        _taken.Clear();
        _follower.TakeAll(_taken, _now);
        return [.. _taken];
    }

    private Frame[] Sent() => [.. _outbox.TakeFrames([]).Select(f => f.Frame)];

    private Subscribe? _asked;

    private Subscribe Asked() => _asked = Sent().OfType<Subscribe>().LastOrDefault() ?? _asked!;
}
