using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Answers;

/// <summary>The answer to a query as values: its distinct rows, and the query once for each way in which it holds.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Instances">The query with its variables replaced; texts of many rows, so made when somebody asks.</param>
internal sealed record QueryAnswer(IReadOnlyList<string> Columns, IReadOnlyList<Row> Rows, Lazy<IReadOnlyList<string>> Instances)
{
    public static QueryAnswer Of(SymbolScope symbols, Formula query, Rule rule, Relation rows, Relation bindings)
    {
        var values = new Row[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = symbols.RowOf(rows[i]);
        }

        if (!query.IsFact)
        {
            return new([.. query.Head.Terms.Select(t => t.ToString())], values, InstancesOf(symbols, query, rule, bindings));
        }

        var columns = rule.Terms.Select(t => t.Operand.IsConstant ? t.Operand.Constant.ToString() : rule.Variables[t.Operand.Slot]);
        var atom = query.Head;
        var (open, close) = atom.Modal == Modal.None ? (atom.FullName, "") : ($"{Printer.Name(atom.Modal)}[{atom.FullName}", "]");
        return new([.. columns], values, new(() => Array.ConvertAll(values, row => $"{open}{row}{close}")));
    }

    /// <summary>The texts are made when somebody asks for them, from values that are copied now.</summary>
    private static Lazy<IReadOnlyList<string>> InstancesOf(SymbolScope symbols, Formula query, Rule rule, Relation bindings)
    {
        var copies = new Row[bindings.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = symbols.RowOf(bindings[i]);
        }

        return new(() => RuleInstances(copies, query, rule));
    }

    private static string[] RuleInstances(Row[] bindings, Formula query, Rule rule)
    {
        var instances = new HashSet<string>(StringComparer.Ordinal);
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var binding in bindings)
        {
            values.Clear();
            for (var slot = 0; slot < rule.Variables.Length; slot++)
            {
                if (rule.Variables[slot] != Variable.Anonymous)
                {
                    values[rule.Variables[slot]] = binding[slot];
                }
            }

            Value? ValueOf(string name) => values.TryGetValue(name, out var value) ? value : default(Value?);
            instances.Add($"{query.Head.With(ValueOf)} :- {string.Join(", ", query.Body.Select(l => l.With(ValueOf)))}");
        }

        return [.. instances];
    }
}
