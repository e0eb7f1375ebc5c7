using Congress.Bus;
using Congress.Transport.InProc;

namespace Congress.Tests.Contracts;

/// <summary>The ways in which the nodes of a test can be connected.</summary>
public enum MeshKind
{
    InProc,
    Strict,
}

/// <summary>Some nodes that are to be connected, by any transport.</summary>
internal sealed class BusMesh(MeshKind kind, DseNodeOptions? options = null) : IAsyncDisposable
{
    private readonly InProcHub _hub = new(strict: kind == MeshKind.Strict);
    private readonly List<DseNode> _nodes = [];

    /// <summary>Makes a node, not started.</summary>
    public DseNode Make(string id)
    {
        var node = new DseNode(id, new InProcTransport(_hub), options);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Makes a node with services and starts it.</summary>
    public async Task<DseNode> StartAsync(string id, params DataService[] services)
    {
        var node = Make(id);
        foreach (var service in services)
        {
            node.Register(service);
        }

        await node.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }
}
