using System.Diagnostics;
using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Policies;

namespace Congress.Tests.BadInput;

/// <summary>Streams whose readers do not read, go away, or outlive the engine; and batches that are far too large to be refused so late.</summary>
[Collection(nameof(Alone))]
public sealed class SlowWatcherTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_watcher_that_does_not_read_costs_little_and_gets_a_new_snapshot()
    {
        using var engine = PolicyEngine.Create("q(x) :- p(x).");
        await using var stream = engine.Watch("q").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        FailingHandlerTests.Toggle(engine, 200_000);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 << 20);
        Assert.True(await stream.MoveNextAsync().AsTask().WaitAsync(Soon));
        Assert.True(stream.Current.IsSnapshot);
        Assert.Equal(engine.Version, stream.Current.Version);
        Assert.Equal(engine.Query("q(x)").Order(), stream.Current.Inserted);
        engine.Insert("p", 1000);
        Assert.True(await stream.MoveNextAsync().AsTask().WaitAsync(Soon));
        Assert.Equal((false, "+ policy:q(1000)"), (stream.Current.IsSnapshot, stream.Current.ToString()));
    }

    [Fact]
    public async Task A_watch_that_is_cancelled_ends_at_once_and_its_table_is_no_longer_kept()
    {
        var calls = 0;
        var counted = Builtin.Test("counted", 1, _ => ++calls > 0);
        using var engine = PolicyEngine.Create("q(x) :- p(x), counted(x).", new() { Builtins = BuiltinRegistry.Standard.With(counted) });
        using var stop = new CancellationTokenSource();
        var stream = engine.Watch("q", stop.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await stream.MoveNextAsync());
        engine.Insert("p", 1);
        Assert.Equal(1, calls);
        Assert.True(await stream.MoveNextAsync());
        var next = stream.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Soon));
        await stream.DisposeAsync();
        engine.Insert("p", 2);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Streams_end_with_the_engine()
    {
        var engine = PolicyEngine.Create("q(x) :- p(x). error(x) :- p(x). execute[act(x)] :- p(x).");
        await using var tables = engine.Watch("q").GetAsyncEnumerator();
        await using var violations = engine.WatchViolations().GetAsyncEnumerator();
        await using var actions = engine.WatchActions().GetAsyncEnumerator();
        Assert.True(await tables.MoveNextAsync() && await violations.MoveNextAsync() && await actions.MoveNextAsync());
        Task<bool>[] next = [tables.MoveNextAsync().AsTask(), violations.MoveNextAsync().AsTask(), actions.MoveNextAsync().AsTask()];

        engine.Dispose();

        Assert.DoesNotContain(true, await Task.WhenAll(next).WaitAsync(Soon));
        await using var late = engine.Watch("q").GetAsyncEnumerator();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late.MoveNextAsync().AsTask());
        Assert.Throws<ObjectDisposedException>(() => engine.OnChange("q", _ => { }));
    }

    [Fact]
    public void A_batch_of_a_million_changes_that_is_wrong_at_its_last_is_refused_and_changes_nothing()
    {
        using var engine = PolicyEngine.Create("q(x, y) :- p(x, y). error(x) :- p(x, x), x < 0.");
        engine.Insert("p", 1, 2);
        using var kept = engine.Maintain("q");
        var version = engine.Version;
        var batch = new PolicyBatch().InsertAll("p", Enumerable.Range(0, 1_000_000).Select(i => new Row(i, $"text {i}"))).Insert("p", 1);
        var clock = Stopwatch.StartNew();

        var result = engine.Apply(batch);

        Assert.True(clock.Elapsed < Soon, $"it took {clock.Elapsed}");
        Assert.False(result.Permitted);
        Assert.Contains("p", Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
        Assert.Equal((version, "p(1, 2)", "q(1, 2)"), (engine.Version, engine.Query("p(x, y)").ToString(), engine.Query("q(x, y)").ToString()));
    }
}
