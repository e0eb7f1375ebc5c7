using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Tests.Policies;

/// <summary>What is permitted and probably not meant: what is found, and what is left in peace.</summary>
public sealed class LintTests
{
    [Theory]
    [InlineData("error(x) :- p(x), false.", "one of its conditions is false")]
    [InlineData("error(x) :- p(x), 1 > 2.", "1 > 2 is false")]
    [InlineData("error(x) :- p(x), x != x.", "x != x is false")]
    [InlineData("error(x) :- p(x), not p(x).", "not p(x) excludes the same condition without not")]
    [InlineData("error(x) :- q(x, 1), not q(x, _).", "not q(x, _) excludes the same condition without not")]
    [InlineData("error(x) :- p(x), x > 5, x < 3.", "x > 5 excludes x < 3")]
    [InlineData("error(x) :- p(x), x >= 5, 5 > x.", "x >= 5 excludes 5 > x")]
    [InlineData("error(x) :- p(x), x = 1, x > 1.", "x = 1 excludes x > 1")]
    public void Conditions_that_exclude_each_other_are_found(string rule, string why) =>
        Assert.StartsWith($"the rule can never be true: {why}", Assert.Single(Findings(rule, DiagnosticCode.NeverTrue)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("error(x) :- p(x), x > 3, x < 5.")]
    [InlineData("error(x) :- p(x), x >= 5, x <= 5.")]
    [InlineData("error(x) :- p(x), not q(x, 1).")]
    [InlineData("error(x) :- q(x, _), not q(x, 1).")]
    [InlineData("error(x) :- q(x, y), not q(y, x).")]
    [InlineData("error(x) :- p(x), x != 1, x != 2.")]
    [InlineData("error(x) :- p(x), x < 5, x < 3.")]
    public void Conditions_that_can_hold_together_are_left_in_peace(string rule) => Assert.Empty(Findings(rule, DiagnosticCode.NeverTrue));

    [Theory]
    [InlineData("error(x, y) :- p(x), r(y).", "no condition joins r(y) with p(x): the rule holds for every pair of their rows")]
    [InlineData("error(x, y) :- p(x), r(y), x > 1.", "no condition joins r(y) with p(x): the rule holds for every pair of their rows")]
    public void Tables_that_nothing_joins_are_found(string rule, string message) => Assert.Equal(message, Assert.Single(Findings(rule, DiagnosticCode.CrossProduct)).Message);

    [Theory]
    [InlineData("error(x, y) :- p(x), r(y), x < y.")]
    [InlineData("error(x, y) :- p(x), r(y), not q(x, y).")]
    [InlineData("error(x, y) :- p(x), r(y), plus(x, 1, y).")]
    [InlineData("error(x) :- p(x), r(1).")]
    public void Tables_that_something_joins_are_left_in_peace(string rule) => Assert.Empty(Findings(rule, DiagnosticCode.CrossProduct));

    [Fact]
    public void A_variable_that_is_used_once_is_found_and_what_it_was_to_be()
    {
        var found = Assert.Single(Findings("error(vm) :- q(vm, net), r(nte).", DiagnosticCode.SingleUse), f => f.Message.Contains("nte", StringComparison.Ordinal));
        Assert.Equal(("variable 'nte' is used once", "did you mean 'net'? If any value will do, write _"), (found.Message, found.Hint));
        Assert.Empty(Findings("n(x, count(y)) :- q(x, y). @message(\"{net}\") error(vm) :- q(vm, net). ok(vm) :- q(vm, _net).", DiagnosticCode.SingleUse));
    }

    [Fact]
    public void Rules_that_say_the_same_are_found()
    {
        var found = Assert.Single(Findings("a(x) :- q(x, y), p(y). b(x) :- q(x, y), p(y).\na(u) :- p(v), q(u, v).", DiagnosticCode.DuplicateRule));
        Assert.Equal(("the rule says the same as the one at 1:1", 2), (found.Message, found.Span.Line));
        Assert.Empty(Findings("a(x) :- q(x, 1). a(\"v0\") :- q(\"v0\", 1).", DiagnosticCode.DuplicateRule));
        Assert.Empty(Findings("a(x) :- q(x, y). a(y) :- q(x, y). a(x) :- q(x, x). n(count(x)) :- q(x, y). n(count(y)) :- q(x, y).", DiagnosticCode.DuplicateRule));
    }

    [Fact]
    public void A_table_that_nothing_reads_is_found_once_though_many_rules_fill_it()
    {
        Assert.Equal(["nothing reads table old"], Findings("error(x) :- p(x). old(x) :- p(x). old(x) :- r(x). execute[nova:stop(x)] :- error(x).", DiagnosticCode.UnusedTable).Select(f => f.Message));
        Assert.Equal(["nothing reads table q"], Findings("error(x) :- p(x), r(x). q(1, 2).", DiagnosticCode.UnusedTable).Select(f => f.Message));
    }

    [Fact]
    public void A_table_with_the_name_of_one_that_is_read_is_found()
    {
        using var engine = PolicyEngine.Create("servers(x) :- nova:servers(x). error(x) :- servers(x).");
        engine.CreateDatasource("nova", [new("servers", "id")]);
        Assert.Equal("table servers has the name of nova:servers, which the policy reads too", Assert.Single(engine.Lint(), f => f.Code == DiagnosticCode.ShadowedName).Message);
    }

    [Fact]
    public void A_violation_without_severity_is_found()
    {
        Assert.Single(Findings("error(x) :- p(x). @severity(warning) error(x) :- r(x).", DiagnosticCode.MissingSeverity));
        Assert.Empty(Findings("@severity(info) warning(x) :- p(x).", DiagnosticCode.MissingSeverity));
    }

    private static IEnumerable<Diagnostic> Findings(string rules, DiagnosticCode code)
    {
        using var engine = PolicyEngine.Create(rules + " p(1). r(1). used(x) :- p(x), r(x).", new() { DefaultKind = PolicyKind.Recursive });
        return [.. engine.Lint().Where(f => f.Code == code && f.Message != "nothing reads table used")];
    }
}
