namespace Congress.Datalog.Storage;

/// <summary>Within which handles the columns of a relation lie; rows that have gone since may have lain farther out.</summary>
internal sealed class ColumnRanges
{
    private readonly (int Least, int Greatest)[] _columns;

    private ColumnRanges(int count, (int, int)[] columns) => (Count, _columns) = (count, columns);

    /// <summary>So many rows, from the first on, have been looked at.</summary>
    public int Count { get; }

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
            var (least, greatest) = known?._columns[column] ?? (int.MaxValue, int.MinValue);
            for (var i = (from * arity) + column; i < cells.Length; i += arity)
            {
                least = Math.Min(least, cells[i]);
                greatest = Math.Max(greatest, cells[i]);
            }

            columns[column] = (least, greatest);
        }

        return new(relation.Count, columns);
    }

    /// <summary>The same ranges, now that the relation has one row less.</summary>
    public ColumnRanges WithoutOne() => new(Count - 1, _columns);
}
