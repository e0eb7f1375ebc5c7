using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.WhatIf;

namespace Congress.Tests.BadInput;

/// <summary>What-ifs that fail half way: the error names what is wrong and where, and nothing has changed.</summary>
public sealed class WhatIfErrorTests
{
    private const string Policy = """
        connected(1, 2).  connected(1, 3).
        error(x, y) :- connected(x, y), y > 2.
        product(x, y, z) :- n(x), n(y), n(z).
        """;

    private const string Actions = """
        action("disconnect").  action("reconnect").
        connected-(x, y) :- disconnect(x, y).
        """;

    public static TheoryData<WrongStep> Wrong =>
    [
        new("an action that there is not", s => s.Do("disconect(1, 3)"), DiagnosticCode.BadSimulation,
            "disconect is neither a change nor an action of actions", "did you mean disconnect?"),
        new("an action with a variable", s => s.Do("disconnect(1, x)"), DiagnosticCode.BadSimulation,
            "disconnect(1, x) has a variable", "give all arguments values, or a condition that binds them"),
        new("an action policy that there is not", s => s.Do("disconnect(1, 3)", "action"), DiagnosticCode.BadSimulation,
            "there is no policy action", "did you mean actions?"),
        new("a policy that there is not", s => s.Do("disconnect(1, 3)", policy: "polcy"), DiagnosticCode.BadSimulation, "there is no policy polcy", null),
        new("a row for a policy that there is not", s => s.Insert("polcy:p", 1), DiagnosticCode.BadPolicy, "there is no policy polcy", "did you mean policy?"),
        new("a row of the wrong width", s => s.Insert("connected", 1, 2, 3), DiagnosticCode.WrongArity, "connected", null),
        new("a rule that is unsafe", s => s.AddRule("p(x) :- not connected(x, 1)"), DiagnosticCode.UnsafeLiteral,
            "'x' in not connected(x, 1) is not bound by a positive literal", null),
        new("a text that is no rule", s => s.AddRule("p(x :- q(x)"), DiagnosticCode.UnexpectedToken, "", null),
        new("a budget", s => s.Apply(new PolicyBatch().InsertAll("n", Enumerable.Range(0, 100).Select(i => new Row(i))).InsertRules("warning(x) :- product(x, _, _)")),
            DiagnosticCode.BudgetExceeded, "product(x, y, z) :- n(x), n(y), n(z)", "bound the rule, or raise the limit in EvaluationLimits"),
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_what_if_that_fails_names_what_is_wrong_and_changes_nothing(WrongStep wrong)
    {
        using var engine = new PolicyEngine(new() { Limits = new() { MaxRows = 10_000 } });
        engine.Apply(new PolicyBatch().CreatePolicy("actions", PolicyKind.Action).InsertRules(Policy).InsertRules(Actions, "actions")).ThrowIfRefused();
        using var kept = engine.Maintain("connected", "product");
        var before = (engine.Version, State(engine));

        var error = Assert.Throws<PolicyException>(() => wrong.Make(engine.Simulate().Insert("connected", 5, 6).Delete("connected", 1, 3)).Run("connected(x, y)"));

        var found = error.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal(wrong.Code, found.Code);
        Assert.Contains(wrong.Message, found.Message, StringComparison.Ordinal);
        Assert.Equal(wrong.Hint ?? found.Hint, found.Hint);
        Assert.Equal(before, (engine.Version, State(engine)));
        Assert.Equal(["connected(1, 2)"], engine.Simulate().Do("disconnect(1, 3)").Run("connected(x, y)").Answers);
    }

    [Fact]
    public void A_step_that_is_wrong_is_named_with_its_place()
    {
        using var engine = new PolicyEngine();
        engine.Apply(new PolicyBatch().CreatePolicy("actions", PolicyKind.Action).InsertRules(Actions, "actions")).ThrowIfRefused();

        var error = Assert.Throws<PolicyException>(() => engine.Simulate().Sequence("p+(1)\nq-(2)\nreconect(3)").Run());

        Assert.Equal(("simulation", 3, 1), (error.Diagnostics[0].Span.Source, error.Diagnostics[0].Span.Line, error.Diagnostics[0].Span.Column));
    }

    private static string State(PolicyEngine engine) => string.Join("\n", engine.Query("connected(x, y)").Instances.Order(StringComparer.Ordinal)
        .Concat(engine.Violations.Select(v => v.ToString())).Concat(engine.Rules.Select(r => r.ToString()!)).Concat(engine.Policies.Select(p => p.ToString()!)));

    /// <summary>A step that cannot be made, and what must be said about it.</summary>
    public sealed record WrongStep(string Name, Func<Congress.Policies.WhatIf.Simulation, Congress.Policies.WhatIf.Simulation> Make, DiagnosticCode Code, string Message, string? Hint)
    {
        public override string ToString() => Name;
    }
}
