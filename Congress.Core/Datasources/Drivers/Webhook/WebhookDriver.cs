using System.Collections.Frozen;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Webhook;

/// <summary>Tables that a system fills by telling of its changes. They can be pushed as a whole too.</summary>
/// <remarks>A message changes all tables of which it says something, or none when it makes no sense. A reading gives what messages and the time have changed since
/// the last one.</remarks>
public sealed class WebhookDriver : IGroupedTables, IPushedTables, IWebhook
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly FrozenDictionary<string, (WebhookMessages Messages, JsonRows Pushed, KeyedRows Rows)> _tables;

    /// <summary>Makes a driver.</summary>
    /// <exception cref="ArgumentException">A key has a column that its table has not.</exception>
    public WebhookDriver(IReadOnlyList<WebhookTable> tables, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.FirstOrDefault(table => table.Key.Any(column => table.Schema.IndexOf(column) < 0)) is { } wrong)
        {
            throw new ArgumentException($"The key of {wrong.Schema} has a column that it has not.", nameof(tables));
        }

        _time = time ?? TimeProvider.System;
        Schema = [.. tables.Select(table => table.Schema)];
        Groups = [.. Schema.Select(schema => new TableGroup(schema.Table, [schema.Table]))];
        PushedTables = [.. Schema.Select(schema => schema.Table)];
        _tables = tables.ToFrozenDictionary(
            table => table.Schema.Table,
            table => (new WebhookMessages(table), new JsonRows(table.Schema, table.MaxRows), new KeyedRows(table, new WebhookMessages(table).Key)),
            StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TableGroup> Groups { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> PushedTables { get; }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            foreach (var (_, _, rows) in _tables.Values)
            {
                rows.Expire(now);
                rows.HasChanged = false;
            }

            return ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(RowsOf(_tables.Keys));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        lock (_lock)
        {
            var rows = _tables[group.Name].Rows;
            rows.Expire(_time.GetUtcNow());
            var hasChanged = rows.HasChanged;
            rows.HasChanged = false;
            return ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?>(hasChanged ? RowsOf([group.Name]) : null);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Of several rows with one key the last one given stays.</remarks>
    public IReadOnlyDictionary<string, IReadOnlyCollection<Row>> Translate(string table, JsonElement objects)
    {
        if (!_tables.TryGetValue(table, out var found))
        {
            throw new DriverException($"there is no table '{table}' to push; there are {string.Join(", ", PushedTables)}");
        }

        var pushed = found.Pushed.Read(objects);
        lock (_lock)
        {
            found.Rows.Become(found.Rows.After(WebhookOperation.Replace, pushed, _time.GetUtcNow()));
            return RowsOf([table]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReceiveAsync(JsonElement message, CancellationToken cancellationToken = default)
    {
        var changes = _tables.Select(table => (Table: table.Key, table.Value.Rows, Change: table.Value.Messages.Find(message))).Where(found => found.Change is not null).ToArray();
        if (changes.Length == 0 && !_tables.Values.Any(table => table.Messages.Knows(message)))
        {
            throw new DriverException($"the message says nothing of any table; expected items at {string.Join(" or ", _tables.Values.Select(table => $"'{table.Messages.Place}'").Distinct(StringComparer.Ordinal))}");
        }

        lock (_lock)
        {
            var now = _time.GetUtcNow();
            foreach (var (_, rows, _) in changes)
            {
                rows.Expire(now);
            }

            foreach (var (rows, after) in changes.Select(c => (c.Rows, c.Rows.After(c.Change!.Value.Operation, c.Change.Value.Rows, now))).ToArray())
            {
                rows.Become(after);
            }

            return ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(RowsOf(changes.Select(change => change.Table)));
        }
    }

    private Dictionary<string, IReadOnlyCollection<Row>> RowsOf(IEnumerable<string> tables) =>
        tables.ToDictionary(table => table, table => _tables[table].Rows.All, StringComparer.Ordinal);
}
