using Congress.Data;

namespace Congress.Datasources.Drivers.Sql;

/// <summary>A table that a query fills.</summary>
/// <param name="Schema">The table. The columns of the query are its columns in order.</param>
/// <param name="Query">The query.</param>
/// <param name="IsLazy">Whether it is read only while somebody follows it.</param>
public sealed record SqlTable(TableSchema Schema, string Query, bool IsLazy = false)
{
    /// <summary>Whether the columns are those that the query had once, and it must have the same names from then on.</summary>
    public bool IsDescribed { get; init; }
}
