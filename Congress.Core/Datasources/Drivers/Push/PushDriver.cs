using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Push;

/// <summary>Takes the rows of its tables from whoever brings them. It reads nothing.</summary>
/// <remarks>A table is replaced as a whole: by objects with values by column name, null where an object has none, or by arrays in column order. One item that
/// does not fit refuses them all.</remarks>
public sealed class PushDriver : IGroupedTables, IPushedTables
{
    /// <summary>The most rows of a table when nothing else is said.</summary>
    public const int DefaultMaxRows = 1_000_000;

    private readonly Dictionary<string, JsonRows> _tables;

    /// <summary>Makes a driver.</summary>
    /// <param name="tables">Its tables.</param>
    /// <param name="maxRows">The most rows of each.</param>
    public PushDriver(IReadOnlyList<TableSchema> tables, int maxRows = DefaultMaxRows)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        Schema = tables;
        _tables = tables.ToDictionary(table => table.Table, table => new JsonRows(table, maxRows), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TableGroup> Groups => [];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> PushedTables => _tables.Keys;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlyCollection<Row>> Translate(string table, JsonElement objects) =>
        _tables.TryGetValue(table, out var rows) ? new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal) { [table] = rows.Read(objects) }
        : throw new DriverException($"there is no table '{table}' to push; there are {string.Join(", ", _tables.Keys)}");

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?>(null);
}
