using Congress.Actions;
using Congress.Bus;
using Congress.Data;
using Congress.Datasources;
using Congress.Persistence;
using Congress.Policies.Enforcement;
using Congress.Tests.Persistence;
using Congress.Transport.InProc;

namespace Congress.Tests.Policies.Enforcement;

public sealed class EnforcementTests : IDisposable
{
    private const string StopsAll = "execute[cloud:stop(x)] :- cloud:vm(x)";

    private static readonly EnforcementOptions Enforce = new() { Mode = EnforcementMode.Enforce };

    private readonly TemporaryFolder _folder = new();
    private readonly Cloud _cloud = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_row_that_comes_is_acted_upon_once_and_one_that_comes_again_once_more()
    {
        await using var system = await StartAsync(StopsAll, Enforce);
        _cloud.Rows = [new("vm-1")];
        var done = Assert.Single(await system.UntilAsync(all => all is [{ State: OccurrenceState.Done }]));
        Assert.Equal([new Row("vm-1")], _cloud.Calls.Select(c => new Row([.. c.Positional])));
        Assert.Equal(done.Id, _cloud.Calls.Single().Key);
        Assert.Contains("cloud:vm(x)", done.Cause, StringComparison.Ordinal);

        _cloud.Rows = [];
        await system.UntilAsync(all => all is [{ IsOpen: false }]);
        _cloud.Rows = [new("vm-1")];
        await system.UntilAsync(all => all is [{ State: OccurrenceState.Done, IsOpen: true }, { IsOpen: false }]);
        Assert.Equal(2, _cloud.Keys.Length);
        Assert.Equal(2, _cloud.Calls.Count);
    }

    [Fact]
    public async Task A_restart_acts_upon_nothing_again()
    {
        _cloud.Rows = [new("vm-1"), new("vm-2")];
        await using (var system = await StartAsync(StopsAll, Enforce))
        {
            await system.UntilAsync(all => all.Count(o => o.State == OccurrenceState.Done) == 2);
        }

        // While it was down one has gone, and one has come.
        _cloud.Rows = [new("vm-2"), new("vm-3")];
        await using var again = await StartAsync(StopsAll, Enforce);
        var all = await again.UntilAsync(all => all.Count == 3 && all.Count(o => o is { IsOpen: true, State: OccurrenceState.Done }) == 2);
        Assert.Equal(3, _cloud.Calls.Count);
        Assert.Equal([new Row("vm-1")], all.Where(o => !o.IsOpen).Select(o => o.Arguments));
    }

    [Fact]
    public async Task Nothing_is_done_unless_that_is_asked_for_but_what_would_be_is_noted()
    {
        _cloud.Rows = [new("vm-1"), new("vm-2")];
        await using var system = await StartAsync(StopsAll, new());
        var all = await system.UntilAsync(all => all.Count == 2);
        Assert.All(all, o => Assert.Equal(OccurrenceState.Planned, o.State));
        Assert.Empty(_cloud.Calls);

        // Exactly what was planned and approved is carried out.
        await system.DecideAsync(all.Single(o => o.Arguments.Equals(new Row("vm-2"))).Id, isApproved: true);
        await system.UntilAsync(all => all.Any(o => o.State == OccurrenceState.Done));
        Assert.Equal([new Row("vm-2")], _cloud.Calls.Select(c => new Row([.. c.Positional])));
    }

    [Fact]
    public async Task What_waits_for_approval_is_void_when_its_row_has_gone_and_never_done_when_it_is_rejected()
    {
        _cloud.Rows = [new("vm-1"), new("vm-2")];
        await using var system = await StartAsync(StopsAll, new() { Mode = EnforcementMode.Approval });
        var all = await system.UntilAsync(all => all.Count == 2);
        Assert.All(all, o => Assert.Equal(OccurrenceState.Waiting, o.State));
        await system.DecideAsync(all[0].Id, isApproved: false);
        _cloud.Rows = [.. all.Take(1).Select(o => o.Arguments)];
        await system.UntilAsync(all => all.Count(o => o.IsOpen) == 1);

        var refused = await Assert.ThrowsAsync<RemoteErrorException>(() => system.DecideAsync(all[1].Id, isApproved: true));
        Assert.Contains(all[1].Id, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RemoteErrorException>(() => system.DecideAsync(all[0].Id, isApproved: true));
        Assert.Empty(_cloud.Calls);
    }

    [Fact]
    public async Task A_cycle_that_goes_too_far_does_nothing_and_says_so()
    {
        _cloud.Rows = [.. Enumerable.Range(0, 30).Select(i => new Row($"vm-{i}"))];
        await using var system = await StartAsync(StopsAll, Enforce);
        var all = await system.UntilAsync(all => all.Count == 30);
        Assert.All(all, o => Assert.Equal((OccurrenceState.Held, true), (o.State, o.Note!.Contains("30 calls in one cycle, for 30 rows", StringComparison.Ordinal))));
        Assert.Empty(_cloud.Calls);
        await system.DecideAsync(all[0].Id, isApproved: true);
        await system.UntilAsync(all => all.Any(o => o.State == OccurrenceState.Done));
        Assert.Single(_cloud.Calls);
    }

    [Fact]
    public async Task An_action_whose_condition_comes_back_again_and_again_is_held()
    {
        await using var system = await StartAsync(StopsAll, Enforce with { LoopCalls = 2 });
        for (var times = 1; times <= 3; times++)
        {
            _cloud.Rows = [new("vm-1")];
            var expected = times <= 2 ? OccurrenceState.Done : OccurrenceState.Held;
            var all = await system.UntilAsync(all => all.Count == times && all.Count(o => o.IsOpen && o.State == expected) == 1);
            Assert.Equal(times > 2, all.Any(o => o.Note?.Contains("asked for 3 times within 60 s", StringComparison.Ordinal) == true));
            _cloud.Rows = [];
            await system.UntilAsync(all => all.All(o => !o.IsOpen));
        }

        Assert.Equal(2, _cloud.Calls.Count);
    }

    [Theory]
    [InlineData(ActionPromise.AtMostOnce)]
    [InlineData(ActionPromise.AtLeastOnce)]
    [InlineData(ActionPromise.Keyed)]
    public async Task A_call_with_an_unknown_outcome_is_repeated_only_where_that_does_no_harm(ActionPromise promise)
    {
        _cloud.Promise = promise;
        _cloud.Rows = [new("vm-1")];
        _cloud.Outcome = _ => _cloud.Calls.Count < 3 ? new IOException("the line is cut") : null;
        await using var system = await StartAsync(StopsAll, Enforce);
        var one = Assert.Single(await system.UntilAsync(all => all is [{ State: OccurrenceState.Done or OccurrenceState.Unknown }]));
        Assert.Equal(promise == ActionPromise.AtMostOnce ? (OccurrenceState.Unknown, 1) : (OccurrenceState.Done, 3), (one.State, _cloud.Calls.Count));
        Assert.Equal([one.Id], _cloud.Keys);
    }

    [Fact]
    public async Task A_call_that_is_refused_is_told_and_not_repeated()
    {
        _cloud.Rows = [new("vm-1")];
        _cloud.Outcome = _ => new DriverException("there is no such server");
        await using var system = await StartAsync(StopsAll, Enforce);
        var one = Assert.Single(await system.UntilAsync(all => all is [{ State: OccurrenceState.Failed }]));
        Assert.Equal("there is no such server", one.Note);
        Assert.Single(_cloud.Calls);
    }

    [Theory]
    [InlineData(ActionPromise.AtMostOnce)]
    [InlineData(ActionPromise.Keyed)]
    public async Task A_call_whose_target_cannot_be_reached_is_made_later(ActionPromise promise)
    {
        _cloud.Promise = promise;
        _cloud.Rows = [new("vm-1")];
        _cloud.Outcome = _ => _cloud.Calls.Count switch
        {
            1 => new DriverException("nobody listens") { IsUnreachable = true },
            2 => new DriverException("too much to do") { RetryAfter = TimeSpan.FromSeconds(1) },
            _ => null,
        };
        await using var system = await StartAsync(StopsAll, Enforce);
        var one = Assert.Single(await system.UntilAsync(all => all is [{ State: OccurrenceState.Done or OccurrenceState.Unknown or OccurrenceState.Failed }]));
        Assert.Equal((OccurrenceState.Done, 3), (one.State, _cloud.Calls.Count));
        Assert.Equal([one.Id], _cloud.Keys);
    }

    [Theory]
    [InlineData(ActionPromise.AtMostOnce, OccurrenceState.Unknown, 0)]
    [InlineData(ActionPromise.Keyed, OccurrenceState.Done, 1)]
    public async Task Who_takes_over_finishes_what_may_be_repeated_and_shows_the_rest_as_unknown(ActionPromise promise, OccurrenceState outcome, int calls)
    {
        // An engine ended between the sending and the answer.
        _cloud.Promise = promise;
        _cloud.Rows = [new("vm-1")];
        var now = TimeProvider.System.GetUtcNow();
        using (var store = await SqliteStore.OpenAsync(_folder.File("congress.db")))
        {
            await new SqliteActionJournal(store).WriteAsync(
                [new("key-1", "guard", "cloud", "stop", new("vm-1"), OccurrenceState.Sent, true, "", null, now, now, promise)], fence: 0);
        }

        await using var system = await StartAsync(StopsAll, Enforce);
        await system.UntilAsync(all => all is [{ Id: "key-1" } only] && only.State == outcome);
        Assert.Equal(Enumerable.Repeat("key-1", calls), _cloud.Calls.Select(c => c.Key));
    }

    [Fact]
    public async Task Nothing_is_concluded_from_a_table_that_has_not_been_heard()
    {
        _cloud.Rows = null;
        await using var system = await StartAsync("execute[cloud:stop(\"all\")] :- one(1), not cloud:vm(\"vm-1\"). one(1)", Enforce);
        await system.UntilAsync(_ => system.Engine.Engine is not null);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);   // longer than the engine waits for its datasources
        Assert.Empty(_cloud.Calls);
        _cloud.Rows = [new("vm-1")];
        await system.Node.CallAsync("cloud", DatasourceService.Refresh, true);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Assert.Empty(_cloud.Calls);
        _cloud.Rows = [];
        await system.UntilAsync(all => all is [{ State: OccurrenceState.Done }]);
    }

    [Fact]
    public async Task Of_two_engines_one_acts_and_the_other_takes_over_without_doing_anything_again()
    {
        var hub = new InProcHub();
        _cloud.Rows = [new("vm-1"), new("vm-2")];
        var one = await StartAsync(StopsAll, Enforce, new InProcTransport(hub), "one");
        await using var two = await StartAsync(StopsAll, Enforce, new InProcTransport(hub), "two", hasCloud: false);
        await one.UntilAsync(all => all.Count(o => o.State == OccurrenceState.Done) == 2);
        await using var three = await StartAsync(StopsAll, Enforce, new InProcTransport(hub), "three");
        await one.DisposeAsync();
        _cloud.Rows = [new("vm-2"), new("vm-3")];
        await two.UntilAsync(all => all.Count == 3 && all.Count(o => o is { IsOpen: true, State: OccurrenceState.Done }) == 2);
        Assert.Equal(3, _cloud.Keys.Length);
        Assert.Equal(3, _cloud.Calls.Count);
    }

    [Fact]
    public async Task A_journal_refuses_who_has_been_followed()
    {
        using var store = await SqliteStore.OpenAsync(_folder.File("congress.db"));
        var (lease, journal) = (new SqliteLease(store), new SqliteActionJournal(store));
        var first = await lease.TryHoldAsync(EnforcementMethods.Service, "one", TimeSpan.FromMilliseconds(1));
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        var second = await lease.TryHoldAsync(EnforcementMethods.Service, "two", TimeSpan.FromMinutes(1));
        Assert.True(second > first);
        Assert.Null(await lease.TryHoldAsync(EnforcementMethods.Service, "one", TimeSpan.FromMinutes(1)));
        var occurrence = new Occurrence("a", "p", "s", "x", Row.Empty, OccurrenceState.Claimed, true, "", null, default, default);
        await Assert.ThrowsAsync<FencedException>(() => journal.WriteAsync([occurrence], first!.Value));
        Assert.Empty(await journal.ReadAsync());
        await journal.WriteAsync([occurrence], second!.Value);
        Assert.Equal([occurrence], await journal.ReadAsync());
    }

    [Fact]
    public async Task Actions_by_hand_are_journalled_and_a_request_that_comes_again_does_nothing()
    {
        await using var system = await StartAsync("", new());
        await system.UntilAsync(_ => true);
        var asked = new ManualAction("cloud", "stop", ["vm-9"], new Dictionary<string, Value>(StringComparer.Ordinal) { ["hard"] = true }, "request-1", "ann");
        var done = await ExecuteAsync(asked);
        Assert.Equal((OccurrenceState.Done, "request-1"), (done.State, done.Id));
        Assert.Equal(OccurrenceState.Done, (await ExecuteAsync(asked)).State);
        Assert.Equal(Value.True, _cloud.Calls.Single().Named["hard"]);
        Assert.Equal("by ann, with hard=true", Assert.Single(await system.ListAsync()).Cause);

        var refused = await Assert.ThrowsAsync<RemoteErrorException>(() => ExecuteAsync(asked with { Service = "nosuch", Key = "request-2" }));
        Assert.Equal("Service nosuch not found", refused.RemoteMessage);

        Task<Occurrence> ExecuteAsync(ManualAction action) => system.Node.CallAsync(EnforcementMethods.Service, EnforcementMethods.Execute, action);
    }

    private Task<ActingSystem> StartAsync(string policy, EnforcementOptions options, IBusTransport? transport = null, string name = "node", bool hasCloud = true) =>
        ActingSystem.StartAsync(_folder.File("congress.db"), _cloud, policy, options, transport, name, hasCloud);
}
