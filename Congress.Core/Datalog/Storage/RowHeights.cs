namespace Congress.Datalog.Storage;

/// <summary>The heights of the rows of a relation, by row number.</summary>
/// <remarks>An evaluation gives them round by round to rows that it appends: then the first row of each round says all, and three thousand rounds of
/// four million rows are a few kilobytes. Once a row changes its place or somebody asks, there is a number for each row.</remarks>
internal sealed class RowHeights
{
    private readonly List<(int From, int Height)> _rounds = [];
    private int[]? _byRow;
    private int _count;   // of the rows that the rounds cover

    /// <summary>The height of a row. Readers who ask at once find the same.</summary>
    public int this[int row] => (Volatile.Read(ref _byRow) ?? List(_count))[row];

    /// <summary>Gives a height to all rows from a number on.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="count">The number of all rows.</param>
    /// <param name="height">The height.</param>
    public void Set(int from, int count, int height)
    {
        if (_byRow is null && from == _count)
        {
            _rounds.Add((from, height));
            _count = count;
            return;
        }

        Reserve(count);
        _byRow.AsSpan(from, count - from).Fill(height);
    }

    /// <summary>Gives a row a height.</summary>
    public void Set(int row, int height)
    {
        Reserve(_count);
        _byRow![row] = height;
    }

    /// <summary>Gives a row the height of another.</summary>
    public void Copy(int from, int to)
    {
        Reserve(_count);
        _byRow![to] = _byRow[from];
    }

    /// <summary>Makes room for so many rows, so that to set one needs no memory.</summary>
    public void Reserve(int rows)
    {
        if (_byRow is null)
        {
            List(rows);
        }
        else if (_byRow.Length < rows)
        {
            Array.Resize(ref _byRow, Math.Max(rows, (int)Math.Min(Array.MaxLength, _byRow.Length + (_byRow.Length / 2L))));
        }
    }

    private int[] List(int rows)
    {
        var byRow = new int[Math.Max(rows, _count)];
        for (var round = 0; round < _rounds.Count; round++)
        {
            var (from, height) = _rounds[round];
            var to = round + 1 < _rounds.Count ? _rounds[round + 1].From : _count;
            byRow.AsSpan(from, to - from).Fill(height);
        }

        Volatile.Write(ref _byRow, byRow);
        return byRow;
    }
}
