using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Tests.Bus;

namespace Congress.Tests.Contracts;

/// <summary>What services can rely on, whatever transport connects them.</summary>
public sealed class BusContractTests
{
    public static TheoryData<MeshKind> Meshes => [.. Enum.GetValues<MeshKind>()];

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_table_is_followed_on_another_node_and_on_the_same(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var service = new TestService();
        var here = await mesh.StartAsync("a", service);
        var there = await mesh.StartAsync("b");
        await using var local = new ReadTable(here, "test", "t");
        await using var remote = new ReadTable(there, "test", "t");
        service.Say("t", new Row(1, "x"), new Row(2, "y"));
        await remote.HasAsync(new Row(1, "x"), new Row(2, "y"));
        service.Change("t", [new Row(3, "ü\ud800")], [new Row(1, "x")]);
        await remote.HasAsync(new Row(2, "y"), new Row(3, "ü\ud800"));
        await local.HasAsync(new Row(2, "y"), new Row(3, "ü\ud800"));
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task One_who_comes_late_is_given_the_state_of_now(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var service = new TestService();
        await mesh.StartAsync("a", service);
        var rows = Enumerable.Range(0, 20_000).Select(i => new Row(i, $"name {i % 100}", i / 2.0, i % 2 == 0, Value.Null)).ToArray();
        service.Say("t", rows);
        service.Change("t", [], [rows[7]]);
        await using var late = new ReadTable(await mesh.StartAsync("b"), "test", "t");
        await late.HasAsync([.. rows.Where(r => r != rows[7])]);
        Assert.IsType<TableSnapshot>(late.Events[0]);
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task Changes_come_in_order_and_each_is_a_state_that_was(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var service = new TestService();
        await mesh.StartAsync("a", service);
        service.Say("t");
        await using var table = new ReadTable(await mesh.StartAsync("b"), "test", "t");
        await table.HasAsync();
        for (var i = 0; i < 4_000; i++)
        {
            service.Change("t", [new Row(i)], i > 0 ? [new Row(i - 1)] : []);
        }

        await table.HasAsync(new Row(3_999));
        var version = table.Events.OfType<TableSnapshot>().First().Version;
        foreach (var delta in table.Events.OfType<TableDelta>())
        {
            Assert.Equal(version with { Sequence = version.Sequence + 1 }, delta.Version);
            Assert.Equal((long)delta.Version.Sequence - 2, delta.Inserted[0][0].AsInteger());
            version = delta.Version;
        }
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_change_larger_than_a_frame_is_one_change(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var service = new TestService();
        await mesh.StartAsync("a", service);
        service.Say("t");
        await using var table = new ReadTable(await mesh.StartAsync("b"), "test", "t");
        await table.HasAsync();
        var rows = Enumerable.Range(0, 30_000).Select(i => new Row(i, "some text")).ToArray();
        service.Change("t", rows, []);
        await table.HasAsync(rows);
        Assert.Equal(30_000, Assert.Single(table.Events.OfType<TableDelta>()).Inserted.Count);
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_service_is_called_wherever_it_runs(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var here = await mesh.StartAsync("a", new TestService("one"));
        var there = await mesh.StartAsync("b", new TestService("two"));
        await DirectoryHasAsync(here, "two");
        await DirectoryHasAsync(there, "one");
        Assert.Equal("hello", await here.CallAsync("one", TestService.Echo, "hello"));
        Assert.Equal("hello", await here.CallAsync("two", TestService.Echo, "hello"));
        Assert.Equal("b", await here.CallAsync("two", TestService.Where, ""));
        Assert.Equal("a", await there.CallAsync("one", TestService.Where, ""));
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task What_goes_wrong_with_a_call_is_told_apart(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var here = await mesh.StartAsync("a");
        await mesh.StartAsync("b", new TestService());
        await DirectoryHasAsync(here, "test");
        var thrown = await Assert.ThrowsAsync<RemoteErrorException>(() => here.CallAsync("test", TestService.Fail, "because"));
        Assert.Equal("System.InvalidOperationException", thrown.RemoteType);
        Assert.Contains("because", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("'nothing'", (await Assert.ThrowsAsync<ServiceNotFoundException>(() => here.CallAsync("nothing", TestService.Echo, ""))).Message, StringComparison.Ordinal);
        var unknown = new ServiceMethod<string, string>("unknown", TestJson.Default.String, TestJson.Default.String);
        Assert.Contains("echo", (await Assert.ThrowsAsync<InvalidCallException>(() => here.CallAsync("test", unknown, ""))).Message, StringComparison.Ordinal);
        var mistaken = new ServiceMethod<string, int>("count", TestJson.Default.String, TestJson.Default.Int32);
        Assert.Contains("Int32", (await Assert.ThrowsAsync<InvalidCallException>(() => here.CallAsync("test", mistaken, "x"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MessagingTimeoutException>(() => here.CallAsync("test", TestService.Hang, "", new() { Timeout = TimeSpan.FromMilliseconds(200) }));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => here.CallAsync("test", TestService.Hang, "", null, stop.Token));
        await Assert.ThrowsAsync<ArgumentException>(() => here.CallAsync("test", TestService.Echo, new string('x', 5_000_000)));
        Assert.Equal("still there", await here.CallAsync("test", TestService.Echo, "still there"));
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_repeated_call_with_a_key_has_one_effect(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var here = await mesh.StartAsync("a");
        await mesh.StartAsync("b", new TestService());
        await DirectoryHasAsync(here, "test");
        var once = new CallOptions { IdempotencyKey = "create 1" };
        Assert.Equal(1, await here.CallAsync("test", TestService.Count, 1, once));
        Assert.Equal(1, await here.CallAsync("test", TestService.Count, 1, once));
        Assert.Equal(2, await here.CallAsync("test", TestService.Count, 1));
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task Instances_of_a_service_take_turns_and_all_hear_a_broadcast(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var here = await mesh.StartAsync("a");
        await mesh.StartAsync("b", new TestService());
        await mesh.StartAsync("c", new TestService());
        await Eventually.TrueAsync(() => here.GetDirectory().Count(s => s.Service == "test" && s.IsActive) == 2, "both instances are known");

        // On a busy machine an instance may go unheard for a while; then the others are called.
        var nodes = new HashSet<string>();
        for (var i = 0; i < 1_000 && nodes.Count < 2; i++)
        {
            nodes.Add(await here.CallAsync("test", TestService.Where, ""));
        }

        Assert.Equal(["b", "c"], nodes.Order());
        IReadOnlyList<BroadcastResult<string>> answers = [];
        for (var i = 0; i < 1_000 && answers.Count < 2; i++)
        {
            answers = await here.BroadcastAsync("test", TestService.Where, "");
        }

        Assert.Equal(["b", "c"], answers.Select(a => a.Result!));
        Assert.All(await here.BroadcastAsync("test", TestService.Fail, "no"), a => Assert.IsType<RemoteErrorException>(a.Failure));
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => here.BroadcastAsync("nothing", TestService.Where, ""));
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_table_is_wanted_from_its_first_subscriber_to_its_last(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var service = new TestService();
        await mesh.StartAsync("a", service);
        var there = await mesh.StartAsync("b");
        var first = there.Subscribe(new("test", "t"));
        await Eventually.TrueAsync(() => service.Demand.SequenceEqual(["+t"]), "the first subscriber is told");
        var second = there.Subscribe(new("test", "t"));
        first.Dispose();
        second.Dispose();
        await Eventually.TrueAsync(() => service.Demand.SequenceEqual(["+t", "-t"]), "the last subscriber is told");
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_failed_service_starts_again_and_its_table_is_fresh_again(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var service = new TestService { OnStart = (s, _) => { s.Say("t", new Row(s.Starts)); return default; } };
        await mesh.StartAsync("a", service);
        await using var table = new ReadTable(await mesh.StartAsync("b"), "test", "t");
        await table.HasAsync(new Row(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.DoAsync(_ => throw new InvalidOperationException("it breaks")).AsTask());
        await table.HasAsync(new Row(2));
        Assert.Contains(table.Events, e => e is TableStale);
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task Services_come_and_go_on_a_running_node(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var here = await mesh.StartAsync("a");
        var there = await mesh.StartAsync("b");
        await using var table = new ReadTable(there, "test", "t");
        var service = new TestService { OnStart = (s, _) => { s.Say("t", new Row("here")); return default; } };
        here.Register(service);
        await table.HasAsync(new Row("here"));
        await here.StopServiceAsync("test");
        await Eventually.TrueAsync(() => table.IsStale, "a stopped service's table is stale");
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => there.CallAsync("test", TestService.Echo, ""));
        here.StartService("test");
        await table.HasAsync(new Row("here"));
        Assert.True(await here.UnregisterAsync("test"));
        Assert.False(await here.UnregisterAsync("test"));
        there.Register(service);
        await table.HasAsync(new Row("here"));
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task Peers_are_told_as_they_come_and_go(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var here = await mesh.StartAsync("a");
        using var stop = new CancellationTokenSource();
        var seen = new List<PeerHealth>();
        var watching = Task.Run(async () =>
        {
            await foreach (var next in here.WatchPeers(stop.Token))
            {
                lock (seen)
                {
                    seen.Add(next.Health);
                }
            }
        });
        await Task.Delay(50, CancellationToken.None);
        var there = await mesh.StartAsync("b", new TestService());
        await DirectoryHasAsync(here, "test");
        await there.DisposeAsync();
        await Eventually.TrueAsync(() => { lock (seen) { return seen.SequenceEqual([PeerHealth.Alive, PeerHealth.Left]); } }, "alive, then left");
        Assert.Empty(here.GetDirectory());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_name_that_is_held_is_refused_and_who_holds_it_is_said(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var first = await mesh.StartAsync("a");
        var other = await mesh.StartAsync("b");
        await Eventually.TrueAsync(() => other.GetStatus().Peers.Count == 1, "the two are linked");
        var taken = await Assert.ThrowsAsync<NodeNameTakenException>(() => mesh.StartAsync("a"));
        Assert.Contains(first.Identity.ToString(), taken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Meshes))]
    public async Task A_node_that_stops_lets_calls_finish_and_subscribers_catch_up(MeshKind kind)
    {
        await using var mesh = new BusMesh(kind);
        var entered = new TaskCompletionSource();
        var slow = new ServiceMethod<string, string>("slow", TestJson.Default.String, TestJson.Default.String);
        var service = new TestService();
        service.Methods.Add(slow, async (text, _, _) =>
        {
            entered.TrySetResult();
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);
            return text;
        });
        var going = await mesh.StartAsync("a", service);
        var here = await mesh.StartAsync("b");
        await DirectoryHasAsync(here, "test");
        await using var table = new ReadTable(here, "test", "t");
        service.Say("t");
        await table.HasAsync();
        var call = here.CallAsync("test", slow, "done");
        await entered.Task;
        for (var i = 0; i < 1_000; i++)
        {
            service.Change("t", [new Row(i)], []);
        }

        await going.DisposeAsync();
        Assert.Equal("done", await call);
        await Eventually.TrueAsync(() => table.Rows.Length == 1_000, "the last change has come");
        Assert.Throws<InvalidOperationException>(() => service.Say("t"));
    }

    private static Task DirectoryHasAsync(DseNode node, string service) =>
        Eventually.TrueAsync(() => node.GetDirectory().Any(s => s.Service == service && s.IsActive), $"{node.Id} knows {service}");
}
