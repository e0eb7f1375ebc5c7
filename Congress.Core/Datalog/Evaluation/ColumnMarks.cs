using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>For the values of all columns of a relation but one, marks the values that this one has beside them.</summary>
internal sealed class ColumnMarks
{
    private const long MaxWidth = 1 << 24;

    private readonly Relation _relation;
    private readonly RelationIndex _index;
    private readonly int[] _rest;
    private int[] _marked = [];   // the places of the bits that are set
    private int _markedCount;
    private bool _isMarked;

    private ColumnMarks(Relation relation, int column, int[] others, RelationIndex index, int least, int width)
    {
        (_relation, Column, _index, Least) = (relation, column, index, least);
        (Bits, _rest) = (new ulong[(width + 63) / 64], new int[others.Length]);
    }

    /// <summary>The column whose values are marked.</summary>
    public int Column { get; }

    /// <summary>The value of the first bit.</summary>
    public int Least { get; }

    /// <summary>By value, whether it is marked.</summary>
    public ulong[] Bits { get; }

    /// <summary>Marks for a column of a relation, whose rows stay as they are.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="column">The column.</param>
    /// <param name="range">Values for which there must be a place, beside those of the column.</param>
    /// <param name="indexOn">Gives an index on some columns of a relation.</param>
    /// <returns>Null when the values lie too far apart.</returns>
    public static ColumnMarks? TryMake(Relation relation, int column, (int Least, int Greatest) range, Func<Relation, int[], RelationIndex> indexOn)
    {
        var (least, greatest) = relation.RangeOf(column);
        (least, greatest) = (Math.Min(least, range.Least), Math.Max(greatest, range.Greatest));
        if ((long)greatest - least >= MaxWidth || least > greatest)
        {
            return null;
        }

        int[] others = [.. Enumerable.Range(0, relation.Arity).Where(c => c != column)];
        return new(relation, column, others, indexOn(relation, others), least, greatest - least + 1);
    }

    /// <summary>Marks the values that stand beside others, unless they are marked.</summary>
    /// <param name="rest">The values of the other columns, in order.</param>
    /// <param name="most">The most values to mark for it.</param>
    /// <returns>False when there are more.</returns>
    public bool TryMark(ReadOnlySpan<int> rest, int most)
    {
        if (_isMarked && rest.SequenceEqual(_rest))
        {
            return true;
        }

        var rows = _index.RowsWith(rest);
        if (rows.Length > most)
        {
            return false;
        }

        Unmark();
        _isMarked = true;
        rest.CopyTo(_rest);
        if (_marked.Length < rows.Length)
        {
            _marked = new int[Math.Max(rows.Length, 2 * _marked.Length)];
        }

        var (cells, arity, bits) = (_relation.Cells, _relation.Arity, Bits);
        for (var i = 0; i < rows.Length; i++)
        {
            var place = cells[(rows[i] * arity) + Column] - Least;
            bits[place >> 6] |= 1UL << place;
            _marked[i] = place;
        }

        _markedCount = rows.Length;
        return true;
    }

    private void Unmark()
    {
        for (var i = 0; i < _markedCount; i++)
        {
            Bits[_marked[i] >> 6] = 0;
        }

        _markedCount = 0;
    }
}
