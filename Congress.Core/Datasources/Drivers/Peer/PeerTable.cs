using Congress.Data;

namespace Congress.Datasources.Drivers.Peer;

/// <summary>A table of another Congress that is followed.</summary>
/// <param name="Source">Its name there.</param>
/// <param name="Schema">The table that it becomes here, with as many columns.</param>
/// <param name="IsLazy">Whether it is read only while somebody follows it.</param>
public sealed record PeerTable(TableName Source, TableSchema Schema, bool IsLazy = false);
