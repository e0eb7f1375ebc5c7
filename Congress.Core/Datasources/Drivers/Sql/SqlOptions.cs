namespace Congress.Datasources.Drivers.Sql;

/// <summary>How a <see cref="SqlDriver"/> asks a database.</summary>
public sealed record SqlOptions
{
    /// <summary>How long the answer to a query may take, and a statement.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most rows of a table.</summary>
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
