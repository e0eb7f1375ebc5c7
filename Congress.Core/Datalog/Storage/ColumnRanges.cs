namespace Congress.Datalog.Storage;

/// <summary>The least and the greatest handle in each column of a relation, as it was when it had so many rows.</summary>
internal sealed class ColumnRanges
{
    private readonly (int Least, int Greatest)[] _columns;

    private ColumnRanges(int count, (int, int)[] columns) => (Count, _columns) = (count, columns);

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    public (int Least, int Greatest) this[int column] => _columns[column];

    public static ColumnRanges Of(Relation relation)
    {
        var arity = relation.Arity;
        var columns = new (int Least, int Greatest)[arity];
        Array.Fill(columns, (int.MaxValue, int.MinValue));
        var cells = relation.Cells.AsSpan(0, relation.Count * arity);
        for (var column = 0; column < arity; column++)
        {
            var (least, greatest) = (int.MaxValue, int.MinValue);
            for (var i = column; i < cells.Length; i += arity)
            {
                least = Math.Min(least, cells[i]);
                greatest = Math.Max(greatest, cells[i]);
            }

            columns[column] = (least, greatest);
        }

        return new(relation.Count, columns);
    }
}
