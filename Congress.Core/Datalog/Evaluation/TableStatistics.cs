using Congress.Data;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Tells the planner the sizes of relations and how many distinct values their columns hold.</summary>
internal sealed class TableStatistics(Func<TableName, Relation?> rowsOf) : ITableStatistics
{
    public long RowsOf(TableName table) => rowsOf(table)?.Count ?? 0;

    public bool HasIndexOn(TableName table, int[] columns) => rowsOf(table)?.FindIndex(columns) is not null;

    public double DistinctIn(TableName table, int column) =>
        rowsOf(table) is { Count: > 0 } relation && column < relation.Arity ? relation.DistinctIn(column) : 1;
}
