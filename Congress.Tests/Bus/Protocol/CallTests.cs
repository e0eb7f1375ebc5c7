using Congress.Bus.Protocol;
using Congress.Bus.Protocol.Calls;
using Congress.Data;

namespace Congress.Tests.Bus.Protocol;

/// <summary>Calls end once and in time, and what has a key is done once.</summary>
public sealed class CallTests
{
    private const long Link = 3;

    private static readonly NodeIdentity Peer = new(new("b"), 2);
    private static readonly Payload Nothing = Payload.OfJson("null"u8.ToArray());

    private readonly Outbox _outbox = new();
    private readonly ProtocolSettings _settings = new();
    private readonly Membership _membership;
    private readonly CallClient _client;
    private readonly CallServer _server;
    private TimeSpan _now = TimeSpan.FromSeconds(100);

    public CallTests()
    {
        _membership = new(new(new("a"), 1), _settings, _outbox);
        _client = new(1, _settings, _outbox, _membership);
        _server = new(_settings, _outbox);
        _membership.LinkUp(Link, Peer, PeerRole.Unrestricted, _now);
        _membership.OnHeartbeat(_membership.Find(Link)!, new([new("s", 1, true, 0, [], ["m"])], []), _now);
    }

    [Fact]
    public void A_call_to_a_service_that_nobody_runs_fails_at_once()
    {
        _client.Begin(Request("", "t"), TimeSpan.FromSeconds(5), null, _now);
        Assert.Equal(CallFailure.NoService, Ended().Failure);
    }

    [Fact]
    public void A_call_whose_link_is_lost_fails_at_once_when_it_may_not_be_repeated()
    {
        _client.Begin(Request(""), TimeSpan.FromSeconds(5), null, _now);
        _client.OnLinkDown(Link, "cut", _now);
        Assert.Equal(CallFailure.TimedOut, Ended().Failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_for_one_link_alone_ends_with_that_link_though_it_has_a_key(bool isSent)
    {
        var id = _client.Begin(Request("k"), TimeSpan.FromSeconds(5), Link, _now);
        if (!isSent)
        {
            _client.OnNotSent(Link, id, _now);
        }

        _client.OnLinkDown(Link, "cut", _now);
        Assert.Equal(isSent ? CallFailure.TimedOut : CallFailure.NotDelivered, Ended().Failure);
    }

    [Fact]
    public void A_call_with_a_key_is_tried_again_after_two_seconds_with_what_is_left_of_its_time()
    {
        _client.Begin(Request("k"), TimeSpan.FromSeconds(5), null, _now);
        Assert.Equal(5000u, Sent<Call>().Deadline);
        Pass(TimeSpan.FromSeconds(2));
        var again = Sent<Call>();
        Assert.Equal((2u, 3000u), (again.Attempt, again.Deadline));
    }

    [Fact]
    public void A_call_without_a_key_is_sent_once_and_ends_by_its_deadline()
    {
        _client.Begin(Request(""), TimeSpan.FromSeconds(5), null, _now);
        Sent<Call>();
        Pass(TimeSpan.FromSeconds(4));
        Assert.Empty(_outbox.TakeFrames([]));
        Pass(TimeSpan.FromSeconds(1));
        Sent<Cancel>();
        Assert.Equal(CallFailure.TimedOut, Ended().Failure);
    }

    [Fact]
    public void A_call_that_may_have_been_done_never_ends_as_not_begun()
    {
        _client.Begin(Request("k"), TimeSpan.FromSeconds(5), null, _now);
        Pass(TimeSpan.FromSeconds(2));
        _client.OnNotSent(Link, 1, _now);
        _membership.LinkDown(Link, "cut");
        _client.OnLinkDown(Link, "cut", _now);
        Pass(TimeSpan.FromSeconds(4));
        Assert.Equal(CallFailure.TimedOut, Ended().Failure);
    }

    [Fact]
    public void A_call_that_the_queue_did_not_take_is_tried_again_and_then_ends_as_not_begun()
    {
        _client.Begin(Request(""), TimeSpan.FromSeconds(1), null, _now);
        for (var i = 0; i < 30; i++)
        {
            foreach (var (link, frame) in _outbox.TakeFrames([]).Where(f => f.Frame is Call))
            {
                _client.OnNotSent(link, ((Call)frame).Id, _now);
            }

            Pass(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(CallFailure.NotDelivered, Ended().Failure);
    }

    [Fact]
    public void A_repetition_joins_the_work_under_way_and_then_is_given_its_answer()
    {
        _server.OnCall(Link, Peer.Id, Request("k") with { Id = 1, Deadline = 5000 }, _now);
        _server.OnCall(Link, Peer.Id, Request("k") with { Id = 2, Deadline = 5000 }, _now);
        var work = Assert.Single(_outbox.TakeEvents().OfType<CallArrived>());
        _server.Complete(work.Token, new Answer(0, Nothing), _now);
        _server.OnCall(Link, Peer.Id, Request("k") with { Id = 3, Deadline = 5000 }, _now);
        Assert.Equal([1ul, 2ul, 3ul], _outbox.TakeFrames([]).Select(f => ((Answer)f.Frame).Id));
        Assert.Empty(_outbox.TakeEvents());
    }

    [Fact]
    public void Work_with_a_key_that_was_given_up_is_not_begun_again()
    {
        _server.OnCall(Link, Peer.Id, Request("k") with { Id = 1, Deadline = 1000 }, _now);
        _outbox.TakeEvents();
        _now += TimeSpan.FromSeconds(1);
        _server.OnTick(_now);
        _server.OnCall(Link, Peer.Id, Request("k") with { Id = 2, Deadline = 1000 }, _now);
        Assert.DoesNotContain(_outbox.TakeEvents(), e => e is CallArrived);
        Assert.All(_outbox.TakeFrames([]), f => Assert.Equal(FaultKind.DeadlineExceeded, ((Fault)f.Frame).Kind));
    }

    [Fact]
    public void Work_without_a_key_is_given_up_when_its_caller_is_gone()
    {
        _server.OnCall(Link, Peer.Id, Request("") with { Id = 1, Deadline = 1000 }, _now);
        _server.OnLinkDown(Link);
        Assert.Contains(_outbox.TakeEvents(), e => e is CallAbandoned);
        Assert.Equal(0, _server.Count);
    }

    [Fact]
    public void A_second_process_of_a_name_is_refused_while_the_first_is_heard()
    {
        var second = new NodeIdentity(Peer.Id, 99);
        Assert.NotNull(_membership.Admit(second, _now + TimeSpan.FromSeconds(2.9)));
        Assert.Null(_membership.Admit(second, _now + TimeSpan.FromSeconds(3)));
        Assert.Null(_membership.Admit(Peer, _now));
        Assert.NotNull(_membership.Admit(new(new("a"), 5), _now));
    }

    [Fact]
    public void A_process_that_said_goodbye_does_not_hold_its_name()
    {
        _membership.OnBye(_membership.Find(Link)!);
        Assert.Null(_membership.Admit(new(Peer.Id, 99), _now));
    }

    [Fact]
    public void A_silent_peer_is_suspected_and_then_dead()
    {
        Pass(TimeSpan.FromSeconds(2));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(PeerHealth.Suspected, _membership.Find(Link)!.Health);
        for (var i = 0; i < 7; i++)
        {
            Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Null(_membership.Find(Link));
        Assert.Contains(_outbox.TakeEvents(), e => e is LinkCondemned);
    }

    [Fact]
    public void A_node_that_was_stopped_itself_does_not_take_its_peers_for_dead()
    {
        Pass(TimeSpan.FromSeconds(1));
        Pass(TimeSpan.FromSeconds(15));
        Assert.Equal(PeerHealth.Suspected, _membership.Find(Link)!.Health);
    }

    private static Call Request(string key, string service = "s") => new(0, service, "m", Nothing, 0, 0, key);

    private void Pass(TimeSpan time)
    {
        _now += time;
        _membership.OnTick(_now);
        _client.OnTick(_now);
    }

    private T Sent<T>()
        where T : Frame => Assert.IsType<T>(Assert.Single(_outbox.TakeFrames([])).Frame);

    private CallOutcome Ended() => Assert.Single(_outbox.TakeEvents().OfType<CallEnded>()).Outcome;
}
