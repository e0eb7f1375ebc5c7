using Congress.Data;

namespace Congress.Datasources.Drivers.Push;

/// <summary>Makes datasources whose tables are pushed.</summary>
public sealed class PushDriverFactory : IDriverFactory
{
    /// <inheritdoc/>
    public string Name => "push";

    /// <inheritdoc/>
    public string Description => "Tables whose rows others bring, all at once.";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new("tables", $"an object with the columns of each table, {{\"servers\": [\"id:int\", \"name\"]}}; {TableColumns.Form}", IsRequired: true),
        new("max_rows", "the most rows of a table; 1,000,000 when it is not there"),
        new("description", "what the tables are about, for people"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables => [];

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new PushDriver(TableColumns.ReadAll(settings, "tables"), (int)settings.Number("max_rows", PushDriver.DefaultMaxRows, 1, int.MaxValue));
    }
}
