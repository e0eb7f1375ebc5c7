using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Planning;
using Congress.Datalog.Programs;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Answers;

/// <summary>Collects plans, with what was measured of them, into a report.</summary>
internal sealed class PlanReporter(PolicyProgram program)
{
    private readonly List<(Component Component, Plan Plan, Pipeline? Pipeline)> _plans = [];

    /// <summary>Tells how all rules would be evaluated from scratch with the rows there are.</summary>
    public static PlanReport Of(View view)
    {
        var reporter = new PlanReporter(view.Program);
        foreach (var (component, plan) in PlansOf(view.Program.Graph, view.Tables))
        {
            reporter._plans.Add((component, plan, null));
        }

        return reporter.Report(elapsed: null, rows: null);
    }

    public void Add(Component component, Plan plan, Pipeline pipeline) => _plans.Add((component, plan, pipeline));

    /// <summary>Makes the report.</summary>
    /// <param name="elapsed">Turns timestamps into times; null when nothing was measured.</param>
    /// <param name="rows">Counts the rows of a table; null when nothing was evaluated.</param>
    public PlanReport Report(Func<long, TimeSpan>? elapsed, Func<TableName, long>? rows) =>
        new([.. program.Graph.Components.Select(component => new PlanStratum(
            [.. component.Tables.Order()], component.IsRecursive, rows is null ? null : component.Tables.Sum(rows),
            [.. _plans.Where(p => p.Component == component).Select(p => PlanOf(p.Plan, p.Pipeline, elapsed))]))]);

    /// <summary>The plans in the order of evaluation; of a recursive rule one for each literal that reads a delta.</summary>
    private static IEnumerable<(Component Component, Plan Plan)> PlansOf(DependencyGraph graph, Tables tables)
    {
        var planner = new Planner(new TableStatistics(tables.LargestPartOf));
        foreach (var component in graph.Components)
        {
            foreach (var rule in component.Rules)
            {
                var deltas = Enumerable.Range(0, component.IsRecursive ? rule.Body.Length : 0)
                    .Where(i => rule.Body[i] is TableLiteral { Negated: false } t && component.Tables.Contains(t.Table)).ToArray();
                foreach (var plan in deltas.Length == 0
                    ? [planner.ForHead(rule)] : deltas.Select(d => planner.ForDelta(rule, d, component.Tables.Contains)))
                {
                    yield return (component, plan);
                }
            }
        }
    }

    private static RulePlan PlanOf(Plan plan, Pipeline? pipeline, Func<long, TimeSpan>? elapsed)
    {
        var formula = plan.Rule.Formula;
        return new(plan.Rule.Policy, (formula with { Annotations = Annotations.None }).ToString(), formula.Annotations.Id, formula.Span,
            plan.DeltaPosition < 0 ? null : plan.Rule.Body[plan.DeltaPosition].Source.ToString(),
            [.. plan.Steps.Select((step, i) => new RuleStep(step.Verb, step.Condition, step.Estimate,
                pipeline?.Operators[i].Rows, pipeline is null ? null : elapsed?.Invoke(pipeline.Operators[i].Elapsed)))]);
    }
}
