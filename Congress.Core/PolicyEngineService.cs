using Congress.Bus;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Catalog;
using Congress.Policies.Serving;

namespace Congress;

/// <summary>A policy engine on the bus: follows the tables of datasources that its rules read, publishes those of its policies that somebody follows, and
/// answers calls.</summary>
/// <remarks>
/// A subscriber names a table as the engine does, <c>policy:error</c> say, or <c>violations</c> for those of all policies. It is kept up to date from its first subscriber to its last, and published
/// from when all datasources have been heard, or have had some time for it: so an engine that starts again does not say for a moment that all is well.
/// What comes while the engine is at work is taken over at once, as one batch. With a rule log, its policies are those of the log, which any number of
/// engines share; what an engine answers is what it has, and says with which version.
/// </remarks>
public sealed partial class PolicyEngineService : DataService, IAsyncDisposable
{
    private readonly PolicyEngineServiceOptions _options;
    private volatile PolicyEngine? _engine;
    private volatile PolicyCatalog? _catalog;
    private bool _isReady;

    /// <summary>Makes the service.</summary>
    /// <param name="name">Its name on the bus; <see cref="EngineMethods.Service"/> for those that callers are to find.</param>
    /// <param name="options">Its policy and datasources.</param>
    /// <exception cref="PolicyException">The policy is wrong; the diagnostics say where.</exception>
    public PolicyEngineService(string name, PolicyEngineServiceOptions options)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        using var engine = MakeEngine();
        Tables.UnionWith(engine.DerivedTables.Where(t => !t.IsAction).Select(t => t.ToString()));
        Tables.Add(EngineMethods.ViolationsTable);
        AddReadings();
        if (options.Log is not null)
        {
            AddChanges();
        }
    }

    /// <summary>The engine of this life; null before the service runs. Its rows come from the bus: who changes them by hand loses that at the next snapshot.</summary>
    public PolicyEngine? Engine => _engine;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => StopAsync();

    /// <inheritdoc/>
    protected internal override async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _areRulesChanging = true;
        var engine = MakeEngine();
        engine.HandlerFailed += (_, failed) => Fail(failed);
        (_engine, _isReady, _waiting) = (engine, false, null);
        _followed.Clear();
        _waitingTables.Clear();
        _refused.Clear();
        _datasources.Clear();
        _datasources.UnionWith(_options.Datasources.Keys);
        (_directoryVersion, _storeFailure, _catalog, _actionSources) = (-1, null, null, null);
        if (_options.Log is { } log)
        {
            var catalog = new PolicyCatalog(engine, log);
            _catalog = catalog;
            await ReadDirectoryAsync(cancellationToken).ConfigureAwait(false);
            await catalog.CatchUpAsync(cancellationToken).ConfigureAwait(false);
            await CreateSystemPoliciesAsync(catalog, cancellationToken).ConfigureAwait(false);
            Every(_options.CatchUpInterval, CatchUpAsync);
        }

        FollowTables();
        _areRulesChanging = false;
        var looks = 0;
        Every(_options.Patience, token =>
        {
            if (looks++ > 0)
            {
                BeReady(token);
            }

            return ValueTask.CompletedTask;
        });
    }

    /// <inheritdoc/>
    protected internal override async ValueTask StopAsync()
    {
        foreach (var listening in _published.Values)
        {
            listening?.Dispose();
        }

        _published.Clear();
        if (_engine is { } engine)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }

        await _violationFeeds.ConfigureAwait(false);
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

    private void BeReady(CancellationToken cancellationToken)
    {
        if (_isReady)
        {
            return;
        }

        _isReady = true;
        PublishWhatIsWanted(cancellationToken);
    }
}

/// <summary>What a policy engine on the bus decides by.</summary>
public sealed record PolicyEngineServiceOptions
{
    /// <summary>The text of a policy that the engine has besides those of the log.</summary>
    public string Policy { get; init; } = "";

    /// <summary>The name of the text in messages.</summary>
    public string? Source { get; init; }

    /// <summary>The datasources that the engine knows besides those of the directory: the service's name, and its tables with their columns.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TableSchema>> Datasources { get; init; } =
        new Dictionary<string, IReadOnlyList<TableSchema>>(StringComparer.Ordinal);

    /// <summary>Where the engine keeps its policies and rules, together with others; null: it has only its text.</summary>
    public IRuleLog? Log { get; init; }

    /// <summary>Tells of datasources that come and go; null for none.</summary>
    public IDatasourceDirectory? Directory { get; init; }

    /// <summary>How often the engine looks for what others have changed, besides when it is told.</summary>
    public TimeSpan CatchUpInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an engine that starts waits for the first rows of its datasources before it says what it finds without them.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How the engine works.</summary>
    public PolicyEngineOptions Engine { get; init; } = new();
}
