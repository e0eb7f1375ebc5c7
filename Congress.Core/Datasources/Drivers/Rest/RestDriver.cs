using Congress.Data;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>Reads resources of a system that speaks JSON over HTTP, and acts by requests with placeholders.</summary>
/// <remarks>Each resource is a group of tables of its own. Whatever goes wrong, no message shows a secret.</remarks>
internal sealed class RestDriver : IGroupedTables, IActionDriver, IAsyncDisposable
{
    private readonly RestClient _client;
    private readonly RestWords _words;
    private readonly RestSessions _sessions;
    private readonly Dictionary<TableGroup, RestReader> _readers;
    private readonly IReadOnlyList<RestAction> _actions;

    public RestDriver(RestConfiguration configuration, TimeProvider time)
    {
        _words = new(configuration.Secrets, time);
        _client = new(_words, configuration.Timeout, configuration.MaxRedirects, time);
        _sessions = new(_client, _words, configuration.Secrets, configuration.Login, configuration.Headers, configuration.Values);
        _readers = configuration.Resources.ToDictionary(
            resource => resource.Group,
            resource => new RestReader(resource, _client, _words, _sessions, configuration.Values, configuration.MaxPages, configuration.MaxBytes));
        _actions = configuration.Actions;
        Schema = [.. configuration.Resources.SelectMany(resource => resource.Translator.Tables)];
        Groups = [.. configuration.Resources.Select(resource => resource.Group)];
        Actions = [.. _actions.Select(action => action.Action)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TableGroup> Groups { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DriverAction> Actions { get; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var tables = new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal);
        foreach (var reader in Groups.Select(group => _readers[group]))
        {
            foreach (var (table, rows) in (await reader.ReadAsync(isConditional: false, cancellationToken).ConfigureAwait(false))!)
            {
                tables.Add(table, rows);
            }
        }

        return tables;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default) =>
        await _readers[group].ReadAsync(isConditional: true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(DriverCall call, CancellationToken cancellationToken = default)
    {
        var action = _actions.FirstOrDefault(known => known.Action.Name == call.Action)
            ?? throw new DriverException($"there is no action '{call.Action}'; {(_actions.Count == 0 ? "there are none" : $"there are {string.Join(", ", _actions.Select(a => a.Action.Name))}")}");
        await action.RunAsync(call, _client, _words, _sessions, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _sessions.Dispose();
        return ValueTask.CompletedTask;
    }
}
