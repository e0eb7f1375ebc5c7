using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Analysis;

/// <summary>Refuses recursion where a policy's kind does not allow it, and through negation or an aggregate anywhere.</summary>
internal static class RecursionCheck
{
    public static IEnumerable<Diagnostic> Of(DependencyGraph graph, Func<string, PolicyKind?> kindOf)
    {
        foreach (var component in graph.Components.Where(c => c.IsRecursive))
        {
            var tables = component.Tables.ToHashSet();
            var isAllowed = component.Tables.All(t => kindOf(t.Policy) is PolicyKind.Recursive or PolicyKind.Z3);
            var edges = component.Rules.SelectMany(rule => rule.Tables.Where(l => tables.Contains(l.Table)).Select(l => (Rule: rule, Literal: l))).ToArray();
            var isStratified = edges.All(e => !e.Literal.Negated && !e.Rule.IsAggregate);
            foreach (var (rule, literal) in edges)
            {
                if (isAllowed && !literal.Negated && !rule.IsAggregate)
                {
                    continue;
                }

                var cycle = DependencyGraph.CycleThrough(component, rule, literal.Table);
                yield return isAllowed
                    ? Diagnostic.Error(DiagnosticCode.Recursion, literal.Source.Span,
                        $"the recursion goes through {(literal.Negated ? "the negation" : "an aggregate")} of {literal.Table}: {Describe(cycle)}",
                        "a table must be complete before it is negated or aggregated; break the cycle")
                    : Diagnostic.Error(DiagnosticCode.Recursion, rule.Formula.Span, $"rules are recursive: {Describe(cycle)}",
                        isStratified ? "policies of kind recursive allow this" : "policies of kind recursive allow recursion, but not through negation or an aggregate");
                break;
            }
        }
    }

    private static string Describe(IReadOnlyList<Rule> cycle) =>
        string.Join(", ", cycle.Select((rule, i) =>
            $"{rule.Head} uses {cycle[(i + 1) % cycle.Count].Head} ({(rule.Formula.Place.Line == 0 ? "unknown line" : rule.Formula.Place)})"));
}
