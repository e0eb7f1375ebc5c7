using Congress.Datalog.Storage;

namespace Congress.Datalog.Programs;

/// <summary>The rows of one table that a transaction will add and remove: apart from each other, net of what cancels out.</summary>
internal sealed class PendingRows(Relation? facts, int arity)
{
    public Relation Added { get; private set; } = new(arity);

    public Relation Removed { get; } = new(facts?.Arity ?? arity);

    /// <summary>The number of rows that the table will have.</summary>
    public int Count => (facts?.Count ?? 0) + Added.Count - Removed.Count;

    /// <summary>Makes room for rows of another width, now that the table will have no rows of the old one.</summary>
    public void Widen(int width) => Added = new(width);

    /// <summary>Adds a row.</summary>
    /// <returns>False when it is there already.</returns>
    public bool Insert(ReadOnlySpan<int> row) =>
        (Removed.Count > 0 && Removed.Remove(row)) || (facts?.Contains(row) != true && Added.Add(row));

    /// <summary>Adds rows that stand side by side.</summary>
    /// <returns>The number of those that are new.</returns>
    public int InsertAll(ReadOnlySpan<int> cells, int count)
    {
        var before = Count;
        if (facts is not { Count: > 0 } && Removed.Count == 0)
        {
            Added.AddAll(cells, count);
            return Count - before;
        }

        for (var row = 0; row < count; row++)
        {
            Insert(cells.Slice(row * Added.Arity, Added.Arity));
        }

        return Count - before;
    }

    /// <summary>Removes a row.</summary>
    /// <returns>False when it is not there.</returns>
    public bool Delete(ReadOnlySpan<int> row) =>
        Added.Remove(row) || (facts?.Contains(row) == true && Removed.Add(row));
}
