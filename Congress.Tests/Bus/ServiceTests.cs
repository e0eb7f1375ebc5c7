using Congress.Bus;
using Congress.Data;
using Congress.Tests.Contracts;

namespace Congress.Tests.Bus;

/// <summary>What a service may rely on, and what its mistakes lead to: a clear error, and nothing else disturbed.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task Everything_given_to_a_service_is_done_one_after_the_other()
    {
        var (inside, most) = (0, 0);
        async Task WorkAsync()
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Delay(1, CancellationToken.None);
            Interlocked.Decrement(ref inside);
        }

        var publisher = new TestService("publisher");
        var service = new TestService();
        var slow = new ServiceMethod<int, int>("slow", TestJson.Default.Int32, TestJson.Default.Int32);
        service.Methods.Add(slow, async (n, _, _) => { await WorkAsync(); return n; });
        await using var node = new DseNode("a");
        node.Register(publisher);
        node.Register(service);
        await node.StartAsync();
        publisher.Say("t");
        service.FollowTable("publisher", "t", async (_, _) => await WorkAsync());
        var calls = Enumerable.Range(0, 100).Select(i => node.CallAsync("test", slow, i)).ToArray();
        for (var i = 0; i < 100; i++)
        {
            publisher.Change("t", [new Row(i)], []);
        }

        Assert.Equal(Enumerable.Range(0, 100), await Task.WhenAll(calls));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_node_needs_no_transport()
    {
        await using var node = new DseNode("alone");
        var service = new TestService { OnStart = (s, _) => { s.Say("t", new Row(1)); return default; } };
        node.Register(service);
        await node.StartAsync();
        await using var table = new ReadTable(node, "test", "t");
        await table.HasAsync(new Row(1));
        Assert.Equal("x", await node.CallAsync("test", TestService.Echo, "x"));
    }

    [Fact]
    public async Task Names_are_checked_and_taken_once()
    {
        Assert.Contains("expected", Assert.Throws<ArgumentException>(() => new DseNode("a b")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DseNode(""));
        Assert.Throws<ArgumentException>(() => new TestService(""));
        Assert.Throws<ArgumentException>(() => new TestService("a:b"));
        await using var node = new DseNode("a");
        node.Register(new TestService());
        Assert.Contains("'test'", Assert.Throws<ArgumentException>(() => node.Register(new TestService())).Message, StringComparison.Ordinal);
        var elsewhere = new TestService("elsewhere");
        node.Register(elsewhere);
        await using var other = new DseNode("b");
        Assert.Throws<InvalidOperationException>(() => other.Register(elsewhere));
        await node.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.StartAsync());
        Assert.Throws<ServiceNotFoundException>(() => node.StartService("nothing"));
    }

    [Fact]
    public async Task What_cannot_be_published_changes_nothing()
    {
        await using var node = new DseNode("a");
        var service = new TestService();
        Assert.Throws<InvalidOperationException>(() => service.Say("t"));
        node.Register(service);
        Assert.Throws<InvalidOperationException>(() => service.Say("t"));
        await node.StartAsync();
        service.Say("t", new Row(1));
        Assert.Contains("1048576", Assert.Throws<ArgumentException>(() => service.Change("t", [new Row(2), new Row(new string('x', 2_000_000))], [new Row(1)])).Message, StringComparison.Ordinal);
        Assert.Contains("1024", Assert.Throws<ArgumentException>(() => service.Change("t", [new Row(new Value[1025])], [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => service.Change("t", [new Row(Value.UnknownNamed("x"))], []));
        Assert.Throws<ArgumentException>(() => service.Say("", new Row(1)));
        await using var table = new ReadTable(node, "test", "t");
        await table.HasAsync(new Row(1));
    }

    [Fact]
    public async Task A_handler_that_hangs_is_given_up_and_its_service_started_anew()
    {
        await using var node = new DseNode("a", null, new() { HangTime = TimeSpan.FromMilliseconds(200) });
        var service = new TestService();
        using var release = new ManualResetEventSlim();
        var late = new TaskCompletionSource<Exception?>();
        var block = new ServiceMethod<string, string>("block", TestJson.Default.String, TestJson.Default.String);
        service.Methods.Add(block, (text, _, _) =>
        {
            release.Wait(CancellationToken.None);   // neither awaits nor listens to its cancellation
            late.SetResult(Record.Exception(() => service.Say("t", new Row("late"))));
            return new(text);
        });
        node.Register(service);
        await node.StartAsync();
        Assert.Equal("x", await node.CallAsync("test", TestService.Echo, "x"));   // from here on a call begins at once
        await Assert.ThrowsAsync<MessagingTimeoutException>(() => node.CallAsync("test", block, "", new() { Timeout = TimeSpan.FromSeconds(1) }));
        await Eventually.TrueAsync(() => service.Starts == 2, "it is started again");
        Assert.Equal("x", await node.CallAsync("test", TestService.Echo, "x"));
        var status = Assert.Single(node.GetStatus().Services);
        Assert.Equal(1, status.Failures);
        Assert.Contains("deadline", status.LastFailure, StringComparison.Ordinal);
        release.Set();
        Assert.IsType<InvalidOperationException>(await late.Task);
    }

    [Fact]
    public async Task Too_many_calls_are_refused_as_overload()
    {
        await using var node = new DseNode("a", null, new() { MailboxLength = 4 });
        node.Register(new TestService());
        await node.StartAsync();
        var options = new CallOptions { Timeout = TimeSpan.FromMilliseconds(500) };
        var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await Record.ExceptionAsync(() => node.CallAsync("test", TestService.Hang, "", options))));
        Assert.Contains(failures, f => f is ServiceOverloadedException { RetryAfter.Ticks: > 0 });
        Assert.Contains(failures, f => f is MessagingTimeoutException);
        Assert.All(failures, f => Assert.True(f is ServiceOverloadedException or MessagingTimeoutException, f?.ToString()));
        Assert.Equal("x", await node.CallAsync("test", TestService.Echo, "x"));
    }

    [Fact]
    public async Task A_service_that_cannot_start_is_tried_again_with_growing_waits()
    {
        await using var node = new DseNode("a", null, new() { MinBackoff = TimeSpan.FromMilliseconds(10) });
        var service = new TestService { OnStart = (s, _) => s.Starts < 4 ? throw new InvalidOperationException($"attempt {s.Starts}") : default };
        node.Register(service);
        await node.StartAsync();
        await Eventually.TrueAsync(() => node.GetStatus().Services[0] is { State: ServiceState.Running, Starts: 4 }, "the fourth start succeeds");
        Assert.Equal((3, "InvalidOperationException: attempt 3"), (node.GetStatus().Services[0].Failures, node.GetStatus().Services[0].LastFailure));
    }

    [Fact]
    public async Task Another_service_of_the_same_name_begins_another_epoch()
    {
        await using var mesh = new BusMesh(MeshKind.InProc);
        var node = await mesh.StartAsync("a", new TestService { OnStart = (s, _) => { s.Say("t", new Row("old")); s.Say("t", new Row("older")); return default; } });
        await using var table = new ReadTable(await mesh.StartAsync("b"), "test", "t");
        await table.HasAsync(new Row("older"));
        await node.UnregisterAsync("test");
        node.Register(new TestService { OnStart = (s, _) => { s.Say("t", new Row("new")); return default; } });
        await table.HasAsync(new Row("new"));
    }

    [Fact]
    public async Task Stopped_and_started_in_one_breath_a_service_runs()
    {
        await using var node = new DseNode("a");
        var service = new TestService();
        node.Register(service);
        await node.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            var stopping = node.StopServiceAsync("test");
            node.StartService("test");
            await stopping;
        }

        await Eventually.TrueAsync(() => node.GetDirectory().Any(s => s.IsActive), "it is active");
        service.Say("t", new Row(1));
        Assert.Equal("x", await node.CallAsync("test", TestService.Echo, "x"));
    }

    [Fact]
    public async Task What_a_former_life_still_says_is_refused()
    {
        var late = new TaskCompletionSource();
        var refused = new TaskCompletionSource<Exception?>();
        var service = new TestService
        {
            OnStart = (s, token) =>
            {
                if (s.Starts > 1)
                {
                    s.Say("t", new Row("new"));
                    return default;
                }

                _ = SayLateAsync(s);
                throw new InvalidOperationException("the first start fails");
            },
        };
        async Task SayLateAsync(TestService s)
        {
            await late.Task;
            refused.SetResult(Record.Exception(() => s.Say("t", new Row("old"))));
        }

        await using var node = new DseNode("a", null, new() { MinBackoff = TimeSpan.FromMilliseconds(1) });
        node.Register(service);
        await node.StartAsync();
        await using var table = new ReadTable(node, "test", "t");
        await table.HasAsync(new Row("new"));
        late.SetResult();
        Assert.IsType<InvalidOperationException>(await refused.Task);
        Assert.Equal([new Row("new")], table.Rows);
    }

    [Fact]
    public async Task Cancelled_calls_and_handlers_that_end_meanwhile_hurt_nobody()
    {
        var service = new TestService();
        var brief = new ServiceMethod<int, int>("brief", TestJson.Default.Int32, TestJson.Default.Int32);
        service.Methods.Add(brief, async (n, _, token) =>
        {
            await using var told = token.Register(() => throw new InvalidOperationException("of the handler's own"));
            await Task.Delay(TimeSpan.FromMilliseconds(n % 3), TimeProvider.System, CancellationToken.None);
            return n;
        });
        await using var node = new DseNode("a");
        node.Register(service);
        await node.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(i % 3));
            _ = await Record.ExceptionAsync(() => node.CallAsync("test", brief, i, null, stop.Token));
        }

        Assert.Equal("x", await node.CallAsync("test", TestService.Echo, "x"));
        Assert.Equal((0, 0), (node.GetStatus().PendingCalls, node.GetStatus().RunningCalls));
    }

    [Fact]
    public async Task A_null_row_among_others_changes_nothing()
    {
        await using var node = new DseNode("a");
        var service = new TestService();
        node.Register(service);
        await node.StartAsync();
        service.Say("t", new Row(1));
        Assert.Throws<ArgumentNullException>(() => service.Change("t", [], [new Row(1), null!]));
        Assert.Throws<ArgumentNullException>(() => service.Change("t", [new Row(2), null!], []));
        await using var table = new ReadTable(node, "test", "t");
        await table.HasAsync(new Row(1));
    }

    [Fact]
    public async Task Nothing_starts_on_a_node_that_is_over()
    {
        var node = new DseNode("a");
        var service = new TestService();
        node.Register(service);
        await node.StartAsync();
        await node.DisposeAsync();
        node.StartService("test");
        Assert.Equal(ServiceState.Stopped, node.GetStatus().Services[0].State);
        await foreach (var _ in node.WatchPeers())
        {
        }
    }

    [Fact]
    public async Task Disposing_twice_or_in_the_middle_of_everything_ends()
    {
        await using var mesh = new BusMesh(MeshKind.InProc);
        var service = new TestService();
        var node = await mesh.StartAsync("a", service);
        var other = await mesh.StartAsync("b");
        await Eventually.TrueAsync(() => other.GetDirectory().Count == 1, "the service is known");
        service.Say("t");
        using var subscription = other.Subscribe(new("test", "t"));
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in subscription)
            {
            }
        });
        var publishing = Task.Run(() => Record.Exception(() =>
        {
            for (var i = 0; i < 1_000_000_000; i++)
            {
                service.Change("t", [new Row(i)], [new Row(i - 1)]);
            }
        }));
        var calls = Enumerable.Range(0, 20).Select(_ => Record.ExceptionAsync(() => other.CallAsync("test", TestService.Hang, ""))).ToArray();
        await Task.Delay(50, CancellationToken.None);
        await Task.WhenAll(node.DisposeAsync().AsTask(), node.DisposeAsync().AsTask(), other.DisposeAsync().AsTask()).WaitAsync(Eventually.Long);
        await node.DisposeAsync();
        Assert.IsType<InvalidOperationException>(await publishing);
        Assert.All(await Task.WhenAll(calls), c => Assert.IsAssignableFrom<BusException>(c));
        await reading.WaitAsync(Eventually.Long);
        Assert.Throws<ObjectDisposedException>(() => other.Subscribe(new("test", "t")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.CallAsync("test", TestService.Echo, ""));
        Assert.Throws<ObjectDisposedException>(() => other.Register(new TestService("late")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => node.StartAsync());
    }

    [Fact]
    public async Task A_subscriber_that_never_reads_costs_a_window_and_then_one_snapshot()
    {
        await using var mesh = new BusMesh(MeshKind.Strict);
        var service = new TestService();
        await mesh.StartAsync("a", service);
        var there = await mesh.StartAsync("b");
        service.Say("t");
        using var subscription = there.Subscribe(new("test", "t"));
        await using var events = subscription.GetAsyncEnumerator();
        await events.MoveNextAsync();
        for (var i = 0; i < 100_000; i++)
        {
            service.Change("t", [new Row(i)], [new Row(i - 1)]);
        }

        Assert.InRange(Assert.Single(there.GetStatus().Subscriptions).Waiting, 1, 16 * 1024);
        var (snapshots, replica) = (0, new TableReplica());
        while (!replica.Rows.SetEquals([new Row(99_999)]))
        {
            await events.MoveNextAsync();
            replica.Apply(events.Current);
            snapshots += events.Current is TableSnapshot ? 1 : 0;
        }

        Assert.Equal(1, snapshots);
    }
}
