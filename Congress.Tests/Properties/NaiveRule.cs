using System.Diagnostics;
using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Datalog.Syntax;
using Binding = System.Collections.Generic.Dictionary<string, Congress.Data.Value>;

namespace Congress.Tests.Properties;

/// <summary>A rule with the columns of its atoms in place.</summary>
internal sealed record NaiveRule(TableName Head, Term[] Terms, NaiveGoal[] Body)
{
    public bool IsAggregate => Terms.OfType<Aggregate>().Any();
}

/// <summary>A condition: of a table, a builtin, a comparison or a truth value, one of which is set.</summary>
internal sealed record NaiveGoal(string Text, bool Negated, Term[] Arguments)
{
    public TableName? Table { get; init; }

    public Builtin? Builtin { get; init; }

    public ComparisonOperator? Operator { get; init; }

    public bool? Holds { get; init; }

    /// <summary>Whether the goal can be decided, or called, with what is bound; tables can always be read and are not asked.</summary>
    public bool IsReady(Binding binding) => (Table is null || Negated)
        && Arguments.Take(Builtin is null || Negated ? Arguments.Length : Builtin.Inputs)
            .All(t => t is Variable { IsAnonymous: true } || NaiveEvaluator.ValueOf(t, binding) is not null);

    public bool CanAssign(Binding binding) => Operator == ComparisonOperator.Equal
        && Arguments.Count(t => NaiveEvaluator.ValueOf(t, binding) is null) == 1;

    public Binding Assign(Binding binding)
    {
        var (left, right) = (NaiveEvaluator.ValueOf(Arguments[0], binding), NaiveEvaluator.ValueOf(Arguments[1], binding));
        return new(binding, StringComparer.Ordinal) { [((Variable)Arguments[left is null ? 0 : 1]).Name] = left ?? right!.Value };
    }

    public bool Compares(ComparisonOperator comparison, Binding binding)
    {
        var (x, y) = (NaiveEvaluator.ValueOf(Arguments[0], binding)!.Value, NaiveEvaluator.ValueOf(Arguments[1], binding)!.Value);
        return !Value.TryCompare(x, y, out var order) ? comparison == ComparisonOperator.NotEqual : comparison switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            ComparisonOperator.GreaterOrEqual => order >= 0,
        };
    }
}

/// <summary>Reads rules: which table or builtin an atom names, and which column each argument is.</summary>
internal sealed class NaiveReader(IEnumerable<(string Policy, Declaration Declaration)> declarations)
{
    private readonly Dictionary<TableName, string[]> _columns = declarations.ToDictionary(
        d => new TableName(d.Declaration.Policy ?? d.Policy, d.Declaration.Table), d => d.Declaration.Columns.Select(c => c.Name).ToArray());

    private int _anonymous;

    public NaiveRule Read(Formula formula, string policy)
    {
        var head = TableOf(formula.Head, policy);
        return new(head, Columns(formula.Head, head, negated: true), [.. formula.Body.Select(l => Read(l, policy))]);
    }

    private NaiveGoal Read(Literal literal, string policy)
    {
        if (literal is Comparison comparison)
        {
            return new(literal.ToString(), false, [comparison.Left, comparison.Right]) { Operator = comparison.Operator };
        }

        var (atom, negated) = literal is AtomLiteral a ? (a.Atom, a.Negated) : throw new UnreachableException();
        if (atom is { Policy: null, Table: "true" or "false", Arguments.Count: 0, Named.Count: 0 })
        {
            return new(literal.ToString(), negated, []) { Holds = atom.Table == "true" };
        }

        if (atom.Policy is null or "builtin" && BuiltinRegistry.Standard.TryGet(atom.Table, out var builtin) && builtin.Arity == atom.Arguments.Count)
        {
            return new(literal.ToString(), negated, [.. atom.Arguments.Select(t => negated ? t : Named(t))]) { Builtin = builtin };
        }

        var table = TableOf(atom, policy);
        return new(literal.ToString(), negated, Columns(atom, table, negated)) { Table = table };
    }

    private static TableName TableOf(Atom atom, string policy) => new(atom.Policy ?? policy, atom.Table);

    /// <summary>The arguments in column order; each <c>_</c> and each column left out is a variable of its own, but under negation.</summary>
    private Term[] Columns(Atom atom, TableName table, bool negated)
    {
        var names = _columns.GetValueOrDefault(table);
        var result = new Term[names?.Length ?? atom.Arguments.Count];
        Array.Fill(result, new Variable("_"));
        for (var i = 0; i < atom.Arguments.Count; i++)
        {
            result[i] = atom.Arguments[i];
        }

        foreach (var named in atom.Named)
        {
            result[named.Column is null ? named.Position : Array.IndexOf(names!, named.Column)] = named.Term;
        }

        return negated ? result : [.. result.Select(Named)];
    }

    private Term Named(Term term) => term is Variable { IsAnonymous: true } ? new Variable($"_{_anonymous++}#") : term;
}
