using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Finds out, before a component is evaluated, within which handles the columns of its tables will lie.</summary>
/// <remarks>A variable lies within the ranges of all columns where it stands; what rules hand round within the component is
/// followed until nothing changes. A value that a builtin makes may be any.</remarks>
internal sealed class HeadRanges
{
    private const int MaxRounds = 64;

    private static readonly (int Least, int Greatest) None = (int.MaxValue, int.MinValue);
    private static readonly (int Least, int Greatest) Any = (int.MinValue, int.MaxValue);

    private readonly Dictionary<TableName, (int Least, int Greatest)[]> _heads = [];
    private readonly Func<TableName, int, TableView> _viewOf;
    private readonly SymbolScope _symbols;

    /// <param name="component">The component.</param>
    /// <param name="given">The rows that its tables have to begin with.</param>
    /// <param name="viewOf">The rows of the tables that it depends on, by name and number of columns.</param>
    /// <param name="symbols">The handles of constants.</param>
    public HeadRanges(Component component, IEnumerable<(TableName Table, Relation Rows)> given, Func<TableName, int, TableView> viewOf, SymbolScope symbols)
    {
        (_viewOf, _symbols) = (viewOf, symbols);
        foreach (var (table, rows) in given)
        {
            _heads[table] = [.. Enumerable.Range(0, rows.Arity).Select(rows.RangeOf)];
        }

        var round = 0;
        while (component.Rules.Aggregate(false, (any, rule) => Widen(rule) || any))
        {
            if (++round == MaxRounds)
            {
                foreach (var ranges in _heads.Values)
                {
                    Array.Fill(ranges, Any);
                }
            }
        }
    }

    /// <summary>By column of a table, the least and the greatest handle that can come to stand there.</summary>
    public ReadOnlySpan<(int Least, int Greatest)> Of(TableName table) => _heads[table];

    /// <summary>The least and the greatest handle that a rule can bring to a column of its head.</summary>
    public (int Least, int Greatest) Of(HeadTerm term, Rule rule)
    {
        if (term.Function is not null)
        {
            return Any;
        }

        if (term.Operand.IsConstant)
        {
            var handle = _symbols.Intern(term.Operand.Constant);
            return (handle, handle);
        }

        var range = Any;
        foreach (var literal in rule.Body)
        {
            if (literal is TableLiteral { Negated: false } table)
            {
                for (var column = 0; column < table.Arguments.Length; column++)
                {
                    if (table.Arguments[column] == term.Operand)
                    {
                        var (least, greatest) = RangeOf(table, column);
                        range = (Math.Max(range.Least, least), Math.Min(range.Greatest, greatest));
                    }
                }
            }
        }

        return range;
    }

    private bool Widen(Rule rule)
    {
        var head = _heads[rule.Head];
        var changed = false;
        for (var column = 0; column < head.Length; column++)
        {
            var (least, greatest) = Of(rule.Terms[column], rule);
            var wider = least > greatest ? head[column] : (Math.Min(least, head[column].Least), Math.Max(greatest, head[column].Greatest));
            changed |= wider != head[column];
            head[column] = wider;
        }

        return changed;
    }

    private (int Least, int Greatest) RangeOf(TableLiteral literal, int column)
    {
        if (_heads.TryGetValue(literal.Table, out var ranges))
        {
            return column < ranges.Length ? ranges[column] : None;
        }

        var view = _viewOf(literal.Table, literal.Arguments.Length);
        var (least, greatest) = view.First.Relation.RangeOf(column);
        var (otherLeast, otherGreatest) = view.Second.Relation?.RangeOf(column) ?? None;
        return (Math.Min(least, otherLeast), Math.Max(greatest, otherGreatest));
    }
}
