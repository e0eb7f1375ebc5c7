using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Answers;

/// <summary>A question for the rows of one table with known values in some columns, which needs no plan: an index leads to the answer.</summary>
internal sealed class PointLookup
{
    private readonly TableName _table;
    private readonly int _arity;
    private readonly int[] _key;         // the columns that are known
    private readonly Operand[] _known;   // what stands there
    private readonly Operand[] _output;
    private readonly int[] _columns;     // by column of the output, that of the table; -1 for what is known

    private PointLookup(TableLiteral literal, int[] key, Operand[] output)
    {
        (_table, _arity, _key, _output) = (literal.Table, literal.Arguments.Length, key, output);
        _known = Array.ConvertAll(key, column => literal.Arguments[column]);
        _columns = Array.ConvertAll(output, o => o.IsVariable && !_known.Contains(o) ? Array.IndexOf(literal.Arguments, o) : -1);
    }

    /// <summary>The lookup that answers a question.</summary>
    /// <param name="rule">The rule whose rows are the answers.</param>
    /// <param name="given">How many variables, in the first slots, get values with the question.</param>
    /// <returns>Null when the question is another kind of question.</returns>
    public static PointLookup? Of(Rule rule, int given)
    {
        if (rule.Body is not [TableLiteral { Negated: false } literal] || rule.IsAggregate)
        {
            return null;
        }

        var open = literal.Arguments.Where(a => !IsKnown(a, given)).ToArray();
        int[] key = [.. Enumerable.Range(0, literal.Arguments.Length).Where(column => IsKnown(literal.Arguments[column], given))];
        var output = Array.ConvertAll(rule.Terms, t => t.Operand);
        var isSimple = key.Length > 0 && open.Distinct().Count() == open.Length && open.All(output.Contains)
            && output.All(o => IsKnown(o, given) || open.Contains(o));
        return isSimple ? new(literal, key, output) : null;
    }

    /// <summary>Finds the rows.</summary>
    /// <param name="database">The rows of all tables.</param>
    /// <param name="values">The values that come with the question.</param>
    /// <param name="rows">The answer.</param>
    /// <returns>False when there is no index for it.</returns>
    public bool TryAnswer(Database database, ReadOnlySpan<Value> values, out Row[] rows)
    {
        rows = [];
        if (!TryFind(database, values, out var relation, out var numbers, out var count))
        {
            return false;
        }

        if (count > 0)
        {
            rows = new Row[count];
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = RowOf(database.Symbols, numbers.IsEmpty ? default : relation![numbers[i]], values);
            }
        }

        return true;
    }

    /// <summary>Tells whether there is a row.</summary>
    /// <inheritdoc cref="TryAnswer"/>
    public bool TryAny(Database database, ReadOnlySpan<Value> values, out bool isAny)
    {
        var isFound = TryFind(database, values, out _, out _, out var count);
        isAny = count > 0;
        return isFound;
    }

    private static bool IsKnown(Operand operand, int given) => operand.IsConstant || (operand.IsVariable && operand.Slot < given);

    /// <param name="database">The rows of all tables.</param>
    /// <param name="values">The values that come with the question.</param>
    /// <param name="relation">The table's rows.</param>
    /// <param name="numbers">The numbers of those that are looked for; none when all of the row is known.</param>
    /// <param name="count">How many there are.</param>
    private bool TryFind(Database database, ReadOnlySpan<Value> values, out Relation? relation, out ReadOnlySpan<int> numbers, out int count)
    {
        (relation, count) = (database.RowsOf(_table), 0);
        numbers = default;
        if (relation is null || relation.Arity != _arity)
        {
            return true;
        }

        Span<int> key = stackalloc int[_key.Length];
        for (var i = 0; i < key.Length; i++)
        {
            if (!database.Symbols.TryFind(ValueOf(_known[i], values), out key[i]))
            {
                return true;
            }
        }

        if (key.Length == _arity)
        {
            count = relation.Contains(key) ? 1 : 0;
            return true;
        }

        var index = relation.FindIndex(_key);
        numbers = index is null ? default : index.RowsWith(key);
        count = numbers.Length;
        return index is not null;
    }

    private Row RowOf(SymbolTable symbols, ReadOnlySpan<int> cells, ReadOnlySpan<Value> values)
    {
        var row = new Value[_output.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = _columns[i] >= 0 ? symbols.ValueOf(cells[_columns[i]]) : ValueOf(_output[i], values);
        }

        return Row.Owning(row);
    }

    private static Value ValueOf(Operand known, ReadOnlySpan<Value> values) => known.IsConstant ? known.Constant : values[known.Slot];
}
