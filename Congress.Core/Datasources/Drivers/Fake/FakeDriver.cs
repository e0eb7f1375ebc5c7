using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Fake;

/// <summary>A datasource to try things with: one table that is pushed, and an action that does nothing.</summary>
/// <remarks>A reading changes nothing. Of a pushed object what is no column is passed over, and what is missing is null. A webhook message is one such object or a
/// list of them, which come to the rows that there are.</remarks>
public sealed class FakeDriver : IGroupedTables, IPushedTables, IWebhook, IActionDriver
{
    private const int MaxRows = 1_000_000;
    private const int MaxCalls = 100;

    private readonly JsonRows _reader = new(Table, MaxRows, IsLenient: true);
    private readonly Lock _lock = new();
    private HashSet<Row> _rows = [];
    private DriverCall[] _calls = [];

    /// <summary>The table.</summary>
    public static TableSchema Table { get; } = new("fake_table", "id", "name");

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema { get; } = [Table];

    /// <inheritdoc/>
    public IReadOnlyList<TableGroup> Groups { get; } = [new(Table.Table, [Table.Table])];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> PushedTables { get; } = [Table.Table];

    /// <inheritdoc/>
    /// <remarks>It takes any other name as well.</remarks>
    public IReadOnlyList<DriverAction> Actions { get; } = [new("fake_act", [new("server_id", "server to act", IsRequired: false)], "fake action")];

    /// <summary>The last hundred calls, the newest last.</summary>
    public IReadOnlyList<DriverCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return _calls;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?>(null);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlyCollection<Row>> Translate(string table, JsonElement objects)
    {
        if (table != Table.Table)
        {
            throw new DriverException($"there is no table '{table}' to push; there is {Table.Table}");
        }

        var rows = _reader.Read(objects).ToHashSet();
        lock (_lock)
        {
            return Became(rows);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReceiveAsync(JsonElement message, CancellationToken cancellationToken = default)
    {
        var added = message.ValueKind == JsonValueKind.Array ? _reader.Read(message) : [_reader.FromObject(message)];
        lock (_lock)
        {
            var rows = new HashSet<Row>(_rows);
            rows.UnionWith(added);
            return rows.Count <= MaxRows ? ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(Became(rows)) : throw new DriverException($"table '{Table.Table}' is full");
        }
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(DriverCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        lock (_lock)
        {
            _calls = [.. _calls.TakeLast(MaxCalls - 1), call];
        }

        return ValueTask.CompletedTask;
    }

    private Dictionary<string, IReadOnlyCollection<Row>> Became(HashSet<Row> rows)
    {
        _rows = rows;
        return new(StringComparer.Ordinal) { [Table.Table] = rows };
    }
}
