using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.Concurrency;

/// <summary>Handlers may use the engine that calls them; builtins may not.</summary>
public sealed class CallingBackTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_handler_changes_the_engine_and_others_are_told_of_it()
    {
        using var engine = PolicyEngine.Create("q(x) :- p(x). r(x) :- log(x).");
        var told = new List<string>();
        using var first = engine.OnChange("q", u => engine.Apply(new PolicyBatch().InsertAll("log", u.Inserted)).ThrowIfRefused());
        using var second = engine.OnChange("r", u => told.Add(u.ToString()));

        await Task.Run(() => engine.Insert("p", 1)).WaitAsync(Soon);

        Assert.Equal(["+ policy:r(1)"], told);
    }

    [Fact]
    public async Task A_handler_that_changes_its_own_table_is_called_again_after_it_returns()
    {
        using var engine = PolicyEngine.Create("q(x) :- p(x).");
        var (told, depth) = (new List<string>(), 0);
        using var handler = engine.OnChange("q", update =>
        {
            Assert.Equal(1, ++depth);
            told.Add(update.ToString());
            var x = update.Inserted[0][0].AsInteger();
            if (x < 5)
            {
                engine.Insert("p", x + 1);
            }

            depth--;
        });

        await Task.Run(() => engine.Insert("p", 1)).WaitAsync(Soon);

        Assert.Equal(["+ policy:q(1)", "+ policy:q(2)", "+ policy:q(3)", "+ policy:q(4)", "+ policy:q(5)"], told);
    }

    [Fact]
    public async Task A_handler_sees_the_version_that_it_is_told_of()
    {
        using var engine = PolicyEngine.Create("q(x) :- p(x).");
        var seen = new List<(long, int)>();
        using var handler = engine.OnChange("q", u => seen.Add((engine.Version - u.Version, engine.Query("q(x)").Count)));

        await Task.Run(() => engine.Insert("p", 1)).WaitAsync(Soon);

        Assert.Equal([(0L, 1)], seen);
    }

    [Fact]
    public async Task A_handler_of_an_action_simulates_and_ends_itself()
    {
        using var engine = PolicyEngine.Create("execute[stop(x)] :- bad(x). error(x) :- bad(x).", new() { Actions = ActionMode.Enforce });
        var cleared = new List<string>();
        IDisposable? handler = null;
        handler = engine.OnAction(null, call =>
        {
            cleared.AddRange(engine.Simulate().Delete("bad", call.Arguments[0]).Run().Cleared.Select(v => v.Row.ToString()));
            handler!.Dispose();
        });

        await Task.Run(() => engine.Insert("bad", "vm-1")).WaitAsync(Soon);
        await Task.Run(() => engine.Insert("bad", "vm-2")).WaitAsync(Soon);

        Assert.Equal(["(\"vm-1\")"], cleared);
    }

    [Fact]
    public async Task A_builtin_that_calls_back_fails_with_a_diagnostic_that_tells_so()
    {
        PolicyEngine? engine = null;
        Action<PolicyEngine> call = _ => { };
        var callback = Builtin.Test("callback", 1, _ =>
        {
            call(engine!);
            return true;
        });
        engine = PolicyEngine.Create("q(x) :- p(x), callback(x). error(x) :- bad(x), callback(x). p(1).", new() { Builtins = BuiltinRegistry.Standard.With(callback) });
        using var _ = engine;
        Action<PolicyEngine>[] calls =
        [
            e => e.Query("p(x)"), e => e.Insert("p", 2), e => e.GetViolations(), e => e.Simulate().Insert("p", 3).Run(), e => e.Maintain("q"), e => e.Read("p"),
        ];
        foreach (var back in calls)
        {
            call = back;
            foreach (var ask in new Action[] { () => engine.Query("q(x)"), () => engine.Insert("bad", 1), () => engine.Preview(new PolicyBatch().Insert("bad", 1)) })
            {
                var error = await Assert.ThrowsAsync<PolicyException>(() => Task.Run(ask).WaitAsync(Soon));
                var found = Assert.Single(error.Diagnostics);
                Assert.Equal(DiagnosticCode.BuiltinFailed, found.Code);
                Assert.Contains("callback failed on (1)", found.Message, StringComparison.Ordinal);
                Assert.Contains("called back into the engine", found.Message, StringComparison.Ordinal);
                Assert.IsType<InvalidOperationException>(error.InnerException);
            }
        }

        call = e => { };
        engine.Insert("bad", 1);
        Assert.Equal(["q(1)"], engine.Query("q(x)").Instances);
        Assert.Single(engine.Violations);
    }
}
