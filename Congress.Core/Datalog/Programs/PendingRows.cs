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

    /// <summary>Removes a row.</summary>
    /// <returns>False when it is not there.</returns>
    public bool Delete(ReadOnlySpan<int> row) =>
        Added.Remove(row) || (facts?.Contains(row) == true && Removed.Add(row));
}
