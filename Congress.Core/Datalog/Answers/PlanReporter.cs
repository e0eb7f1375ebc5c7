using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Planning;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Answers;

/// <summary>Collects plans, with what was measured of them, into a report.</summary>
internal sealed class PlanReporter(Engine engine)
{
    private readonly List<(Component Component, Plan Plan, Pipeline? Pipeline)> _plans = [];

    public void Add(Component component, Plan plan) => _plans.Add((component, plan, null));

    public void Add(Component component, Plan plan, Pipeline pipeline) => _plans.Add((component, plan, pipeline));

    /// <summary>Makes the report.</summary>
    /// <param name="elapsed">Turns timestamps into times; null when nothing was measured.</param>
    /// <param name="rows">Counts the rows of a table; null when nothing was evaluated.</param>
    public PlanReport Report(Func<long, TimeSpan>? elapsed, Func<TableName, long>? rows) =>
        new([.. engine.Program.Graph.Components.Select(component => new PlanStratum(
            [.. component.Tables.Order()], component.IsRecursive, rows is null ? null : component.Tables.Sum(rows),
            [.. _plans.Where(p => p.Component == component).Select(p => PlanOf(p.Plan, p.Pipeline, elapsed))]))]);

    private static RulePlan PlanOf(Plan plan, Pipeline? pipeline, Func<long, TimeSpan>? elapsed)
    {
        var formula = plan.Rule.Formula;
        return new(plan.Rule.Policy, (formula with { Annotations = Annotations.None }).ToString(), formula.Annotations.Id, formula.Span,
            plan.DeltaPosition < 0 ? null : plan.Rule.Body[plan.DeltaPosition].Source.ToString(),
            [.. plan.Steps.Select((step, i) => new RuleStep(step.Verb, step.Source.Source.ToString(), step.Estimate,
                pipeline?.Operators[i].Rows, pipeline is null ? null : elapsed?.Invoke(pipeline.Operators[i].Elapsed)))]);
    }
}
