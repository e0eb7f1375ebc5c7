using Congress.Data;
using Congress.Datalog.Maintenance;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;
using Congress.Diagnostics;

namespace Congress.Datalog;

/// <summary>A change that has been worked out beside the present version: it can be read, committed, or dropped.</summary>
/// <param name="Transaction">The changes of rows and rules.</param>
/// <param name="Change">What follows from them; null when they are refused.</param>
/// <param name="Tables">The tables as they would be; null when the changes are refused.</param>
internal sealed record Proposal(Transaction Transaction, StateChange? Change, ChangeTables? Tables)
{
    public bool IsPermitted => Change is not null;

    public IReadOnlyList<Diagnostic> Diagnostics => Transaction.Diagnostics;

    public long Order => Transaction.Order;

    /// <summary>What a table gains and loses, of those that are given or kept up to date; null when it stays as it is.</summary>
    public TableChange? Of(TableName table) => Change!.Rows.Of(table) is { IsEmpty: false } change ? change : null;

    /// <summary>Whether a table changes.</summary>
    public bool Changes(TableName table) => Of(table) is not null;

    /// <summary>The rows that a table gains, or loses, sorted.</summary>
    public Row[] RowsOf(TableName table, bool isInserted) =>
        Of(table) is { } change ? Transaction.Symbols.SortedRowsOf(isInserted ? change.Inserted : change.Deleted) : [];

    /// <summary>The tables that change.</summary>
    public IEnumerable<TableName> Changed => Change!.Rows.Derived.Keys.Concat(Change.Rows.Facts.Keys.Where(t => !Change.Rows.Derived.ContainsKey(t)))
        .Where(t => Of(t) is not null);
}
