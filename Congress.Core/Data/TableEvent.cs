namespace Congress.Data;

/// <summary>What a subscriber is told of a table: states in order, each one that the publisher really had, and when they may be old.</summary>
/// <param name="Table">The table; its policy is the service that publishes it.</param>
public abstract record TableEvent(TableName Table);

/// <summary>Which state of a table it is.</summary>
/// <param name="Epoch">The life of the publisher.</param>
/// <param name="Sequence">The number of the state in it.</param>
public readonly record struct TableVersion(Epoch Epoch, ulong Sequence)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Epoch}:{Sequence}";
}

/// <summary>All rows of a state. What was known before is void.</summary>
/// <param name="Table">The table.</param>
/// <param name="Version">The state.</param>
/// <param name="Rows">Its rows, distinct, in no order.</param>
public sealed record TableSnapshot(TableName Table, TableVersion Version, IReadOnlyList<Row> Rows) : TableEvent(Table)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Table} @{Version}: {Rows.Count} rows";
}

/// <summary>What leads from the state before to the next.</summary>
/// <param name="Table">The table.</param>
/// <param name="Version">The state that it leads to.</param>
/// <param name="Inserted">Rows that the table did not have, in no order.</param>
/// <param name="Deleted">Rows that it had, in no order.</param>
public sealed record TableDelta(TableName Table, TableVersion Version, IReadOnlyList<Row> Inserted, IReadOnlyList<Row> Deleted) : TableEvent(Table)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Table} @{Version}: +{Inserted.Count} -{Deleted.Count}";
}

/// <summary>The state told last may be old: its publisher is not heard, or is being asked again.</summary>
/// <param name="Table">The table.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record TableStale(TableName Table, string Reason) : TableEvent(Table);

/// <summary>The state told last is current again, as far as heartbeats tell.</summary>
/// <param name="Table">The table.</param>
public sealed record TableFresh(TableName Table) : TableEvent(Table);
