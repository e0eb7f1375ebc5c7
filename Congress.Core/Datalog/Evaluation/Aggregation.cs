using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Groups the distinct bindings of a rule's body by the plain columns of its head, and aggregates the others.</summary>
internal static class Aggregation
{
    /// <summary>Adds the row of each group to a relation.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="bindings">The bindings of all its variables, one column for each slot.</param>
    /// <param name="target">The relation of its head.</param>
    /// <param name="context">The evaluation.</param>
    public static void Run(Rule rule, Relation bindings, Relation target, EvaluationContext context)
    {
        var symbols = context.Symbols;
        var terms = rule.Terms;
        var plain = Enumerable.Range(0, terms.Length).Where(i => terms[i].Function is null).ToArray();
        var aggregated = Enumerable.Range(0, terms.Length).Where(i => terms[i].Function is not null).ToArray();
        var constants = Array.ConvertAll(terms, t => t.Operand.IsConstant ? symbols.Intern(t.Operand.Constant) : 0);
        var groups = new Relation(plain.Length);
        var states = new List<Accumulator[]>();
        Span<int> key = stackalloc int[plain.Length];
        for (var binding = 0; binding < bindings.Count; binding++)
        {
            if (binding % 4096 == 0)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
            }

            var values = bindings[binding];
            for (var i = 0; i < key.Length; i++)
            {
                var operand = terms[plain[i]].Operand;
                key[i] = operand.IsConstant ? constants[plain[i]] : values[operand.Slot];
            }

            var group = groups.Find(key);
            if (group < 0)
            {
                groups.Add(key);
                group = states.Count;
                states.Add(Array.ConvertAll(aggregated, i => Accumulator.For(terms[i])));
            }

            for (var i = 0; i < aggregated.Length; i++)
            {
                states[group][i].Add(values[terms[aggregated[i]].Operand.Slot], symbols);
            }
        }

        var before = target.Count;
        Span<int> row = stackalloc int[terms.Length];
        for (var group = 0; group < states.Count; group++)
        {
            var results = Array.ConvertAll(states[group], s => s.Result);
            if (Array.Exists(results, r => r is null))
            {
                continue;   // a sum over something that is no number, or one that does not fit: the group has no result
            }

            for (var i = 0; i < plain.Length; i++)
            {
                row[plain[i]] = groups[group][i];
            }

            for (var i = 0; i < aggregated.Length; i++)
            {
                row[aggregated[i]] = symbols.Intern(results[i]!.Value);
            }

            target.Add(row);
        }

        context.CountRows(target.Count - before, rule);
    }
}
