using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.BadInput;

/// <summary>Handlers that throw or block: nobody else is affected, and memory is bounded.</summary>
public sealed class FailingHandlerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_handler_that_throws_is_told_of_and_the_others_are_called()
    {
        using var engine = PolicyEngine.Create("q(x) :- p(x).");
        var (failures, told) = (new List<HandlerFailedEventArgs>(), 0);
        engine.HandlerFailed += (_, failure) => failures.Add(failure);
        using var bad = engine.OnChange("q", _ => throw new InvalidOperationException("no"));
        using var good = engine.OnChange("q", _ => told++);

        Assert.True(engine.Insert("p", 1));
        Assert.True(engine.Insert("p", 2));

        Assert.Equal(2, told);
        Assert.Equal(["policy:q", "policy:q"], failures.Select(f => f.Handler), StringComparer.Ordinal);
        Assert.Equal("the handler of policy:q threw InvalidOperationException: no", failures[0].Message);
        Assert.Equal("no", failures[0].Exception!.Message);
    }

    [Fact]
    public void A_handler_is_called_again_though_who_was_told_of_its_failure_threw_too()
    {
        using var engine = PolicyEngine.Create("q(x) :- p(x).");
        var told = 0;
        engine.HandlerFailed += (_, _) => throw new InvalidOperationException("this, too");
        using var bad = engine.OnChange("q", _ => throw new InvalidOperationException($"no {++told}"));

        Assert.Equal("this, too", Assert.Throws<InvalidOperationException>(() => engine.Insert("p", 1)).Message);
        Assert.Equal("this, too", Assert.Throws<InvalidOperationException>(() => engine.Insert("p", 2)).Message);

        Assert.Equal(2, told);
        Assert.Equal(2, engine.Query("q(x)").Count);
    }

    [Fact]
    public async Task While_a_handler_blocks_others_go_on_and_what_waits_is_merged_without_loss()
    {
        using var engine = PolicyEngine.Create("q(x) :- p(x).");
        using var release = new ManualResetEventSlim();
        var (rows, calls) = (new HashSet<Row>(), 0);
        using var handler = engine.OnChange("q", update =>
        {
            release.Wait();
            calls++;
            Assert.All(update.Deleted, row => Assert.True(rows.Remove(row), $"{row} goes and was not there"));
            Assert.All(update.Inserted, row => Assert.True(rows.Add(row), $"{row} comes and was there"));
        });
        var failures = new List<HandlerFailedEventArgs>();
        engine.HandlerFailed += (_, failure) => failures.Add(failure);
        var blocked = Task.Factory.StartNew(() => engine.Insert("p", -1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(() => engine.Query("q(-1)").Count == 1, Soon));

        await Task.Run(() => Toggle(engine, 100_000)).WaitAsync(Soon);
        Assert.False(blocked.IsCompleted);
        release.Set();
        Assert.True(await blocked.WaitAsync(Soon));

        Assert.Empty(failures);
        Assert.InRange(calls, 2, 1 + 1024);
        Assert.Equal(engine.Query("q(x)").Order(), rows.Order());
    }

    [Fact]
    public async Task While_a_handler_of_actions_blocks_the_oldest_calls_are_dropped_and_that_is_told_when_nothing_is_locked()
    {
        using var engine = PolicyEngine.Create("execute[act(x)] :- p(x).", new() { Actions = ActionMode.Enforce });
        using var release = new ManualResetEventSlim();
        var (calls, told, rows) = (new List<long>(), new List<string>(), 0);
        using var handler = engine.OnAction(null, call =>
        {
            release.Wait();
            calls.Add(call.Arguments[0].AsInteger());
        });
        engine.HandlerFailed += (_, failure) =>
        {
            told.Add(failure.Message);
            rows = engine.Query("p(x)").Count;
        };
        using var watch = engine.OnChange("p", _ => { });
        var blocked = Task.Factory.StartNew(() => engine.Insert("p", -1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(() => engine.Query("p(-1)").Count == 1, Soon));

        for (var i = 0; i < 3000; i++)
        {
            engine.Insert("p", i);
        }

        release.Set();
        await blocked.WaitAsync(Soon);
        engine.Insert("p", 3000);

        Assert.NotEmpty(told);
        Assert.All(told, t => Assert.EndsWith("calls were dropped, as the handler does not keep up", t, StringComparison.Ordinal));
        Assert.InRange(rows, 1000, 3002);
        Assert.Equal((-1L, 3000L), (calls[0], calls[^1]));
        Assert.Equal(calls.Distinct().Order(), calls);
    }

    [Theory]
    [InlineData("nowa:servers", DiagnosticCode.BadPolicy, "there is no policy nowa", "did you mean nova?")]
    [InlineData("nova:server", DiagnosticCode.UnknownTable, "nova has no table server", "did you mean servers?")]
    public async Task Who_listens_to_a_table_that_cannot_be_is_told_which_was_meant(string table, DiagnosticCode code, string message, string hint)
    {
        using var engine = new PolicyEngine();
        engine.CreateDatasource("nova", [new TableSchema("servers", "id", "status")]);
        await using var stream = engine.Watch(table).GetAsyncEnumerator();
        PolicyException[] errors =
        [
            Assert.Throws<PolicyException>(() => engine.OnChange(table, _ => { })), Assert.Throws<PolicyException>(() => engine.Maintain(table)),
            await Assert.ThrowsAsync<PolicyException>(() => stream.MoveNextAsync().AsTask()),
        ];
        Assert.All(errors, e => Assert.Equal((code, message, hint), (e.Diagnostics[0].Code, e.Diagnostics[0].Message, e.Diagnostics[0].Hint)));
        engine.Insert("nova:servers", 1, "up");
    }

    /// <summary>Inserts and deletes rows of a small table, one by one.</summary>
    internal static void Toggle(PolicyEngine engine, int times)
    {
        var random = new Random(times);
        for (var i = 0; i < times; i++)
        {
            var row = random.Next(50);
            if (!engine.Insert("p", row))
            {
                engine.Delete("p", row);
            }
        }
    }
}
