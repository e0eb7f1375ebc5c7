using System.Globalization;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Peer;

/// <summary>Follows tables of another Congress by its REST API.</summary>
public sealed class PeerDriver : IGroupedTables, IAsyncDisposable
{
    private readonly PeerClient _client;
    private readonly Dictionary<string, PeerTable> _tables;
    private readonly int _maxRows;

    /// <summary>Makes a driver.</summary>
    public PeerDriver(PeerOptions options, IReadOnlyList<PeerTable> tables)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tables);
        _client = new(options);
        _maxRows = options.MaxRows;
        _tables = tables.ToDictionary(table => table.Schema.Table, StringComparer.Ordinal);
        Schema = [.. tables.Select(table => table.Schema)];
        Groups = [.. tables.Select(table => new TableGroup(table.Schema.Table, [table.Schema.Table], table.IsLazy))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TableGroup> Groups { get; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var tables = new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal);
        foreach (var (name, table) in _tables)
        {
            tables[name] = await ReadAsync(table, cancellationToken).ConfigureAwait(false);
        }

        return tables;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal) { [group.Name] = await ReadAsync(_tables[group.Name], cancellationToken).ConfigureAwait(false) };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyCollection<Row>> ReadAsync(PeerTable table, CancellationToken cancellationToken)
    {
        using var answer = await _client.GetAsync(
            $"/v1/policies/{Uri.EscapeDataString(table.Source.Policy)}/tables/{Uri.EscapeDataString(table.Source.Table)}/rows", cancellationToken).ConfigureAwait(false);
        return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array
            ? Rows(table, results)
            : throw new DriverException($"table '{table.Source}': the answer has no list 'results'");
    }

    private HashSet<Row> Rows(PeerTable table, JsonElement results)
    {
        if (results.GetArrayLength() > _maxRows)
        {
            throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"table '{table.Source}' has {results.GetArrayLength()} rows, more than the {_maxRows} that are taken"));
        }

        var reader = new JsonRows(table.Schema, _maxRows);
        var rows = new HashSet<Row>();
        var index = 0;
        foreach (var result in results.EnumerateArray())
        {
            try
            {
                rows.Add(result.ValueKind == JsonValueKind.Object && result.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array ? reader.FromArray(data)
                    : throw new DriverException("there is no list 'data'"));
            }
            catch (DriverException exception)
            {
                throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"table '{table.Source}', results[{index}]: {exception.Message}"), exception.InnerException);
            }

            index++;
        }

        return rows;
    }
}
