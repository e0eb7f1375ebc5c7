using Congress.Data;

namespace Congress.Datasources;

/// <summary>What a reading of a source changes in a table: the rows that were not there the last time, and those that are gone.</summary>
/// <param name="Table">The table, as the source names it.</param>
/// <param name="Inserted">The rows that came, in no order.</param>
/// <param name="Deleted">The rows that went, in no order.</param>
public sealed record TableDiff(string Table, IReadOnlyList<Row> Inserted, IReadOnlyList<Row> Deleted)
{
    /// <summary>Compares two readings of a source.</summary>
    /// <param name="before">The rows of each table at the last reading; empty when there was none.</param>
    /// <param name="after">The rows of each table now. A table that a reading does not have is empty.</param>
    /// <returns>The tables that differ, sorted by name.</returns>
    public static IReadOnlyList<TableDiff> Between(
        IReadOnlyDictionary<string, IReadOnlyCollection<Row>> before, IReadOnlyDictionary<string, IReadOnlyCollection<Row>> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return [.. before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(table => Between(table, RowsOf(table, before), RowsOf(table, after)))
            .Where(diff => diff.Inserted.Count + diff.Deleted.Count > 0)];
    }

    private static TableDiff Between(string table, IReadOnlySet<Row> before, IReadOnlySet<Row> after) =>
        new(table, [.. after.Where(row => !before.Contains(row))], [.. before.Where(row => !after.Contains(row))]);

    private static IReadOnlySet<Row> RowsOf(string table, IReadOnlyDictionary<string, IReadOnlyCollection<Row>> reading) =>
        !reading.TryGetValue(table, out var rows) ? new HashSet<Row>() : rows as IReadOnlySet<Row> ?? rows.ToHashSet();
}
