using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.BadInput;

/// <summary>Evaluations that would not end, or fail in the middle: a clear error, and the engine goes on as before.</summary>
public sealed class RunawayEvaluationTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);   // five times what it should take

    [Fact]
    public void Recursion_that_makes_values_stops_at_its_budget_and_names_the_rule()
    {
        using var engine = PolicyEngine.Create("n(0). n(y) :- n(x), plus(x, 1, y).",
            new() { DefaultKind = PolicyKind.Recursive, Limits = new() { MaxMadeRows = 10_000 } });
        var error = Assert.Throws<PolicyException>(() => engine.Query("n(x)"));
        var found = Assert.Single(error.Diagnostics);
        Assert.Equal(DiagnosticCode.BudgetExceeded, found.Code);
        Assert.Contains("n(y) :- n(x), plus(x, 1, y)", found.Message, StringComparison.Ordinal);
        engine.DeleteRules("n(y) :- n(x), plus(x, 1, y)");
        Assert.Equal(["n(0)"], engine.Query("n(x)").Instances);
    }

    [Fact]
    public void Texts_do_not_grow_without_end()
    {
        using var engine = PolicyEngine.Create("""t("ab"). t(y) :- t(x), concat(x, x, y).""",
            new() { DefaultKind = PolicyKind.Recursive, Limits = new() { MaxTextLength = 100_000 } });
        Assert.Equal(DiagnosticCode.BudgetExceeded, Assert.Single(Assert.Throws<PolicyException>(() => engine.Query("t(x)")).Diagnostics).Code);
    }

    [Fact]
    public void A_product_that_is_too_large_stops_at_the_row_budget()
    {
        using var engine = PolicyEngine.Create("p(x, y, z) :- q(x), q(y), q(z).", new() { Limits = new() { MaxRows = 100_000 } });
        engine.Apply(new PolicyBatch().InsertAll("q", Enumerable.Range(0, 100).Select(i => new Row(i)))).ThrowIfRefused();
        Assert.Equal(DiagnosticCode.BudgetExceeded, Assert.Single(Assert.Throws<PolicyException>(() => engine.Query("p(x, y, z)")).Diagnostics).Code);
        Assert.Equal(100, engine.Query("p(1, 2, x)").Count);   // only what is asked for is derived
        Assert.Equal(100, engine.Query("q(x)").Count);
    }

    [Fact]
    public void A_change_that_makes_a_kept_table_too_large_is_refused_and_changes_nothing()
    {
        using var engine = PolicyEngine.Create("error(x, y, z) :- q(x), q(y), q(z).", new() { Limits = new() { MaxRows = 100_000 } });
        var batch = new PolicyBatch().InsertAll("q", Enumerable.Range(0, 100).Select(i => new Row(i)));
        Assert.Equal(DiagnosticCode.BudgetExceeded, Assert.Single(Assert.Throws<PolicyException>(() => engine.Apply(batch)).Diagnostics).Code);
        Assert.Empty(engine.Query("q(x)"));
        engine.Insert("q", 1);
        Assert.Single(engine.Violations);
    }

    [Fact]
    public void A_builtin_of_the_user_that_throws_is_named_with_its_rule_and_its_arguments()
    {
        var broken = Builtin.Function("broken", 1, inputs => inputs[0].AsInteger() == 2 ? throw new InvalidOperationException("two") : inputs[0]);
        using var engine = PolicyEngine.Create("p(y) :- q(x), broken(x, y). q(1). q(2). r(x) :- q(x).", new() { Builtins = BuiltinRegistry.Standard.With(broken) });
        var found = Assert.Single(Assert.Throws<PolicyException>(() => engine.Query("p(x)")).Diagnostics);
        Assert.Equal(DiagnosticCode.BuiltinFailed, found.Code);
        Assert.Contains("broken failed on (2)", found.Message, StringComparison.Ordinal);
        Assert.Contains("two", found.Message, StringComparison.Ordinal);
        Assert.Equal(2, engine.Query("r(x)").Count);
        engine.Delete("q", 2);
        Assert.Equal(["p(1)"], engine.Query("p(x)").Instances);
    }

    [Fact]
    public async Task A_long_evaluation_is_cancelled_in_the_middle_and_leaves_the_engine_as_it_was()
    {
        using var engine = PolicyEngine.Create("p(x, y, z) :- q(x), q(y), q(z), q(w), w > 5000. r(x) :- q(x).");
        engine.Apply(new PolicyBatch().InsertAll("q", Enumerable.Range(0, 3_000).Select(i => new Row(i)))).ThrowIfRefused();
        using var stop = new CancellationTokenSource();
        var query = Task.Run(() => engine.Query("p(x, y, z)", cancellationToken: stop.Token));
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        Assert.False(query.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(Soon));
        Assert.Equal(3_000, engine.Query("r(x)").Count);
        engine.Apply(new PolicyBatch().InsertAll("q", [new Row(6_000)])).ThrowIfRefused();
    }

    [Fact]
    public void A_reader_that_fails_in_the_middle_leaves_no_row()
    {
        using var engine = PolicyEngine.Create("declare t(n:int).");
        using var rows = new Rows([new Row(1), new Row(2), new Row("three"), new Row(4)]);
        Assert.Throws<PolicyException>(() => engine.Load("t", rows));
        Assert.Empty(engine.Query("t(x)"));
    }

    private sealed class Rows(IReadOnlyList<Row> rows) : RowReader
    {
        private int _next;

        public override int Width => rows[0].Count;

        public override ReadOnlySpan<Value> Current => rows[_next - 1].AsSpan();

        public override bool Read() => _next++ < rows.Count;
    }
}
