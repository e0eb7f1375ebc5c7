using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Programs;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Answers;

/// <summary>Makes the graph of all tables from the rules of an view.</summary>
internal static class TableGraphBuilder
{
    public static TableGraph Of(View view)
    {
        var scope = view.Scope;
        var rules = view.Program.Policies.Values.SelectMany(p => p.Rules.Values).ToArray();
        var heads = new HashSet<TableName>();
        var edges = new HashSet<TableEdge>();
        foreach (var rule in rules)
        {
            var names = new NameResolver(rule.Policy, scope, new Findings());
            var head = names.TableOf(rule.Formula.Head);
            var aggregates = AggregatesOf(rule.Formula.Head);
            heads.Add(head);
            foreach (var (table, negated) in TablesOf(rule, names))
            {
                edges.Add(new(table, head, negated, aggregates));
            }
        }

        var tables = heads.Concat(edges.Select(e => e.From)).Distinct().Order().ToArray();
        var recursion = RecursionOf(tables, edges);
        return new(
            [.. tables.Select((t, i) => new TableNode(t, RoleOf(t, heads), recursion[i]))],
            [.. edges.OrderBy(e => e.From).ThenBy(e => e.To).ThenBy(e => e.IsNegated).ThenBy(e => e.Aggregates, StringComparer.Ordinal)]);
    }

    /// <summary>The tables of a rule's body; those of a rule that waits by their names alone, as its columns are not known.</summary>
    private static IEnumerable<(TableName Table, bool Negated)> TablesOf(ProgramRule rule, NameResolver names) => rule.Checked is { } active
        ? active.Tables.Select(t => (t.Table, t.Negated))
        : rule.Formula.Body.OfType<AtomLiteral>()
            .Where(l => FormChecks.Truth(l.Atom) is null && names.TryBuiltin(l.Atom, out var builtin) && builtin is null)
            .Select(l => (names.TableOf(l.Atom), l.Negated));

    private static string? AggregatesOf(Atom head) => head.Terms.OfType<Aggregate>().Select(a => a.Function.ToString().ToLowerInvariant())
        .Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } functions ? string.Join(", ", functions) : null;

    private static TableRole RoleOf(TableName table, HashSet<TableName> heads) =>
        table.IsAction ? TableRole.Action
        : !heads.Contains(table) ? TableRole.Source
        : table.Table is "error" or "warning" ? TableRole.Violation : TableRole.Derived;

    private static int?[] RecursionOf(TableName[] tables, IEnumerable<TableEdge> edges)
    {
        var uses = Array.ConvertAll(tables, _ => new List<int>()).ToList();
        foreach (var edge in edges)
        {
            uses[Array.BinarySearch(tables, edge.To)].Add(Array.BinarySearch(tables, edge.From));
        }

        var result = new int?[tables.Length];
        var circles = StronglyConnected.Of(uses).Where(c => c.Count > 1 || uses[c[0]].Contains(c[0])).OrderBy(c => c.Min());
        foreach (var (number, circle) in circles.Index())
        {
            circle.ForEach(table => result[table] = number);
        }

        return result;
    }
}
