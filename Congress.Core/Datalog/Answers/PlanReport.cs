using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Answers;

/// <summary>How the rules of an engine are evaluated, stratum by stratum.</summary>
/// <param name="Strata">The strata, in the order of evaluation.</param>
public sealed record PlanReport(IReadOnlyList<PlanStratum> Strata)
{
    /// <summary>The report as a text: each stratum, its rules, and under each rule its steps.</summary>
    public override string ToString() => PlanText.Of(this);
}

/// <summary>Tables that depend on each other, or one table; they are evaluated together.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="IsRecursive">Whether a table depends on itself; its rules then run in rounds until a round gives nothing new.</param>
/// <param name="Rows">The number of rows of all the tables, facts included; null when nothing was evaluated.</param>
/// <param name="Rules">The rules that derive the tables.</param>
public sealed record PlanStratum(IReadOnlyList<TableName> Tables, bool IsRecursive, long? Rows, IReadOnlyList<RulePlan> Rules);

/// <summary>The plan of a rule.</summary>
/// <param name="Policy">The policy that holds the rule.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Id">The name that its author gave it, or null.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Delta">The condition that reads only the rows of the last round, in a recursive rule; else null. A rule with
/// several recursive conditions has a plan for each.</param>
/// <param name="Steps">The steps, in order.</param>
public sealed record RulePlan(string Policy, string Rule, string? Id, SourceSpan Span, string? Delta, IReadOnlyList<RuleStep> Steps)
{
    /// <summary>The time of all steps; null when it was not measured.</summary>
    public TimeSpan? Elapsed => Steps.All(s => s.Elapsed is not null)
        ? Steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Elapsed!.Value) : null;
}

/// <summary>One step of a plan: it takes bindings of variables and gives those that pass, extended.</summary>
/// <param name="Verb">What it does, such as <c>scan</c>, <c>probe</c> or <c>filter</c>.</param>
/// <param name="Condition">The condition of the rule that it evaluates.</param>
/// <param name="Estimate">How many bindings the planner expected to come out, in one round.</param>
/// <param name="Bindings">How many came out, in all rounds; null when nothing was evaluated.</param>
/// <param name="Elapsed">How long that took; null when nothing was evaluated.</param>
public sealed record RuleStep(string Verb, string Condition, double Estimate, long? Bindings, TimeSpan? Elapsed);
