using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Explaining;

namespace Congress.Tests.Policies.Explaining;

/// <summary>Derivations and remedies: which one, of what, and how far they go.</summary>
public sealed class WhyTests
{
    [Fact]
    public void Of_several_rules_the_oldest_counts_and_of_several_values_the_least()
    {
        using var engine = Engine("q(x) :- b(x, y). q(x) :- a(x, y). a(1, 1). b(1, 9). b(1, 3).");
        Assert.Equal("policy:b(1, 3)", engine.Why("q(1)")!.Conditions[0].Rows[0].Atom);
    }

    [Fact]
    public void The_lowest_derivation_counts_before_the_oldest_rule()
    {
        using var engine = Engine("q(x) :- r(x). q(x) :- a(x). r(x) :- a(x). a(1).");
        Assert.Equal((1, "policy:a(1)"), (engine.Why("q(1)")!.Height, engine.Why("q(1)")!.Conditions[0].Rows[0].Atom));
    }

    [Fact]
    public void A_given_row_that_rules_derive_too_is_a_fact()
    {
        using var engine = Engine("q(x) :- a(x). a(1). q(1).");
        var row = engine.Why("q(1)")!;
        Assert.Null(row.Rule);
        Assert.Equal(new FactOrigin("policy", 1), row.Origin);
        engine.Delete("q", 1);
        Assert.NotNull(engine.Why("q(1)")!.Rule);
        engine.Insert("q", 1);
        Assert.Null(engine.Why("q(1)")!.Origin);   // this one stands in no text
    }

    [Fact]
    public void A_chain_of_ten_thousand_steps_is_explained_and_its_text_ends()
    {
        using var engine = Engine("path(x) :- start(x). path(y) :- path(x), edge(x, y). start(0).");
        engine.Apply(new PolicyBatch().InsertAll("edge", Enumerable.Range(0, 10_000).Select(i => new Row(i, i + 1)))).ThrowIfRefused();
        var derivation = engine.Why("path(10000)")!;
        Assert.Equal(10_001, derivation.Height);
        Assert.InRange(derivation.ToString().Split('\n').Length, 100, 510);
        var document = derivation.ToDocument();
        Assert.Equal((2000, true), (document.Rows.Count, document.More > 0));
    }

    [Fact]
    public void A_row_that_is_needed_twice_is_one_object_and_explained_once()
    {
        using var engine = Engine("d(x) :- b(x), c(x). b(x) :- a(x). c(x) :- a(x), b(x). a(1).");
        var row = engine.Why("d(1)")!;
        Assert.Same(row.Conditions[0].Rows[0], row.Conditions[1].Rows[0].Conditions[1].Rows[0]);
        Assert.Contains("policy:b(1)   // as above", row.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_of_many_rows_is_shown_in_part()
    {
        using var engine = Engine("n(count(x)) :- a(x).");
        engine.Apply(new PolicyBatch().InsertAll("a", Enumerable.Range(0, 250).Select(i => new Row(i)))).ThrowIfRefused();
        var condition = engine.Why("n(250)")!.Conditions[0];
        Assert.Equal((100, 150L), (condition.Rows.Count, condition.More));
        Assert.Null(engine.Why("n(249)"));
    }

    [Fact]
    public void The_rows_of_a_datasource_come_from_it_unless_the_host_knows_more()
    {
        using var engine = new PolicyEngine(new() { Origins = new Known() });
        engine.CreateDatasource("nova", [new("servers", "id")]);
        engine.Insert("nova:servers", "vm-1");
        engine.Insert("nova:servers", "vm-2");
        Assert.Equal("nova:servers(\"vm-1\")   // fact, cache:7", engine.Why("nova:servers(\"vm-1\")")!.ToString());
        Assert.Equal("nova:servers(\"vm-2\")   // fact, datasource nova", engine.Why("nova:servers(\"vm-2\")")!.ToString());
    }

    [Fact]
    public void A_rule_that_waits_or_is_set_aside_is_told_of()
    {
        using var engine = Engine("error(x) :- nova:servers(id=x).");
        Assert.Contains("it waits for nova", engine.WhyNot("error(1)")!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_of_a_rule_that_gives_something_else_is_told_of()
    {
        using var engine = Engine("q(\"a\", x) :- p(x). r(x, x) :- p(x). p(1).");
        Assert.Contains("its head gives \"a\" in column 1, not \"b\"", engine.WhyNot("q(\"b\", 1)")!.ToString(), StringComparison.Ordinal);
        Assert.Contains("its head gives 1 in column 2, not 2", engine.WhyNot("r(1, 2)")!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in_group", "in_group+(\"bob\", \"research\")")]
    [InlineData("member", "member+(\"vm-2\", \"research\")")]
    [InlineData("server", "")]
    [InlineData("port", "port-(\"vm-2\", \"net-a\")")]
    public void Remedies_change_what_may_be_changed(string table, string expected)
    {
        using var engine = Engine("error(vm) :- port(vm, net), network(net, g), not member(vm, g). member(vm, g) :- server(vm, u), in_group(u, g). port(\"vm-2\", \"net-a\"). network(\"net-a\", \"research\"). server(\"vm-2\", \"bob\").");
        Assert.Equal(expected, engine.Remedies("error(\"vm-2\")", new() { Changeable = [table] })!.ToString());
    }

    [Fact]
    public void Remedies_of_two_steps_need_both()
    {
        using var engine = Engine("error(x) :- a(x, y), b(x). error(x) :- c(x). a(1, 1). a(1, 2). b(1). c(1).");
        Assert.Equal("b-(1) c-(1)", engine.Remedies("error(1)", new() { Changeable = ["a", "b", "c"] })!.ToString());
        Assert.Equal("", engine.Remedies("error(1)", new() { Changeable = ["a", "b", "c"], MaxSteps = 1 })!.ToString());
        Assert.Null(engine.Remedies("error(2)", new() { Changeable = ["a"] }));
    }

    [Fact]
    public void What_does_not_fit_the_schema_is_no_remedy_and_a_table_that_nobody_knows_is_an_error()
    {
        using var engine = Engine("declare ok(vm: int). error(vm) :- port(vm), not ok(vm). port(\"vm-1\").");
        Assert.Equal("", engine.Remedies("error(\"vm-1\")", new() { Changeable = ["ok"] })!.ToString());
        var wrong = Assert.Throws<PolicyException>(() => engine.Remedies("error(\"vm-1\")", new() { Changeable = ["prot"] }));
        Assert.Equal("CGS0101: there is no table policy:prot; did you mean port?", wrong.Message);
    }

    [Fact]
    public void When_the_time_is_over_that_is_said()
    {
        using var engine = Engine("error(x) :- a(x). a(1).");
        var remedies = engine.Remedies("error(1)", new() { Changeable = ["a"], Budget = TimeSpan.Zero })!;
        Assert.False(remedies.IsComplete);
        Assert.EndsWith("... the time was over before all were tried", remedies.ToString(), StringComparison.Ordinal);
    }

    private static PolicyEngine Engine(string policy) => PolicyEngine.Create(policy, new() { DefaultKind = PolicyKind.Recursive });

    private sealed class Known : IFactOrigins
    {
        public IReadOnlyDictionary<Row, FactOrigin> Find(TableName table, IReadOnlySet<Row> rows, CancellationToken cancellationToken) =>
            rows.Where(r => r[0].AsText() == "vm-1").ToDictionary(r => r, _ => new FactOrigin("cache", 7));
    }
}
