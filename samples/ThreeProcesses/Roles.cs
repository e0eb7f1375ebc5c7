using Congress;
using Congress.Bus;
using Congress.Data;
using Congress.Datasources;
using Congress.Datasources.Drivers.Host;
using Congress.Transport.InProc;
using Congress.Transport.NetMQ;

namespace ThreeProcesses;

/// <summary>The three services. Where each runs, and over which transport, is the only thing that differs.</summary>
internal static class Roles
{
    /// <summary>The node names.</summary>
    public static readonly string[] All = ["datasource", "engine", "watcher"];

    /// <summary>Runs one of the three, in a process of its own.</summary>
    public static Task RunAsync(string role, SampleOptions options, CancellationToken stop) => RunAsync(role, TransportOf(role, options), options, stop);

    /// <summary>Runs the three in this process.</summary>
    public static Task RunAllAsync(SampleOptions options, CancellationToken stop)
    {
        var hub = new InProcHub();
        return Task.WhenAll(All.Select(role => RunAsync(role, new InProcTransport(hub), options, stop)));
    }

    private static async Task RunAsync(string role, IBusTransport transport, SampleOptions options, CancellationToken stop)
    {
        var driver = new HostFactsDriver(new() { Folder = options.Folder });
        await using var node = new DseNode(role, transport);
        switch (role)
        {
            case "datasource":
                node.Register(new DatasourceService("host", driver, TimeSpan.FromSeconds(1)));
                break;
            case "engine":
                node.Register(new PolicyEngineService("engine", new()
                {
                    Policy = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "policy.dl"), stop),
                    Source = "policy.dl",
                    Datasources = new Dictionary<string, IReadOnlyList<TableSchema>> { ["host"] = driver.Schema },
                }));
                break;
            default:
                node.Register(new Watcher("watcher", "engine", "policy:error", "policy:warning"));
                break;
        }

        await node.StartAsync(stop);
        Console.WriteLine($"{role}: started (process {Environment.ProcessId})");
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static NetMQTransport TransportOf(string role, SampleOptions options) => new(new()
    {
        Listen = EndpointOf(role, options),
        Peers = All.ToDictionary(r => r, r => EndpointOf(r, options)),
        Engine = options.Engine,
    });

    private static string EndpointOf(string role, SampleOptions options) => options.Scheme == "unix"
        ? $"unix://{Path.Join(options.Endpoints, role)}"
        : $"tcp://127.0.0.1:{File.ReadAllText(Path.Join(options.Endpoints, role + ".port"))}";
}

/// <summary>Follows the violations and prints them as they come and go, and when they may be old.</summary>
internal sealed class Watcher(string name, string engine, params string[] tables) : DataService(name)
{
    protected override ValueTask StartAsync(CancellationToken cancellationToken)
    {
        foreach (var table in tables)
        {
            var replica = new TableReplica();
            Follow(engine, table, (next, _) =>
            {
                var (inserted, deleted) = replica.Apply(next);
                foreach (var line in deleted.Select(r => $"- {table}{r}").Concat(inserted.Select(r => $"+ {table}{r}")))
                {
                    Console.WriteLine(line);
                }

                var mark = next switch { TableStale stale => $"stale: {stale.Reason}", TableFresh => "fresh again", TableSnapshot => $"{replica.Rows.Count} rows", _ => null };
                if (mark is not null)
                {
                    Console.WriteLine($"{table} {mark}");
                }

                return ValueTask.CompletedTask;
            });
        }

        return ValueTask.CompletedTask;
    }
}
