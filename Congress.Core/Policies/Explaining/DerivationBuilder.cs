using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Analysis;
using Congress.Datalog.Answers;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Policies.Explaining;

/// <summary>Turns what a search found into values, with texts.</summary>
internal sealed class DerivationBuilder(View view, Origins origins)
{
    private readonly Dictionary<DerivationNode, Derivation> _built = new(ReferenceEqualityComparer.Instance);

    /// <summary>Builds the derivation from below, as it may be deeper than a stack.</summary>
    public Derivation Build(DerivationNode goal)
    {
        var chosen = new Dictionary<DerivationNode, RuleInstance?>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<DerivationNode>([goal]);
        while (waiting.TryPop(out var node))
        {
            if (chosen.ContainsKey(node))
            {
                continue;
            }

            chosen[node] = node.Lowest;
            foreach (var row in chosen[node]?.Rows.SelectMany(r => r) ?? [])
            {
                waiting.Push(row);
            }
        }

        var known = origins.Of(chosen.Where(c => c.Value is null).Select(c => (c.Key.Table, c.Key.Row)));
        foreach (var (node, instance) in chosen.OrderBy(c => c.Key.Height))
        {
            _built[node] = instance is null ? new(node.Table, node.Row, 0, null, [], known.GetValueOrDefault((node.Table, node.Row))) : Build(node, instance);
        }

        return _built[goal];
    }

    /// <summary>A rule as an explanation shows it.</summary>
    public static ExplainingRule RuleOf(Rule rule, Func<string, Value?>? valueOf = null)
    {
        var (formula, message) = (rule.Formula, rule.Formula.Annotations.Message);
        return new(rule.Policy, (formula with { Annotations = Annotations.None }).ToString(), formula.Annotations.Id, formula.Place,
            message is null || valueOf is null ? null : MessageTemplate.Fill(message, valueOf));
    }

    /// <summary>Why no row stands against a negated condition.</summary>
    public string AbsenceOf(TableName table) => view.Count(table) switch
    {
        0 => $"{table} has no rows",
        1 => $"the only row of {table} is another",
        var count => $"none of the {count} rows of {table} is such a row",
    };

    private Derivation Build(DerivationNode node, RuleInstance instance)
    {
        var (rule, opened) = (instance.Rule.Rule, instance.Rule.Opened);

        Value? ValueOf(string name)
        {
            var slot = name == Variable.Anonymous ? -1 : Array.IndexOf(opened.Variables, name);
            if (!rule.IsAggregate)
            {
                return slot >= 0 ? instance.Binding[slot] : default(Value?);
            }

            var column = Array.FindIndex(opened.Terms, t => t.Operand.IsVariable && t.Operand.Slot == slot);
            return slot >= 0 && column >= 0 ? instance.Binding[column] : default(Value?);
        }

        var positive = opened.Tables.Where(t => !t.Negated).ToList();
        var conditions = rule.Formula.Body.Select(written =>
        {
            var literal = Array.Find(opened.Body, l => ReferenceEquals(l.Source, written))!;
            var text = written.With(ValueOf).ToString();
            return literal switch
            {
                TableLiteral { Negated: true } absent => new HoldingCondition(text, [], 0, AbsenceOf(absent.Table)),
                TableLiteral table => Met(text, positive.FindIndex(t => ReferenceEquals(t, table))),
                _ => new(text, [], 0, null),
            };
        });

        HoldingCondition Met(string text, int at)
        {
            var rows = instance.Rows[at];
            return new(text, [.. rows.Select(r => _built[r])], rule.IsAggregate && at == 0 ? instance.More : 0, null);
        }

        return new(node.Table, node.Row, node.Height, RuleOf(rule, ValueOf), [.. conditions], null);
    }
}
