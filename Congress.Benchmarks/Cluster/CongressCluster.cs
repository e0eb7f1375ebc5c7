using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Congress.Benchmarks.Cluster;

/// <summary>Nodes of Congress in processes of their own, which share one store and find each other over Unix sockets, in a temporary folder.</summary>
internal sealed class CongressCluster : IAsyncDisposable
{
    private readonly Dictionary<string, CongressNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Uri> _apis = new(StringComparer.Ordinal);

    /// <param name="services">The nodes, and what each runs.</param>
    /// <param name="command">The command <c>congress</c>; null: the one that was built with this program.</param>
    public CongressCluster(IReadOnlyDictionary<string, string[]> services, string? command = null)
    {
        foreach (var (node, runs) in services)
        {
            var config = new JsonObject
            {
                ["node"] = node,
                ["services"] = new JsonArray([.. runs.Select(r => JsonValue.Create(r))]),
                ["lease_seconds"] = 3,
                ["bus"] = new JsonObject
                {
                    ["listen"] = SocketOf(node),
                    ["peers"] = new JsonObject(services.Keys.Where(peer => peer != node).Select(peer => KeyValuePair.Create(peer, (JsonNode?)SocketOf(peer)))),
                },
                ["enforcement"] = new JsonObject { ["mode"] = "enforce", ["guard_calls"] = 1_000_000, ["guard_part"] = 1, ["guard_from"] = 1_000_000 },
            };
            if (runs is not ["api"])
            {
                config["state"] = Path.Join(Folder, "state");
            }

            if (runs.Contains("api", StringComparer.Ordinal))
            {
                var port = FreePort();
                _apis[node] = new($"http://127.0.0.1:{port}");
                config["api"] = new JsonObject { ["listen"] = $"127.0.0.1:{port}" };
            }

            var file = Path.Join(Folder, node + ".json");
            File.WriteAllText(file, config.ToJsonString());
            _nodes[node] = new(node, command ?? Path.Join(AppContext.BaseDirectory, "congress"), "run", file);
        }
    }

    /// <summary>Where all files are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("congress-cluster-").FullName;

    /// <summary>The APIs.</summary>
    public IReadOnlyCollection<Uri> Apis => _apis.Values;

    /// <summary>The API of a node.</summary>
    public Uri ApiOf(string node) => _apis[node];

    /// <summary>All nodes.</summary>
    public IReadOnlyCollection<CongressNode> Nodes => _nodes.Values;

    /// <summary>A node by name.</summary>
    public CongressNode this[string name] => _nodes[name];

    /// <summary>Starts all nodes.</summary>
    public Task StartAsync() => Task.WhenAll(Nodes.Select(n => n.StartAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string SocketOf(string node) => $"unix://{Path.Join(Folder, node)}.sock";
}
