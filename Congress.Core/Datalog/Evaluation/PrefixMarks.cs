using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Looks up rows of which all columns but one repeat from binding to binding: for those that repeat, the values of the
/// other one are marked once; then each binding costs one look at an array.</summary>
/// <param name="indexOn">Gives an index on some columns of a relation.</param>
internal sealed class PrefixMarks(Func<Relation, int[], RelationIndex> indexOn)
{
    private const int FewBindings = 256;
    private const int Worthwhile = 16;   // how many bindings must share the rest on average

    private Relation? _relation;
    private ColumnMarks? _marks;
    private int _varying;
    private int[] _rest = [];

    /// <summary>Forgets what is marked: the rows may be others from now on.</summary>
    public void Reset() => (_relation, _marks) = (null, null);

    /// <summary>Tells of each binding whether its row is there, when that pays.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="key">Where the cells of a row come from, one for each column.</param>
    /// <param name="rows">The rows of all bindings, side by side.</param>
    /// <param name="found">Where to write 0 for a row that is there and -1 for any other.</param>
    /// <returns>False when looking each up is better; then nothing has been written.</returns>
    public bool TryFind(Relation relation, Source[] key, ReadOnlySpan<int> rows, Span<int> found)
    {
        if (key.Length < 2 || found.Length < FewBindings || VaryingIn(key, found.Length) is not (var varying and >= 0))
        {
            return false;
        }

        if (_relation != relation || _varying != varying)
        {
            (_relation, _varying, _rest) = (relation, varying, new int[relation.Arity - 1]);
            _marks = ColumnMarks.TryMake(relation, varying, relation.RangeOf(varying), indexOn);
        }

        if (_marks is null)
        {
            return false;
        }

        var arity = key.Length;
        for (var start = 0; start < found.Length;)
        {
            var end = start + 1;
            while (end < found.Length && HasSameRest(rows.Slice(start * arity, arity), rows.Slice(end * arity, arity)))
            {
                end++;
            }

            Find(_marks, rows[(start * arity)..(end * arity)], found[start..end]);
            start = end;
        }

        return true;
    }

    /// <summary>The column that changes most often, when the others seldom do; or -1.</summary>
    private static int VaryingIn(Source[] key, int count)
    {
        var (varying, most, all) = (-1, -1, 0);
        for (var column = 0; column < key.Length; column++)
        {
            var changes = 0;
            if (key[column].Column is { } cells)
            {
                for (var i = 1; i < count; i++)
                {
                    changes += cells[i] != cells[i - 1] ? 1 : 0;
                }
            }

            all += changes;
            (varying, most) = changes > most ? (column, changes) : (varying, most);
        }

        return (all - most) * Worthwhile <= count ? varying : -1;
    }

    /// <summary>Finds rows that differ in the varying column only.</summary>
    private void Find(ColumnMarks marks, ReadOnlySpan<int> rows, Span<int> found)
    {
        var arity = _relation!.Arity;
        rows[.._varying].CopyTo(_rest);
        rows[(_varying + 1)..arity].CopyTo(_rest.AsSpan(_varying));
        if (!marks.TryMark(_rest, found.Length))
        {
            _relation.Find(rows, found);
            return;
        }

        var (bits, least) = (marks.Bits, marks.Least);
        for (int i = 0, cell = _varying; i < found.Length; i++, cell += arity)
        {
            var place = (long)rows[cell] - least;
            found[i] = (ulong)place < (ulong)bits.Length * 64 && (bits[place >> 6] >> (int)place & 1) != 0 ? 0 : -1;
        }
    }

    private bool HasSameRest(ReadOnlySpan<int> row, ReadOnlySpan<int> other)
    {
        for (var column = 0; column < row.Length; column++)
        {
            if (column != _varying && row[column] != other[column])
            {
                return false;
            }
        }

        return true;
    }
}
