using Congress.Data;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>The tables that an evaluation sees: the committed ones, those that a change touches, and what it computes for itself.</summary>
/// <param name="database">The committed state.</param>
/// <param name="change">The change whose outcome is seen; null for none.</param>
/// <param name="isWriter">Whether indexes may be added to shared relations; a reader keeps those that it makes for itself.</param>
/// <param name="onMissingIndex">Told of an index that a reader would have liked to find.</param>
internal class Tables(Database database, DatabaseChange? change, bool isWriter, Action<Relation, int[]>? onMissingIndex = null) : ITables
{
    private Dictionary<TableName, Relation>? _computed;   // none, for most changes and prepared questions
    private Dictionary<(Relation, string), RelationIndex>? _indexes;

    /// <summary>The change whose outcome is seen; null for none.</summary>
    protected DatabaseChange? Change => change;

    /// <summary>The rows of a head for which derivations are looked for.</summary>
    public Relation? Candidates { get; set; }

    /// <summary>Keeps the rows of a table for this evaluation.</summary>
    public void Keep(TableName table, Relation rows) => (_computed ??= [])[table] = rows;

    /// <summary>Whether a derived table need not be computed.</summary>
    public bool HasDerived(TableName table) => ComputedOf(table) is not null || (change is null
        ? database.DerivedOf(table) is not null
        : change.Derived.ContainsKey(table) || (database.DerivedOf(table) is not null && !change.Forgotten.Contains(table)));

    /// <summary>The rows of a table; of a derived one that is not kept, its facts.</summary>
    public TableView RowsOf(TableName table, int arity) => ViewOf(table, arity, RowRange.All);

    /// <summary>The number of columns of a table that has rows; null for one without.</summary>
    public int? ArityOf(TableName table) =>
        ComputedOf(table) is { } own ? own.Arity
        : change?.Of(table) is { } changed ? (changed.Replacement ?? (changed.Added.Count > 0 ? changed.Added : changed.Before))?.Arity
        : database.RowsOf(table)?.Arity;

    /// <summary>The given rows of a table, without derived ones.</summary>
    public TableView FactsOf(TableName table, int arity) =>
        change is not null && change.Facts.TryGetValue(table, out var facts) ? After(facts, arity) : Whole(database.FactsOf(table), arity);

    /// <summary>Rows of a table to plan by: most of those that it has.</summary>
    public Relation? LargestPartOf(TableName table)
    {
        if (ComputedOf(table) is { } own)
        {
            return own;
        }

        if (change?.Of(table) is not { } changed)
        {
            return database.RowsOf(table);
        }

        return changed.Replacement ?? (changed.Before is { } before && before.Count >= changed.Added.Count ? before : changed.Added);
    }

    /// <inheritdoc/>
    public virtual TableView ViewOf(TableName table, int arity, RowRange range)
    {
        if (range is RowRange.Before or RowRange.Candidates)
        {
            return range == RowRange.Before ? Whole(database.RowsOf(table), arity) : TableView.Of(Candidates!);
        }

        return ComputedOf(table) is { } own ? Whole(own, arity)
            : change?.Of(table) is { } changed ? After(changed, arity)
            : Whole(change is not null && change.Forgotten.Contains(table) ? database.FactsOf(table) : database.RowsOf(table), arity);
    }

    /// <inheritdoc/>
    public RelationIndex IndexOn(Relation relation, int[] columns)
    {
        if (isWriter || !relation.IsShared)
        {
            return relation.IndexOn(columns);
        }

        if (relation.FindIndex(columns) is { } shared)
        {
            return shared;
        }

        var key = (relation, string.Join(' ', columns));
        if (_indexes is null || !_indexes.TryGetValue(key, out var index))
        {
            index = (_indexes ??= [])[key] = new(relation, columns);
            index.CatchUp();
            onMissingIndex?.Invoke(relation, columns);
        }

        return index;
    }

    private Relation? ComputedOf(TableName table) => _computed is not null && _computed.TryGetValue(table, out var own) ? own : null;

    /// <summary>All rows of a relation; none when it has another width.</summary>
    protected static TableView Whole(Relation? relation, int arity) =>
        TableView.Of(relation is not null && relation.Arity == arity ? relation : new(arity));

    /// <summary>The rows of a table after a change.</summary>
    protected static TableView After(TableChange change, int arity)
    {
        if (change.Replacement is not null)
        {
            return Whole(change.Replacement, arity);
        }

        if (change.Before is not { } before || before.Arity != arity || before.Count == change.Removed.Count)
        {
            return Whole(change.Added, arity);
        }

        var rest = new TablePart(before, 0, before.Count, change.Removed.Count > 0 ? change.Removed : null);
        return change.Added.Count == 0 ? new(rest) : new(rest, new(change.Added, 0, change.Added.Count));
    }
}
