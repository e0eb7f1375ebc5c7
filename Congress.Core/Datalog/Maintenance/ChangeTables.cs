using Congress.Data;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>The tables that the evaluation of a change sees: as they were, as they will be, and what is between.</summary>
internal sealed class ChangeTables(Database database, DatabaseChange change, bool isWriter, Action<Relation, int[]> onMissingIndex)
    : Tables(database, change, isWriter, onMissingIndex)
{
    /// <summary>The tables of the component that is being worked on.</summary>
    public Dictionary<TableName, WorkingTable> Component { get; } = [];

    /// <summary>The height below which rows of the component support the candidates.</summary>
    public int Below { get; set; }

    public override TableView ViewOf(TableName table, int arity, RowRange range)
    {
        if (range == RowRange.Candidates || !Component.TryGetValue(table, out var working) || working.Change.Added.Arity != arity)
        {
            return range switch
            {
                RowRange.Inserted => Whole(Change!.Of(table)?.Inserted, arity),
                RowRange.Deleted => Whole(Change!.Of(table)?.Deleted, arity),
                RowRange.Lower => base.ViewOf(table, arity, RowRange.All),
                _ => base.ViewOf(table, arity, range),
            };
        }

        var before = working.Change.Before!;
        var rest = new TablePart(before, 0, before.Count, working.Change.Removed.Count > 0 ? working.Change.Removed : null);
        return range switch
        {
            RowRange.Inserted => new(new(working.Change.Added, working.AddedFrom, working.AddedTo)),
            RowRange.Deleted => new(new(working.Change.Removed, working.RemovedFrom, working.RemovedTo)),
            RowRange.Before => TableView.Of(before),
            RowRange.Lower => new(rest with { Below = Below }),
            _ => working.AddedTo == 0 ? new(rest) : new(rest, new(working.Change.Added, 0, working.AddedTo)),
        };
    }
}

/// <summary>A table of the component that is being worked on: its change so far, and which part of it the next round reads.</summary>
internal sealed class WorkingTable(TableChange change)
{
    public TableChange Change => change;

    /// <summary>The rows that may go, as something from which they follow goes.</summary>
    public Relation Suspects { get; } = new(change.Removed.Arity);

    public int AddedFrom { get; private set; }

    /// <summary>The end of the added rows that can be seen; those behind it have been derived in this round.</summary>
    public int AddedTo { get; private set; }

    public int RemovedFrom { get; private set; }

    public int RemovedTo { get; private set; }

    /// <summary>Makes the rows that were added since the last round the delta of the next, and gives them their height.</summary>
    /// <returns>False when there are none.</returns>
    public bool NextAdded(int? height)
    {
        (AddedFrom, AddedTo) = (AddedTo, change.Added.Count);
        if (height is { } given)
        {
            change.Added.SetHeights(AddedFrom, given);
        }

        return AddedFrom < AddedTo;
    }

    /// <summary>Makes the rows that were removed since the last time the delta of the next round.</summary>
    /// <returns>False when there are none.</returns>
    public bool NextRemoved()
    {
        (RemovedFrom, RemovedTo) = (RemovedTo, change.Removed.Count);
        return RemovedFrom < RemovedTo;
    }
}
