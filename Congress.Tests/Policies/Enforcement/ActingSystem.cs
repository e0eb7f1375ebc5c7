using System.Collections.Concurrent;
using Congress.Actions;
using Congress.Bus;
using Congress.Data;
using Congress.Datasources;
using Congress.Persistence;
using Congress.Policies.Enforcement;
using Congress.Policies.Serving;

namespace Congress.Tests.Policies.Enforcement;

/// <summary>A system that can be acted upon: its table <c>vm(id)</c> is pushed, and it notes what it is asked to do. It outlives the nodes that speak to it.</summary>
internal sealed class Cloud
{
    public ConcurrentQueue<DriverCall> Calls { get; } = [];

    /// <summary>What comes of a call; null: it is done.</summary>
    public Func<DriverCall, Exception?> Outcome { get; set; } = _ => null;

    /// <summary>What it promises of its action.</summary>
    public ActionPromise Promise { get; set; }

    /// <summary>The rows that are read; null: reading fails.</summary>
    public IReadOnlyCollection<Row>? Rows { get; set; } = [];

    public string[] Keys => [.. Calls.Select(c => c.Key).Distinct(StringComparer.Ordinal)];
}

/// <summary>A driver of a <see cref="Cloud"/>.</summary>
internal sealed class CloudDriver(Cloud cloud) : IDatasourceDriver, IActionDriver
{
    public IReadOnlyList<TableSchema> Schema { get; } = [new("vm", "id")];

    public IReadOnlyList<DriverAction> Actions => [new("stop", [new("id")], "stops it", cloud.Promise)];

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default) => cloud.Rows is { } rows
        ? new(new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal) { ["vm"] = rows })
        : throw new DriverException("the cloud does not answer");

    public ValueTask ExecuteAsync(DriverCall call, CancellationToken cancellationToken = default)
    {
        cloud.Calls.Enqueue(call);
        return cloud.Outcome(call) is { } failure ? throw failure : ValueTask.CompletedTask;
    }
}

/// <summary>A node with an engine, who carries out its actions, and the datasource <c>cloud</c>.</summary>
internal sealed class ActingSystem : IAsyncDisposable
{
    private readonly SqliteStore _store;
    private readonly DatasourceService _datasource;

    private ActingSystem(DseNode node, SqliteStore store, PolicyEngineService engine, DatasourceService datasource) => (Node, _store, Engine, _datasource) = (node, store, engine, datasource);

    public DseNode Node { get; }

    public PolicyEngineService Engine { get; }

    public static async Task<ActingSystem> StartAsync(string file, Cloud cloud, string policy, EnforcementOptions options, IBusTransport? transport = null, string name = "node", bool hasCloud = true)
    {
        var store = await SqliteStore.OpenAsync(file, new() { Patience = TimeSpan.FromSeconds(30) });
        var engine = new PolicyEngineService(EngineMethods.Service, new()
        {
            Policy = policy,
            Datasources = new Dictionary<string, IReadOnlyList<TableSchema>>(StringComparer.Ordinal) { ["cloud"] = [new("vm", "id")] },
            Engine = new() { DefaultPolicy = "guard" },
        });
        var node = new DseNode(name, transport);
        var lease = new SqliteLease(store);
        node.Register(engine);
        node.Register(
            new EnforcementService(engine, new SqliteActionJournal(store), options with { Interval = TimeSpan.FromMilliseconds(50) }), new() { SingleOwner = lease, LeaseTime = TimeSpan.FromSeconds(2) });
        var datasource = new DatasourceService("cloud", new CloudDriver(cloud), TimeSpan.FromMilliseconds(50));
        if (hasCloud)
        {
            node.Register(datasource);
        }

        await node.StartAsync();
        return new(node, store, engine, datasource);
    }

    public Task<IReadOnlyList<Occurrence>> ListAsync() => Node.CallAsync(EnforcementMethods.Service, EnforcementMethods.List, new(null, 100));

    public Task<Occurrence> DecideAsync(string id, bool isApproved) => Node.CallAsync(EnforcementMethods.Service, EnforcementMethods.Decide, new(id, isApproved, "ann"));

    /// <summary>Waits until occurrences are as they are to be.</summary>
    public async Task<IReadOnlyList<Occurrence>> UntilAsync(Func<IReadOnlyList<Occurrence>, bool> isSo)
    {
        for (var i = 0; ; i++)
        {
            IReadOnlyList<Occurrence> now = [];
            try
            {
                now = await ListAsync();
                if (isSo(now))
                {
                    return now;
                }
            }
            catch (BusException)
            {
                // It has not taken over yet.
            }

            Assert.True(i < 600, $"not within 30 s; there is {string.Join("; ", now)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await _datasource.DisposeAsync();
        _store.Dispose();
    }
}
