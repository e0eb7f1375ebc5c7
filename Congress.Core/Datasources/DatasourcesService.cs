using System.Text.Json;
using Congress.Bus;
using Congress.Data;
using Congress.Datasources.Serving;
using Congress.Diagnostics;

namespace Congress.Datasources;

/// <summary>Keeps which datasources there are, and runs them on its node: each in a service of its own, of which one instance at a time is active in a system.</summary>
/// <remarks>Every node that runs datasources has one. What there is stands in the store; a node that is told of a change, or finds one at its next look, starts,
/// stops and replaces its services, and touches no other.</remarks>
public sealed partial class DatasourcesService : DataService, IAsyncDisposable
{
    private readonly DatasourcesServiceOptions _options;
    private readonly Dictionary<string, (DatasourceRecord Datasource, DatasourceService Service)> _running = new(StringComparer.Ordinal);   // by identity
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);   // whose driver could not be made, by identity, and why
    private IReadOnlyList<DatasourceRecord> _datasources = [];
    private long _version = -1;

    /// <summary>Makes the service.</summary>
    /// <param name="options">Store, drivers and leases.</param>
    public DatasourcesService(DatasourcesServiceOptions options)
        : base(DatasourceMethods.Service)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        AddMethods();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, service) in _running.Values)
        {
            await service.DisposeAsync().ConfigureAwait(false);
        }

        _running.Clear();
    }

    /// <inheritdoc/>
    protected internal override async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        Every(_options.CatchUpInterval, async token =>
        {
            try
            {
                await CatchUpAsync(token).ConfigureAwait(false);
            }
            catch (StoreException)
            {
                // What runs goes on; the store is asked again at the next time.
            }
        });
    }

    /// <summary>Has the node run what the store says.</summary>
    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        if (await _options.Store.ReadAfterAsync(_version, cancellationToken).ConfigureAwait(false) is not var (version, datasources))
        {
            return;
        }

        (_datasources, _version) = (datasources, version);
        var wanted = datasources.Where(d => d.IsEnabled).ToDictionary(d => d.Id, StringComparer.Ordinal);
        foreach (var (id, (running, service)) in _running.ToArray())
        {
            if (!wanted.TryGetValue(id, out var now) || !IsSame(now, running))
            {
                _running.Remove(id);
                await Node.UnregisterAsync(service.Name).ConfigureAwait(false);
                await service.DisposeAsync().ConfigureAwait(false);
            }
        }

        foreach (var id in _failed.Keys.Except(wanted.Keys, StringComparer.Ordinal).ToArray())
        {
            _failed.Remove(id);
        }

        foreach (var datasource in wanted.Values.Where(d => !_running.ContainsKey(d.Id)))
        {
            Start(datasource);
        }
    }

    private void Start(DatasourceRecord datasource)
    {
        if (datasource.Unreadable is { } unreadable)
        {
            _failed[datasource.Id] = unreadable;
            return;
        }

        try
        {
            var (factory, settings) = SettingsOf(datasource);
            var poll = settings.Number("poll_time", 10, 0, 1e9);
            var service = new DatasourceService(datasource.Name, factory.Create(settings), new DatasourceServiceOptions
            {
                Interval = TimeSpan.FromSeconds(poll),
                LazyTables = settings.Find("lazy_tables") is { ValueKind: JsonValueKind.Array } lazy ? [.. lazy.EnumerateArray().Select(t => t.ToString())] : [],
                Kept = settings.Flag("persist_data") ? new(_options.Store, datasource.Id) : null,
                Time = _options.Time,
            });
            Node.Register(service, new() { SingleOwner = _options.Lease, LeaseTime = _options.LeaseTime });
            _running.Add(datasource.Id, (datasource, service));
            _failed.Remove(datasource.Id);
        }
        catch (Exception exception) when (exception is DriverException or DatasourceException or ArgumentException or IOException)
        {
            _failed[datasource.Id] = exception.Message;
        }
    }

    private (IDriverFactory Factory, DriverSettings Settings) SettingsOf(DatasourceRecord datasource)
    {
        var factory = _options.Drivers.Find(datasource.Driver)
            ?? throw new DatasourceException(DatasourceFailure.NoDriver, $"there is no driver '{datasource.Driver}'; there are {string.Join(", ", _options.Drivers.All.Select(d => d.Name))}");
        return (factory, new(datasource.Name, datasource.Config) { Time = _options.Time });
    }

    private static bool IsSame(DatasourceRecord one, DatasourceRecord other) =>
        one.Name == other.Name && one.Driver == other.Driver && one.Unreadable == other.Unreadable && one.Config.Count == other.Config.Count
        && one.Config.All(c => other.Config.TryGetValue(c.Key, out var value) && JsonElement.DeepEquals(c.Value, value));
}

/// <summary>What datasources are run with.</summary>
public sealed record DatasourcesServiceOptions
{
    /// <summary>Where it stands which datasources there are.</summary>
    public required IDatasourceStore Store { get; init; }

    /// <summary>The drivers that they can have.</summary>
    public DriverRegistry Drivers { get; init; } = DriverRegistry.BuiltIn;

    /// <summary>Lets one node at a time run a datasource; null when there is only one node.</summary>
    public ILease? Lease { get; init; }

    /// <summary>For how long a node holds a datasource without renewing that.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>How often a node looks for what others have changed, besides when it is told.</summary>
    public TimeSpan CatchUpInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The services that are to know of a change before it is answered, as they know tables by it: the policy engines.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
