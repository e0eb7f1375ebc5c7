using Congress.Data;
using Congress.Datalog.Answers;
using Congress.Policies;

namespace Congress.Tests.Datalog.Answers;

public sealed class TableGraphTests
{
    [Fact]
    public void Tables_have_the_role_that_rules_give_them()
    {
        var graph = GraphOf("""
            declare nova:servers(id).
            busy(x) :- nova:servers(x).
            error(x) :- busy(x).
            execute[nova:pause(x)] :- error(x).
            """);

        Assert.Equal(
            [("nova:servers", TableRole.Source), ("policy:busy", TableRole.Derived), ("policy:error", TableRole.Violation), ("policy:execute[nova:pause]", TableRole.Action)],
            graph.Tables.Select(t => (t.Table.ToString(), t.Role)));
    }

    [Fact]
    public void An_edge_tells_negation_and_aggregates()
    {
        var graph = GraphOf("n(count(x), max(y)) :- p(x, y), not q(x), lt(x, 3).");

        Assert.Equal(
            [new TableEdge(new("policy", "p"), new("policy", "n"), false, "count, max"), new TableEdge(new("policy", "q"), new("policy", "n"), true, "count, max")],
            graph.Edges);
    }

    [Fact]
    public void Tables_that_depend_on_each_other_share_a_number()
    {
        var graph = GraphOf("a(x) :- b(x). b(x) :- a(x). b(x) :- s(x). c(x) :- c(x), a(x). d(x) :- c(x).");

        Assert.Equal([("a", 0), ("b", 0), ("c", 1), ("d", (int?)null), ("s", null)], graph.Tables.Select(t => (t.Table.Table, t.Recursion)));
    }

    [Fact]
    public void A_rule_that_waits_for_a_datasource_is_drawn_too()
    {
        var graph = GraphOf("error(x) :- nova:servers(id=x), not ok(x), lt(x, 3).");

        Assert.Equal([new("nova", "servers"), new("policy", "error"), new("policy", "ok")], graph.Tables.Select(t => t.Table));
        Assert.Equal([false, true], graph.Edges.Select(e => e.IsNegated));
    }

    private static TableGraph GraphOf(string policy)
    {
        using var engine = PolicyEngine.Create(policy, new() { DefaultKind = PolicyKind.Recursive });
        return engine.Dependencies;
    }
}
