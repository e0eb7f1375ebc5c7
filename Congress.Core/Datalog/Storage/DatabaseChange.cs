using Congress.Data;

namespace Congress.Datalog.Storage;

/// <summary>What a change does to all tables. Committed, it is the next version; not committed, it is a what-if.</summary>
internal sealed class DatabaseChange(Dictionary<TableName, TableChange> facts)
{
    /// <summary>The changes of given rows.</summary>
    public Dictionary<TableName, TableChange> Facts => facts;

    /// <summary>The changes of derived tables that are kept, their given rows included.</summary>
    public Dictionary<TableName, TableChange> Derived { get; } = [];

    /// <summary>The recursions whose tables were computed anew or extended, with the height that was reached.</summary>
    public Dictionary<TableName, (Recursion Recursion, int Height)> Recursions { get; } = [];

    /// <summary>The derived tables that are no longer kept.</summary>
    public HashSet<TableName> Forgotten { get; } = [];

    /// <summary>What happens to a table, given rows and derived ones together; null when nothing does.</summary>
    public TableChange? Of(TableName table) =>
        Derived.TryGetValue(table, out var derived) ? derived : Facts.GetValueOrDefault(table);

    /// <summary>Makes room for the change, so that the commit needs no memory.</summary>
    public void ReserveIn(Database database)
    {
        foreach (var (table, change) in Facts)
        {
            if (database.FactsOf(table) is { } facts && facts.Count > change.Removed.Count)
            {
                facts.Reserve(change.Removed, change.Added);
            }
        }

        foreach (var change in Derived.Values)
        {
            change.Before?.Reserve(change.Removed, change.Added);
        }
    }

    /// <summary>Puts the change into effect. It only moves rows that have been worked out, so it cannot fail half way.</summary>
    public void CommitTo(Database database)
    {
        foreach (var (table, change) in Facts)
        {
            database.ChangeFacts(table, change.Removed, change.Added);
        }

        foreach (var (table, change) in Derived)
        {
            // Rows that were changed without regard to heights have none any more.
            var recursion = Recursions.TryGetValue(table, out var found) ? found.Recursion : null;
            if (change.Replacement is not null || change.Before is null)
            {
                database.SetDerived(table, new(change.Replacement ?? change.Added, recursion));
            }
            else
            {
                if (recursion is null && database.DerivedOf(table)!.Recursion is not null)
                {
                    change.Before.DropHeights();
                    database.SetDerived(table, new(change.Before, null));
                }

                change.Before.Change(change.Removed, change.Added);
            }
        }

        foreach (var (recursion, height) in Recursions.Values)
        {
            recursion.Height = height;
        }

        foreach (var table in Forgotten)
        {
            database.ForgetDerived(table);
        }
    }
}
