namespace Congress.Data;

/// <summary>Some rows of a reader at once: small integers as they are, each other value by its place in a list.</summary>
internal sealed class RowBlock
{
    /// <summary>The most rows.</summary>
    public const int MaxRows = 1024;

    /// <summary>The cell of the first value in the list; what is less is an integer, from the negative of this on.</summary>
    public const int FirstOther = 1 << 30;

    private Value[] _others = [];

    /// <summary>The number of cells in a row.</summary>
    public int Width { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Count { get; set; }

    /// <summary>The rows side by side, with room for all that there may be.</summary>
    public int[] Cells { get; private set; } = [];

    /// <summary>The values that are no small integers.</summary>
    public ReadOnlySpan<Value> Others => _others.AsSpan(0, OtherCount);

    /// <summary>The number of values that are no small integers.</summary>
    public int OtherCount { get; private set; }

    /// <summary>Empties the block for rows of a width.</summary>
    public void Start(int width)
    {
        (Width, Count, OtherCount) = (width, 0, 0);
        if (Cells.Length < width * MaxRows)
        {
            Cells = new int[width * MaxRows];
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<Value> row)
    {
        var cell = Count * Width;
        foreach (var value in row)
        {
            Cells[cell++] = CellOf(value);
        }

        Count++;
    }

    private int CellOf(Value value)
    {
        if (value.Kind == ValueKind.Integer && value.AsInteger() is >= -FirstOther and < FirstOther and var small)
        {
            return (int)small;
        }

        if (OtherCount == _others.Length)
        {
            Array.Resize(ref _others, Math.Max(MaxRows, 2 * OtherCount));
        }

        _others[OtherCount] = value;
        return FirstOther + OtherCount++;
    }
}
