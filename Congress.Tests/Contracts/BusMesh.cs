using System.Net;
using System.Net.Sockets;
using Congress.Bus;
using Congress.Tests.Transports;
using Congress.Transport.InProc;
using Congress.Transport.NetMQ;

namespace Congress.Tests.Contracts;

/// <summary>The ways in which the nodes of a test can be connected.</summary>
public enum MeshKind
{
    InProc,
    Strict,
    PackageTcp,
    ManagedTcp,
    Tls,
    Unix,

    /// <summary>Package and managed engine, in turns, over TCP.</summary>
    Mixed,
}

/// <summary>Some nodes that are to be connected, by any transport.</summary>
internal sealed class BusMesh : IAsyncDisposable
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    private readonly MeshKind _kind;
    private readonly DseNodeOptions _options;
    private readonly InProcHub _hub;
    private readonly string _folder = Directory.CreateTempSubdirectory("congress").FullName;
    private readonly Dictionary<string, string> _endpoints;
    private readonly List<DseNode> _nodes = [];

    public BusMesh(MeshKind kind, DseNodeOptions? options = null)
    {
        _kind = kind;
        _options = options ?? new() { JoinTime = TimeSpan.FromMilliseconds(kind is MeshKind.InProc or MeshKind.Strict ? 0 : 500) };
        _hub = new(strict: kind == MeshKind.Strict);
        var probes = Names.Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(probes, p => p.Start());   // all at once: no port is given out twice
        _endpoints = Names.Zip(probes).ToDictionary(n => n.First, n => EndpointOf(n.First, n.Second.LocalEndpoint), StringComparer.Ordinal);
        Array.ForEach(probes, p => p.Dispose());
    }

    /// <summary>Has a node reach others by other endpoints than where they listen: through something between them.</summary>
    public Func<string, string, string>? Detour { get; init; }

    /// <summary>Where the nodes listen.</summary>
    public IReadOnlyDictionary<string, string> Endpoints => _endpoints;

    /// <summary>Makes a node, not started.</summary>
    public DseNode Make(string id)
    {
        var node = new DseNode(id, TransportOf(id), _options);
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

        Directory.Delete(_folder, recursive: true);
    }

    private IBusTransport TransportOf(string id)
    {
        if (_kind is MeshKind.InProc or MeshKind.Strict)
        {
            return new InProcTransport(_hub);
        }

        var isTwin = _nodes.Exists(n => n.Id.Value == id && n.IsRunning);
        return new NetMQTransport(new()
        {
            Listen = isTwin ? null : _endpoints[id],
            Peers = Names.ToDictionary(n => n, n => Detour?.Invoke(id, n) ?? _endpoints[n], StringComparer.Ordinal),
            Engine = _kind == MeshKind.PackageTcp || (_kind == MeshKind.Mixed && id is "a" or "c") ? SocketEngine.Package : SocketEngine.Managed,
            Tls = _kind == MeshKind.Tls ? SocketMesh.KeysOf(id, Names) : null,

            // Ten handshakes with flipped bits would shut an honest node out for longer than a test is patient; the ban has its own tests.
            BadHandshakesBeforeBan = int.MaxValue,
        });
    }

    private string EndpointOf(string id, EndPoint free) =>
        _kind == MeshKind.Unix ? $"unix://{Path.Join(_folder, id)}" : $"{(_kind == MeshKind.Tls ? "tls" : "tcp")}://{free}";
}
