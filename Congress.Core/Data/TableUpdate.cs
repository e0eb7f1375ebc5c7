namespace Congress.Data;

/// <summary>What has become of a table: all its rows, or what a change brought and took away.</summary>
/// <param name="Table">The table.</param>
/// <param name="Version">The version of the engine with which this holds; it grows with every change.</param>
/// <param name="IsSnapshot">Whether <paramref name="Inserted"/> are all rows that the table has, and what was known before is void.</param>
/// <param name="Inserted">The rows that came, sorted; net of what cancels out.</param>
/// <param name="Deleted">The rows that went, sorted.</param>
public sealed record TableUpdate(TableName Table, long Version, bool IsSnapshot, IReadOnlyList<Row> Inserted, IReadOnlyList<Row> Deleted)
{
    /// <summary>One row a line: <c>+</c> or <c>-</c>, then the fact.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, Inserted.Select(r => $"+ {Table}{r}").Concat(Deleted.Select(r => $"- {Table}{r}")));

    /// <summary>This update and the next one as one.</summary>
    internal TableUpdate Then(TableUpdate next)
    {
        if (next.IsSnapshot)
        {
            return next;
        }

        var (inserted, deleted) = (new SortedSet<Row>(Inserted), new SortedSet<Row>(Deleted));
        foreach (var row in next.Deleted)
        {
            _ = inserted.Remove(row) || IsSnapshot || deleted.Add(row);
        }

        foreach (var row in next.Inserted)
        {
            _ = deleted.Remove(row) || inserted.Add(row);
        }

        return new(Table, next.Version, IsSnapshot, [.. inserted], [.. deleted]);
    }
}
