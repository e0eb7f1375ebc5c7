using System.Numerics;

namespace Congress.Datalog.Storage;

/// <summary>Within which handles the columns of a relation lie; rows that have gone since may have lain farther out.</summary>
/// <remarks>Only a commit, beside which nobody reads, changes one that others have seen.</remarks>
internal sealed class ColumnRanges
{
    private const int MaxVectorized = 16;   // columns

    private readonly (int Least, int Greatest)[] _columns;

    private ColumnRanges(int count, (int, int)[] columns) => (Count, _columns) = (count, columns);

    /// <summary>So many rows, from the first on, have been looked at.</summary>
    public int Count { get; private set; }

    public (int Least, int Greatest) this[int column] => _columns[column];

    /// <summary>The ranges of a relation.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="known">Those of its first rows; null for none.</param>
    public static ColumnRanges Of(Relation relation, ColumnRanges? known)
    {
        var arity = relation.Arity;
        var columns = new (int Least, int Greatest)[arity];
        var cells = relation.Cells.AsSpan(0, relation.Count * arity);
        var from = known?.Count ?? 0;
        for (var column = 0; column < arity; column++)
        {
            columns[column] = known?._columns[column] ?? (int.MaxValue, int.MinValue);
        }

        cells = cells[(from * arity)..];
        var whole = arity is > 0 and <= MaxVectorized ? WidenByVectors(columns, cells) : 0;
        for (var column = 0; column < arity; column++)
        {
            var (least, greatest) = columns[column];
            for (var i = whole + column; i < cells.Length; i += arity)
            {
                least = Math.Min(least, cells[i]);
                greatest = Math.Max(greatest, cells[i]);
            }

            columns[column] = (least, greatest);
        }

        return new(relation.Count, columns);
    }

    /// <summary>Takes in rows, as many vectors at a time as there are columns, so that each lane of each vector stays with its column.</summary>
    /// <returns>The number of cells that were taken in.</returns>
    private static int WidenByVectors(Span<(int Least, int Greatest)> columns, ReadOnlySpan<int> cells)
    {
        var arity = columns.Length;
        var step = arity * Vector<int>.Count;
        Span<Vector<int>> least = stackalloc Vector<int>[arity];
        Span<Vector<int>> greatest = stackalloc Vector<int>[arity];
        least.Fill(new(int.MaxValue));
        greatest.Fill(new(int.MinValue));
        var cell = 0;
        for (; cell + step <= cells.Length; cell += step)
        {
            for (var i = 0; i < arity; i++)
            {
                var values = new Vector<int>(cells[(cell + (i * Vector<int>.Count))..]);
                least[i] = Vector.Min(least[i], values);
                greatest[i] = Vector.Max(greatest[i], values);
            }
        }

        for (var place = 0; place < step; place++)
        {
            var (vector, lane) = (place / Vector<int>.Count, place % Vector<int>.Count);
            ref var range = ref columns[place % arity];
            range = (Math.Min(range.Least, least[vector][lane]), Math.Max(range.Greatest, greatest[vector][lane]));
        }

        return cell;
    }

    /// <summary>Takes note that the relation, all of whose rows have been looked at, has one row less.</summary>
    public void Forget() => Count--;

    /// <summary>Takes in a row that has replaced another.</summary>
    public void Widen(ReadOnlySpan<int> row)
    {
        for (var column = 0; column < row.Length; column++)
        {
            var (least, greatest) = _columns[column];
            _columns[column] = (Math.Min(least, row[column]), Math.Max(greatest, row[column]));
        }
    }
}
