using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Answers;

/// <summary>Why a row is in a table: one rule, and one way in which it holds.</summary>
/// <param name="Row">The row.</param>
/// <param name="Rule">The rule; null for a fact.</param>
/// <param name="Message">The rule's message with the values in place, or null.</param>
/// <param name="Body">The conditions of the rule with the values in place; empty for a fact.</param>
internal sealed record Justification(Row Row, Formula? Rule, string? Message, IReadOnlyList<string> Body);

/// <summary>Finds for rows of a table a rule and a binding that give them.</summary>
internal static class JustificationFinder
{
    /// <summary>The rows, sorted. Of several rules the oldest counts, of several bindings the least.</summary>
    public static IReadOnlyCollection<Justification> For(View view, TableName table, Relation rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var found = new SortedDictionary<Row, Justification>();
        foreach (var (rule, bindings) in view.BindingsFor(table, rows))
        {
            foreach (var (row, binding) in LeastBindings(view, rule, bindings))
            {
                found.TryAdd(row, Describe(row, rule, binding));
            }
        }

        var facts = view.FactsOf(table);
        var aggregate = Array.Find(view.Program.DefinitionsOf(table), r => r.IsAggregate);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = view.Symbols.RowOf(rows[i]);
            if (!found.ContainsKey(row))
            {
                // A fact, or the row of an aggregate, which no single binding gives.
                found[row] = aggregate is null || (facts.First.Relation.Arity == row.Count && facts.Contains(rows[i]))
                    ? new(row, null, null, [])
                    : Describe(row, aggregate, Row.Empty);
            }
        }

        return found.Values;
    }

    private static Dictionary<Row, Row> LeastBindings(View view, Rule rule, Relation bindings)
    {
        var least = new Dictionary<Row, Row>();
        for (var i = 0; i < bindings.Count; i++)
        {
            var binding = view.Symbols.RowOf(bindings[i]);
            var row = new Row([.. rule.Terms.Select(t => t.Operand.IsConstant ? t.Operand.Constant : binding[t.Operand.Slot])]);
            if (!least.TryGetValue(row, out var current) || binding < current)
            {
                least[row] = binding;
            }
        }

        return least;
    }

    private static Justification Describe(Row row, Rule rule, Row binding)
    {
        Value? ValueOf(string name)
        {
            var slot = Array.IndexOf(rule.Variables, name);
            if (slot >= 0 && slot < binding.Count && name != Variable.Anonymous)
            {
                return binding[slot];
            }

            // Of an aggregate's binding only the columns of the head are known.
            var column = Array.FindIndex(rule.Terms, t => t.Function is null && t.Operand.IsVariable && t.Operand.Slot == slot);
            return slot >= 0 && column >= 0 && binding.Count == 0 && name != Variable.Anonymous ? row[column] : default(Value?);
        }

        var message = rule.Formula.Annotations.Message;
        return new(row, rule.Formula, message is null ? null : MessageTemplate.Fill(message, ValueOf), [.. rule.Formula.Body.Select(l => l.With(ValueOf).ToString())]);
    }
}
