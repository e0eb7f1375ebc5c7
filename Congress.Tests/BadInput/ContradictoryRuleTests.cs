using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.BadInput;

/// <summary>Rules that are wrong together: all that is wrong is reported, with its place, and nothing is changed.</summary>
public sealed class ContradictoryRuleTests
{
    [Fact]
    public void Everything_wrong_in_one_batch_is_reported_and_nothing_of_it_stays()
    {
        using var engine = PolicyEngine.Create("kept(1).");
        var result = engine.Apply(new PolicyBatch().Insert("kept", 2).InsertRules("""
            good(x) :- kept(x).
            bad(x, y) :- kept(x).
            worse(x) :- kept(x), not other(z).
            kept(1, 2).
            fact(x).
            lt(x, y) :- kept(x), kept(y).
            """));
        Assert.False(result.Permitted);
        Assert.Equal(
            [(DiagnosticCode.UnboundHeadVariable, 2), (DiagnosticCode.UnsafeLiteral, 3), (DiagnosticCode.WrongArity, 4), (DiagnosticCode.FactNotGround, 5), (DiagnosticCode.BuiltinName, 6)],
            result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => (d.Code, d.Span.Line)));
        Assert.Empty(engine.Rules);
        Assert.Equal(["kept(1)"], engine.Query("kept(x)").Instances);
    }

    [Fact]
    public void A_cycle_is_named_rule_by_rule()
    {
        using var engine = PolicyEngine.Create("a(x) :- b(x).");
        var error = Assert.Throws<PolicyException>(() => engine.InsertRules("b(x) :- c(x).\nc(x) :- d(x), not a(x).", source: "more.dl"));
        var message = Assert.Single(error.Diagnostics, d => d.Severity == DiagnosticSeverity.Error).Message;
        Assert.Contains("policy:a uses policy:b (1:1)", message, StringComparison.Ordinal);
        Assert.Contains("policy:b uses policy:c (more.dl:1:1)", message, StringComparison.Ordinal);
        Assert.Contains("policy:c uses policy:a (more.dl:2:1)", message, StringComparison.Ordinal);
        Assert.Single(engine.Rules);
    }

    [Fact]
    public void A_table_never_has_two_widths_within_a_batch_either()
    {
        using var engine = new PolicyEngine();
        var result = engine.Apply(new PolicyBatch().InsertRules("p(x) :- q(x), r(x, x).\nq(1, 2, 3).\nr(1)."));
        Assert.False(result.Permitted);
        Assert.Contains(result.Diagnostics, d => d.Code == DiagnosticCode.WrongArity);
    }

    [Fact]
    public void A_thousand_columns_work_and_more_than_the_limit_are_refused()
    {
        using var engine = new PolicyEngine();
        string Columns(int count) => string.Join(", ", Enumerable.Range(0, count));
        engine.InsertRules($"wide({Columns(1000)}).");
        Assert.Equal(1000, Assert.Single(engine.Query($"wide({string.Join(", ", Enumerable.Repeat("_", 1000))})")).Count);
        Assert.False(engine.Apply(new PolicyBatch().InsertRules($"wider({Columns(1025)}).")).Permitted);
        Assert.False(engine.Apply(new PolicyBatch().InsertRules($"head({string.Join(", ", Enumerable.Repeat("x", 1025))}) :- one(x).")).Permitted);
        Assert.False(engine.Apply(new PolicyBatch().InsertRules($"p(x) :- one(x), body({string.Join(", ", Enumerable.Repeat("x", 1025))}).")).Permitted);
    }

    [Theory]
    [InlineData("p(1)")]
    [InlineData("p q")]
    [InlineData("")]
    [InlineData("\"p\"")]
    public void A_row_wants_the_name_of_a_table(string table)
    {
        using var engine = new PolicyEngine();
        Assert.ThrowsAny<Exception>(() => engine.Insert(table, 1));
        Assert.Empty(engine.DerivedTables);
    }
}
