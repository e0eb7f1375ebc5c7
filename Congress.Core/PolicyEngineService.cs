using Congress.Bus;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress;

/// <summary>A policy engine on the bus: follows the tables of datasources, and publishes those of its policies that somebody follows.</summary>
/// <remarks>
/// A subscriber names a table as the engine does, <c>policy:error</c> say. It is kept up to date from its first subscriber to its last, and published
/// from when all datasources have been heard, or have had some time for it: so an engine that starts again does not say for a moment that all is well.
/// What comes while the engine is at work is taken over at once, as one batch.
/// </remarks>
public sealed class PolicyEngineService : DataService, IAsyncDisposable
{
    private readonly PolicyEngineServiceOptions _options;
    private readonly Dictionary<string, IDisposable?> _published = new(StringComparer.Ordinal);   // null: wanted, but not yet to be told
    private readonly List<TableReplica> _replicas = [];
    private readonly Lock _telling = new();
    private PolicyEngine? _engine;
    private PolicyBatch? _waiting;
    private bool _isReady;

    /// <summary>Makes the service.</summary>
    /// <param name="name">Its name on the bus.</param>
    /// <param name="options">Its policy and datasources.</param>
    /// <exception cref="PolicyException">The policy is wrong; the diagnostics say where.</exception>
    public PolicyEngineService(string name, PolicyEngineServiceOptions options)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        using var engine = MakeEngine();
        Tables.UnionWith(engine.DerivedTables.Where(t => !t.IsAction).Select(t => t.ToString()));
    }

    /// <summary>The engine of this life; null before the service runs. Its rows come from the bus: who changes them by hand loses that at the next snapshot.</summary>
    public PolicyEngine? Engine => _engine;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => StopAsync();

    /// <inheritdoc/>
    protected internal override ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _engine = MakeEngine();
        _engine.HandlerFailed += (_, failed) => Fail(failed);
        (_isReady, _waiting) = (false, null);
        _replicas.Clear();
        foreach (var (datasource, schema) in _options.Datasources)
        {
            foreach (var table in schema)
            {
                var replica = new TableReplica();
                _replicas.Add(replica);
                Follow(datasource, table.Table, (next, _) =>
                {
                    TakeOver($"{datasource}:{table.Table}", replica.Apply(next));
                    return ValueTask.CompletedTask;
                });
            }
        }

        var looks = 0;
        Every(_options.Patience, token =>
        {
            if (looks++ > 0)
            {
                BeReady(token);
            }

            return ValueTask.CompletedTask;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected internal override async ValueTask StopAsync()
    {
        foreach (var listening in _published.Values)
        {
            listening?.Dispose();
        }

        _published.Clear();
        if (_engine is not null)
        {
            await _engine.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected internal override ValueTask OnFirstSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        _published[table] = _isReady ? Publish(table, cancellationToken) : null;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected internal override ValueTask OnLastSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        if (_published.Remove(table, out var listening))
        {
            listening?.Dispose();
            Retract(table);
        }

        return ValueTask.CompletedTask;
    }

    private PolicyEngine MakeEngine()
    {
        var engine = new PolicyEngine(_options.Engine);
        try
        {
            foreach (var (datasource, schema) in _options.Datasources)
            {
                engine.CreateDatasource(datasource, schema);
            }

            engine.InsertRules(_options.Policy, source: _options.Source);
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private void TakeOver(string table, (IReadOnlyList<Row> Inserted, IReadOnlyList<Row> Deleted) change)
    {
        if (_waiting is null)
        {
            _waiting = new();
            _ = PostAsync(Apply).AsTask();   // after what waits already; should it fail, the service does
        }

        foreach (var row in change.Deleted)
        {
            _waiting.Delete(table, row.AsSpan());
        }

        _waiting.InsertAll(table, change.Inserted);
    }

    private ValueTask Apply(CancellationToken cancellationToken)
    {
        var batch = _waiting!;
        _waiting = null;
        _engine!.Apply(batch, cancellationToken).ThrowIfRefused();
        if (!_isReady && _replicas.TrueForAll(r => r.Version is not null))
        {
            BeReady(cancellationToken);
        }

        return ValueTask.CompletedTask;
    }

    private void BeReady(CancellationToken cancellationToken)
    {
        if (_isReady)
        {
            return;
        }

        _isReady = true;
        foreach (var table in _published.Keys.ToArray())
        {
            _published[table] = Publish(table, cancellationToken);
        }
    }

    /// <summary>Publishes a table of the engine, and its changes from now on.</summary>
    /// <returns>What ends it; null when the engine has no such table: its subscriber waits, as for any other that is not published yet.</returns>
    private IDisposable? Publish(string table, CancellationToken cancellationToken)
    {
        IDisposable? listening = null;
        try
        {
            lock (_telling)
            {
                // A rule that reads the clock changes its table on another thread. What came before the rows were read is in them.
                var known = long.MaxValue;
                listening = _engine!.OnChange(table, update =>
                {
                    lock (_telling)
                    {
                        if (update.Version > known)
                        {
                            Publish(table, update.Inserted, update.IsSnapshot ? [] : update.Deleted);
                        }
                    }
                });
                var version = _engine.Version;
                Publish(table, RowsOf(table, cancellationToken));
                known = version;
                return listening;
            }
        }
        catch (PolicyException)
        {
            listening?.Dispose();
            return null;
        }
    }

    /// <summary>A change that could not be published leaves a wrong table behind: the service starts anew.</summary>
    private void Fail(HandlerFailedEventArgs failed)
    {
        try
        {
            _ = PostAsync(_ => throw new InvalidOperationException($"a change could not be published: {failed.Message}", failed.Exception)).AsTask();
        }
        catch (InvalidOperationException)
        {
            // This life is over already.
        }
    }

    private List<Row> RowsOf(string table, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        using var reader = _engine!.Read(table, cancellationToken);
        while (reader.Read())
        {
            rows.Add(new(reader.Current));
        }

        return rows;
    }
}

/// <summary>What a policy engine on the bus decides by.</summary>
public sealed record PolicyEngineServiceOptions
{
    /// <summary>The text of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>The name of the text in messages.</summary>
    public string? Source { get; init; }

    /// <summary>The datasources that the policy reads: the service's name, and its tables with their columns.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TableSchema>> Datasources { get; init; } =
        new Dictionary<string, IReadOnlyList<TableSchema>>(StringComparer.Ordinal);

    /// <summary>How long an engine that starts waits for the first rows of its datasources before it says what it finds without them.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How the engine works.</summary>
    public PolicyEngineOptions Engine { get; init; } = new();
}
