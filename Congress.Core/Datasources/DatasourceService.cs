using System.Collections.Immutable;
using Congress.Bus;
using Congress.Data;
using Congress.Datasources.Serving;

namespace Congress.Datasources;

/// <summary>A datasource on the bus: reads a system again and again, takes what is pushed, publishes its tables and acts on the system.</summary>
/// <remarks>When a reading of a group of tables fails, what was read last stays published, other groups go on, and the next reading is made after a while. A node
/// that takes the service over, or starts it again, reads at once. One that is not to be interrupted by others waits for nothing of theirs: readings and actions are
/// done beside the service's loop.</remarks>
public sealed partial class DatasourceService : DataService, IAsyncDisposable
{
    private readonly IDatasourceDriver _driver;
    private readonly DatasourceServiceOptions _options;
    private readonly IReadOnlyList<GroupPoll> _polls;
    private readonly SemaphoreSlim _workers;
    private volatile ImmutableDictionary<string, TableState> _tables = ImmutableDictionary.Create<string, TableState>(StringComparer.Ordinal);
    private ImmutableHashSet<string> _wanted = ImmutableHashSet.Create<string>(StringComparer.Ordinal);
    private CancellationTokenSource? _ended;
    private Task _polling = Task.CompletedTask;

    /// <summary>Makes the service of a driver.</summary>
    /// <param name="name">The datasource's name.</param>
    /// <param name="driver">Reads the system. The service disposes of it.</param>
    /// <param name="interval">From the end of one reading to the beginning of the next.</param>
    public DatasourceService(string name, IDatasourceDriver driver, TimeSpan interval)
        : this(name, driver, new DatasourceServiceOptions { Interval = interval }) => ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);

    /// <summary>Makes the service of a driver.</summary>
    /// <param name="name">The datasource's name.</param>
    /// <param name="driver">Reads the system. The service disposes of it.</param>
    /// <param name="options">How it is read.</param>
    public DatasourceService(string name, IDatasourceDriver driver, DatasourceServiceOptions options)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(options);
        (_driver, _options) = (driver, options);
        _workers = new(options.Workers);
        _polls = [.. GroupsOf(driver).Select(g => new GroupPoll(
            g.IsLazy || g.Tables.All(options.LazyTables.Contains) ? g with { IsLazy = true } : g, ReadAsync, _workers, options))];
        Tables.UnionWith(driver.Schema.Select(t => t.Table));
        AddMethods();
    }

    /// <summary>Has the datasource read at once. The argument says nothing, the result is the number of rows; what the reading fails of is thrown.</summary>
    public static ServiceMethod<bool, long> Refresh => DatasourceMethods.Refresh;

    /// <summary>What the last reading failed of; null when it succeeded.</summary>
    public Exception? Failure => _polls.Select(p => p.Failure).FirstOrDefault(f => f is not null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _workers.Dispose();
        switch (_driver)
        {
            case IAsyncDisposable disposable: await disposable.DisposeAsync().ConfigureAwait(false); break;
            case IDisposable disposable: disposable.Dispose(); break;
        }
    }

    /// <inheritdoc/>
    protected internal override async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_options.Kept is { } kept)
        {
            foreach (var (table, rows) in await kept.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                Keep(table, rows);
            }
        }

        foreach (var table in _driver is IPushedTables pushed ? pushed.PushedTables : [])
        {
            Keep(table, _tables.TryGetValue(table, out var state) ? state.Rows : []);
        }

        foreach (var (table, state) in _tables)
        {
            Publish(table, state.Rows);   // what was known in a former life
        }

        _polling = Task.WhenAll(_polls.Select(p => p.RunAsync(_ended.Token)));
    }

    /// <inheritdoc/>
    protected internal override async ValueTask StopAsync()
    {
        if (_ended is { } ended)
        {
            _ended = null;
            await ended.CancelAsync().ConfigureAwait(false);
            await _polling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.Dispose();
        }
    }

    /// <inheritdoc/>
    protected internal override ValueTask OnFirstSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.Update(ref _wanted, static (wanted, t) => wanted.Add(t), table);
        PollOf(table)?.IsWanted(true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected internal override ValueTask OnLastSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.Update(ref _wanted, static (wanted, t) => wanted.Remove(t), table);
        if (PollOf(table) is { Group.IsLazy: true } poll && !poll.Group.Tables.Any(_wanted.Contains))
        {
            poll.IsWanted(false);
            foreach (var lazy in poll.Group.Tables)
            {
                _tables = _tables.Remove(lazy);
                Retract(lazy);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static IReadOnlyList<TableGroup> GroupsOf(IDatasourceDriver driver) =>
        driver is IGroupedTables grouped ? grouped.Groups : [new("all", [.. driver.Schema.Select(t => t.Table)])];

    private GroupPoll? PollOf(string table) => _polls.FirstOrDefault(p => p.Group.Tables.Contains(table, StringComparer.Ordinal));

    /// <summary>Reads a group, and has the loop publish what was read.</summary>
    /// <returns>The number of rows that the group has then.</returns>
    private async Task<long> ReadAsync(TableGroup group, CancellationToken cancellationToken)
    {
        var read = _driver is IGroupedTables grouped
            ? await grouped.ReadAsync(group, cancellationToken).ConfigureAwait(false)
            : await _driver.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (read is not null)
        {
            await PostAsync(_ =>
            {
                if (!group.IsLazy || group.Tables.Any(_wanted.Contains))
                {
                    Take(read);
                }

                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        }

        return group.Tables.Sum(t => _tables.TryGetValue(t, out var state) ? (long)state.Rows.Count : 0);
    }

    /// <summary>Publishes rows that have come, in the loop.</summary>
    private void Take(IReadOnlyDictionary<string, IReadOnlyCollection<Row>> tables)
    {
        foreach (var (table, rows) in tables)
        {
            Publish(table, rows);
            Keep(table, rows);
        }
    }

    private void Keep(string table, IReadOnlyCollection<Row> rows) =>
        _tables = _tables.SetItem(table, new((_tables.TryGetValue(table, out var before) ? before.State : 0) + 1, rows));

    /// <param name="State">Grows with each reading.</param>
    /// <param name="Rows">The rows, which nobody changes any more.</param>
    private sealed record TableState(long State, IReadOnlyCollection<Row> Rows);
}

/// <summary>How a datasource is read.</summary>
public sealed record DatasourceServiceOptions
{
    /// <summary>From the end of one reading to the beginning of the next, a tenth more or less; zero: only when asked.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait after failures: it doubles with each.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a reading may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many groups are read at once.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Tables that are read only while somebody follows them, besides those of which the driver says so.</summary>
    public IReadOnlyCollection<string> LazyTables { get; init; } = [];

    /// <summary>Where pushed rows are kept; null: they are gone when the process ends.</summary>
    public KeptRows? Kept { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The rows of one datasource that are to outlive its process.</summary>
/// <param name="store">Where they are.</param>
/// <param name="datasource">The identity of the datasource.</param>
public sealed class KeptRows(IDatasourceStore store, string datasource)
{
    internal Task<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken) => store.ReadRowsAsync(datasource, cancellationToken);

    internal Task WriteAsync(IReadOnlyDictionary<string, IReadOnlyCollection<Row>> tables, CancellationToken cancellationToken) =>
        store.WriteRowsAsync(datasource, tables, cancellationToken);
}
