using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>A table as its publisher has it: the rows, the number and the hash of their state, and the last changes.</summary>
internal sealed class PublishedTable(TableName name, Epoch epoch, ProtocolSettings settings, RingBudget budget)
{
    private readonly RowStore _rows = new();
    private readonly RowHash _hashes = new(epoch);

    public TableName Name => name;

    public Epoch Epoch => epoch;

    /// <summary>The number of the state; 0 before the first.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>The sum of the hashes of the rows.</summary>
    public UInt128 Hash { get; private set; }

    public int Count => _rows.Count;

    /// <summary>Whether the state is one that the service stands by.</summary>
    public bool IsCurrent { get; set; } = true;

    public DeltaRing Ring { get; } = new(settings, budget);

    /// <summary>Makes the rows those given.</summary>
    /// <returns>Whether there is a new state: the first one, or one with other rows.</returns>
    public bool Replace(IReadOnlyCollection<Row> rows)
    {
        if (_rows.Count == 0)
        {
            return Change(rows, []);
        }

        var after = rows as IReadOnlySet<Row> ?? rows.ToHashSet();
        return Change([.. after.Where(row => !_rows.Contains(row))], [.. _rows.Rows.Where(row => !after.Contains(row))]);
    }

    /// <summary>Takes rows out, then puts rows in; what cancels out is no change.</summary>
    /// <returns>Whether there is a new state.</returns>
    public bool Change(IReadOnlyCollection<Row> inserted, IReadOnlyCollection<Row> deleted)
    {
        if (Sequence == ulong.MaxValue)
        {
            throw new InvalidOperationException($"table {name} has had {Sequence} states; restart its service to begin again");
        }

        var gone = new List<Row>(deleted.Count);
        foreach (var row in deleted)
        {
            if (_rows.Remove(row))
            {
                gone.Add(row);
            }
        }

        var came = new List<Row>(inserted.Count);
        foreach (var row in inserted)
        {
            if (_rows.Add(row))
            {
                came.Add(row);
            }
        }

        if (gone.Count > 0 && came.Count > 0)
        {
            CancelOut(came, gone);
        }

        if (came.Count + gone.Count == 0 && Sequence > 0)
        {
            return false;
        }

        long bytes = 64;
        foreach (var row in came)
        {
            Hash += _hashes.Of(row);
            bytes += RowSize.Of(row);
        }

        foreach (var row in gone)
        {
            Hash -= _hashes.Of(row);
            bytes += RowSize.Of(row);
        }

        Sequence++;
        Ring.Add(new(Sequence, [.. came], [.. gone], bytes));
        return true;
    }

    /// <summary>All rows of the state, unmoved by later changes.</summary>
    public IReadOnlyList<ReadOnlyMemory<Row>> Cut() => _rows.Cut();

    private static void CancelOut(List<Row> came, List<Row> gone)
    {
        var back = came.ToHashSet();
        back.IntersectWith(gone);
        if (back.Count > 0)
        {
            came.RemoveAll(back.Contains);
            gone.RemoveAll(back.Contains);
        }
    }
}
