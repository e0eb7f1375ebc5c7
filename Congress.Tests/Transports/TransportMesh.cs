using Congress.Bus;

namespace Congress.Tests.Transports;

/// <summary>How much a transport under test may keep for each link.</summary>
internal sealed record Tuning(int QueueLength = 8192, int QueueBytes = 16 << 20);

/// <summary>Some nodes and their transports. What kind of transport, and how one finds another, is left to the kind of mesh.</summary>
internal abstract class TransportMesh : IAsyncDisposable
{
    private readonly Dictionary<string, IBusTransport> _transports = new(StringComparer.Ordinal);
    private readonly List<RecordingNode> _nodes = [];
    private ulong _incarnation = 0x1122_3344_5566_7788;

    /// <summary>Starts a node that knows all others of the mesh. Those whose names sort last come first.</summary>
    public async Task<RecordingNode> StartAsync(string name, Tuning? tuning = null, Func<RecordingNode, RecordingNode>? prepare = null)
    {
        var node = new RecordingNode(name, _incarnation++);
        node = prepare?.Invoke(node) ?? node;
        var transport = Create(name, tuning ?? new());
        await transport.StartAsync(node.Identity, node);
        Started(name, transport);
        _transports[name] = transport;
        _nodes.Add(node);
        return node;
    }

    /// <summary>The transport of a node.</summary>
    public IBusTransport this[string name] => _transports[name];

    /// <summary>Ends a node's transport; a later start is the node's restart, at the same place.</summary>
    public ValueTask StopAsync(string name) => _transports[name].DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports.Values)
        {
            await transport.DisposeAsync();
        }

        Removed();
        Assert.All(_nodes, n => Assert.Empty(n.Mistakes));
        Assert.All(_nodes, n => Assert.Empty(n.Links));
    }

    /// <summary>Makes the transport of a node, at the place where it was if it was there before.</summary>
    public abstract IBusTransport Create(string name, Tuning tuning);

    /// <summary>A transport is there: others can be told where.</summary>
    protected abstract void Started(string name, IBusTransport transport);

    /// <summary>All transports have ended.</summary>
    protected virtual void Removed()
    {
    }
}
