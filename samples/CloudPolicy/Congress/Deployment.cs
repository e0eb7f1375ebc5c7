using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudPolicy.Congress;

/// <summary>Congress as the sample runs it: in one process, or in five that find each other over Unix sockets. Configurations, state and sockets are in a temporary folder.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Dictionary<string, CongressProcess> _processes = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string[]> _services;

    private Deployment(IReadOnlyDictionary<string, string[]> services) => _services = services;

    /// <summary>The folder of all its files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("congress").FullName;

    /// <summary>Where the API is.</summary>
    public Uri Api { get; private set; } = null!;

    /// <summary>The nodes with a policy engine.</summary>
    public IReadOnlyList<string> Engines => [.. _services.Where(s => s.Value.Contains("policy-engine")).Select(s => s.Key)];

    /// <summary>All in one process.</summary>
    public static Deployment OneProcess() => new(new Dictionary<string, string[]> { ["congress"] = ["api", "policy-engine", "datasources"] });

    /// <summary>The API, two policy engines and two nodes with datasources.</summary>
    public static Deployment FiveProcesses() => new(new Dictionary<string, string[]>
    {
        ["api"] = ["api"], ["engine-1"] = ["policy-engine"], ["engine-2"] = ["policy-engine"], ["data-1"] = ["datasources"], ["data-2"] = ["datasources"],
    });

    /// <summary>Starts all nodes.</summary>
    /// <param name="mode">What becomes of actions that rules ask for.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What each node says when it is ready.</returns>
    public async Task<IReadOnlyList<string>> StartAsync(string mode, CancellationToken cancellationToken) =>
        await Task.WhenAll(_services.Keys.Select(node => StartAsync(node, mode, cancellationToken)));

    /// <summary>Stops a node, gives it another mode, and starts it again.</summary>
    public async Task RestartAsync(string node, string mode, CancellationToken cancellationToken)
    {
        await _processes[node].StopAsync();
        await StartAsync(node, mode, cancellationToken);
    }

    /// <summary>Ends a node as <c>kill -9</c> does.</summary>
    public Task KillAsync(string node) => _processes[node].KillAsync();

    /// <summary>Stops all nodes in order.</summary>
    public Task StopAsync() => Task.WhenAll(_processes.Values.Where(p => p.IsRunning).Select(p => p.StopAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task<string> StartAsync(string node, string mode, CancellationToken cancellationToken)
    {
        var file = Path.Join(Folder, node + ".json");
        await File.WriteAllTextAsync(file, ConfigOf(node, mode).ToJsonString(Indented), cancellationToken);
        var process = await CongressProcess.StartAsync(file, cancellationToken);
        lock (_processes)
        {
            _processes[node] = process;
        }

        if (process.Greeting.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
        {
            Api = new(process.Greeting[at..]);
        }

        return $"{process.Greeting} (process {process.Id})";
    }

    private JsonObject ConfigOf(string node, string mode)
    {
        var services = _services[node];
        var config = new JsonObject { ["node"] = node, ["services"] = new JsonArray([.. services.Select(s => JsonValue.Create(s))]) };
        if (services.Contains("api"))
        {
            config["api"] = new JsonObject { ["listen"] = "127.0.0.1:0" };
        }

        if (services is not ["api"])
        {
            config["state"] = Path.Join(Folder, "state");
        }

        if (services.Contains("policy-engine"))
        {
            config["enforcement"] = new JsonObject { ["modes"] = new JsonObject { ["nova:disconnectNetwork"] = mode } };
        }

        if (_services.Count > 1)
        {
            config["lease_seconds"] = 3;
            config["bus"] = new JsonObject
            {
                ["listen"] = SocketOf(node),
                ["peers"] = new JsonObject(_services.Keys.Where(peer => peer != node).Select(peer => KeyValuePair.Create(peer, (JsonNode?)SocketOf(peer)))),
            };
        }

        return config;
    }

    private string SocketOf(string node) => $"unix://{Path.Join(Folder, node)}.sock";
}
