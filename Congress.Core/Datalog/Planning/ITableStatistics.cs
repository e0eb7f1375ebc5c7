using Congress.Data;

namespace Congress.Datalog.Planning;

/// <summary>What the planner knows of the tables.</summary>
internal interface ITableStatistics
{
    /// <summary>The number of rows of a table.</summary>
    long RowsOf(TableName table);

    /// <summary>About how many distinct values stand in a column.</summary>
    double DistinctIn(TableName table, int column);

    /// <summary>Whether rows can be found by the given columns without making an index.</summary>
    bool HasIndexOn(TableName table, int[] columns);
}
