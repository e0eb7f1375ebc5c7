using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Tests.Datalog.Answers;

/// <summary>What may be prepared, and what becomes of it when rules change; that the answers are right, <c>PreparedQueriesTests</c> shows.</summary>
public sealed class PreparedQueryTests
{
    [Fact]
    public void A_variable_that_is_not_in_the_query_or_is_named_twice_is_refused()
    {
        using var engine = PolicyEngine.Create("p(1, 2).");
        var missing = Assert.Throws<ArgumentException>(() => engine.Prepare("p(x, y)", ["z"]));
        Assert.StartsWith("The query p(x, y) has no variable 'z', or it is given twice; it has x, y.", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => engine.Prepare("p(x, y)", ["x", "x"]));
    }

    [Fact]
    public void More_or_fewer_values_than_variables_are_refused()
    {
        using var engine = PolicyEngine.Create("p(1, 2).");
        var query = engine.Prepare("p(x, y)", ["x"]);
        var error = Assert.Throws<ArgumentException>(() => query.Ask());
        Assert.StartsWith("The query is asked with 0 values; it is given 1: x.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => query.Any(1, 2));
    }

    [Fact]
    public void A_wrong_query_is_refused_when_it_is_prepared()
    {
        using var engine = PolicyEngine.Create("p(1, 2).");
        Assert.Equal(DiagnosticCode.WrongArity, Assert.Single(Assert.Throws<PolicyException>(() => engine.Prepare("p(x)", ["x"])).Diagnostics).Code);
        Assert.Equal(DiagnosticCode.UnsafeLiteral, Assert.Single(Assert.Throws<PolicyException>(() => engine.Prepare("q(x) :- p(x, _), z < x", [])).Diagnostics).Code);
        Assert.Equal([1L], engine.Prepare("q(x) :- p(x, _), z < x", ["z"]).Ask<long>(0));
        Assert.Throws<PolicyException>(() => engine.Prepare("p(x, y", ["x"]));
        Assert.Throws<PolicyException>(() => engine.Prepare("p(x, y)", ["x"], "nowhere"));
    }

    [Fact]
    public void A_query_follows_the_rules()
    {
        using var engine = PolicyEngine.Create("p(x) :- q(x). q(1). q(2).");
        var query = engine.Prepare("p(x)", ["x"]);
        Assert.True(query.Any(1));
        using (engine.Maintain("p"))
        {
            Assert.True(query.Any(2));
            engine.DeleteRules("p(x) :- q(x).");
            engine.InsertRules("p(x) :- q(x), x > 1.");
            Assert.False(query.Any(1));
            Assert.Equal([new Row(2)], query.Ask(2));
            engine.Insert("q", 3);
            Assert.True(query.Any(3));
        }

        engine.Delete("q", 3);
        Assert.False(query.Any(3));
        engine.DeleteRules("p(x) :- q(x), x > 1.");
        engine.InsertRules("p(x, y) :- q(x), q(y).");
        Assert.Equal(DiagnosticCode.WrongArity, Assert.Single(Assert.Throws<PolicyException>(() => query.Any(1)).Diagnostics).Code);
    }

    [Fact]
    public void A_query_that_reads_the_clock_follows_it()
    {
        var time = new ManualTime();
        using var engine = PolicyEngine.Create("p(1).", new() { TimeProvider = time });
        var query = engine.Prepare("q(t) :- p(x), now(t)", ["x"]);
        var before = query.Ask<string>(1);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotEqual(before, query.Ask<string>(1));
    }

    [Fact]
    public void The_columns_that_are_asked_for_must_be_those_of_the_query()
    {
        using var engine = PolicyEngine.Create("""p("a", 2).""");
        var query = engine.Prepare("p(x, y)", ["x"]);
        Assert.Equal([("a", 2)], query.Ask<string, int>("a"));
        Assert.Throws<InvalidOperationException>(() => query.Ask<string>("a"));
        Assert.Throws<InvalidOperationException>(() => query.Ask<int, int>("a"));
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => query.Any("a"));
    }

    [Fact]
    public void An_evaluation_can_be_stopped()
    {
        using var engine = PolicyEngine.Create("p(1, 2). q(2, 3).");
        var join = engine.Prepare("r(x, z) :- p(x, y), q(y, z)", ["x"]);
        var stopped = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => join.Ask([1], stopped));
        Assert.Throws<OperationCanceledException>(() => join.Any([1], stopped));
        Assert.Equal([new Row(1, 3)], join.Ask([1], CancellationToken.None));
    }
}
