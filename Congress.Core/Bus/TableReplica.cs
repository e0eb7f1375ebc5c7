using Congress.Data;

namespace Congress.Bus;

/// <summary>The rows of a table as a subscriber has been told them. For one reader.</summary>
public sealed class TableReplica
{
    private HashSet<Row> _rows;

    /// <summary>Makes a replica.</summary>
    /// <param name="rows">The rows that its reader has already, of whatever state; none unless told.</param>
    public TableReplica(IEnumerable<Row>? rows = null) => _rows = rows?.ToHashSet() ?? [];

    /// <summary>The rows.</summary>
    public IReadOnlySet<Row> Rows => _rows;

    /// <summary>The state that they are; null before the first.</summary>
    public TableVersion? Version { get; private set; }

    /// <summary>Whether they may be old; before the first state, too.</summary>
    public bool IsStale { get; private set; } = true;

    /// <summary>Takes an event over.</summary>
    /// <returns>What it changed: a snapshot, too, is told as the rows that came and went.</returns>
    public (IReadOnlyList<Row> Inserted, IReadOnlyList<Row> Deleted) Apply(TableEvent next)
    {
        switch (next)
        {
            case TableSnapshot snapshot:
                var after = snapshot.Rows.ToHashSet();
                var change = ((Row[])[.. after.Where(r => !_rows.Contains(r))], (Row[])[.. _rows.Where(r => !after.Contains(r))]);
                (_rows, Version, IsStale) = (after, snapshot.Version, false);
                return change;
            case TableDelta delta:
                _rows.ExceptWith(delta.Deleted);
                _rows.UnionWith(delta.Inserted);
                Version = delta.Version;
                return (delta.Inserted, delta.Deleted);
            default:
                IsStale = next is TableStale;
                return ([], []);
        }
    }
}
