using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;

namespace Congress.Policies.Explaining;

/// <summary>Asks for which values conditions of a rule hold together.</summary>
internal sealed class Conditions(View view)
{
    /// <summary>The least values for which conditions hold; null when they do not, or cannot be asked without others.</summary>
    public Func<string, Value?>? Least(string policy, Literal[] body)
    {
        if (body.Length == 0)
        {
            return _ => null;
        }

        if (Solve(policy, body) is not { } solved)
        {
            return null;
        }

        Row? least = null;
        for (var i = 0; i < solved.Bindings.Count; i++)
        {
            var binding = view.Symbols.RowOf(solved.Bindings[i]);
            least = least is null || binding < least ? binding : least;
        }

        return least is null ? null : ValuesOf(solved.Rule, least);
    }

    /// <summary>The values for which conditions hold, the least first.</summary>
    /// <param name="policy">The policy that they are asked in.</param>
    /// <param name="body">The conditions.</param>
    /// <param name="most">How many to give.</param>
    public IEnumerable<Func<string, Value?>> All(string policy, Literal[] body, int most)
    {
        if (body.Length == 0)
        {
            return [_ => null];
        }

        return Solve(policy, body) is { } solved
            ? Enumerable.Range(0, solved.Bindings.Count).Select(i => view.Symbols.RowOf(solved.Bindings[i])).Order().Take(most).Select(b => ValuesOf(solved.Rule, b))
            : [];
    }

    /// <summary>The table and columns that an atom of a body speaks of; null for builtins, truth values and comparisons.</summary>
    public TableLiteral? TableOf(string policy, Literal literal) =>
        literal is AtomLiteral atom && Check(policy, [atom with { Negated = false }])?.Body is [TableLiteral table] ? table : null;

    /// <summary>The values that the head of a rule must have to give a row.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="row">The row; columns that are not constant may be anything.</param>
    /// <param name="conflict">The column in which the head gives something else, when there is one.</param>
    /// <returns>The values by variable; null when the head gives something else.</returns>
    public static Dictionary<string, Value>? Unify(Rule rule, TableLiteral row, out (int Column, Value Given) conflict)
    {
        conflict = default;
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        for (var column = 0; column < row.Arguments.Length; column++)
        {
            if (!row.Arguments[column].IsConstant || rule.Terms[column].Function is not null)
            {
                continue;
            }

            var (wanted, given) = (row.Arguments[column].Constant, rule.Terms[column].Operand);
            if (given.IsConstant ? given.Constant != wanted : !values.TryAdd(rule.Variables[given.Slot], wanted) && values[rule.Variables[given.Slot]] != wanted)
            {
                conflict = (column, given.IsConstant ? given.Constant : values[rule.Variables[given.Slot]]);
                return null;
            }
        }

        return values;
    }

    /// <summary>The conditions of a rule with values in place.</summary>
    public static Literal[] With(Rule rule, Dictionary<string, Value> values) =>
        [.. rule.Formula.Body.Select(l => l.With(name => values.TryGetValue(name, out var value) ? value : default(Value?)))];

    private (Rule Rule, Relation Bindings)? Solve(string policy, Literal[] body) => Check(policy, body) is { } rule ? (rule, view.AllBindingsOf(rule)) : null;

    private Rule? Check(string policy, Literal[] body)
    {
        var head = new AtomLiteral(new(Modal.None, null, "holds", new([new Constant(Value.Of(1))]), NodeList<NamedArgument>.Empty), false);
        return RuleAnalyzer.CheckQuery(new(new(head), new(body), Annotations.None), policy, view.Scope, new());
    }

    private static Func<string, Value?> ValuesOf(Rule rule, Row binding) => name =>
        name != Variable.Anonymous && Array.IndexOf(rule.Variables, name) is var slot && slot >= 0 ? binding[slot] : default(Value?);
}
