using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Transport.InProc;
using Congress.Transport.NetMQ;

namespace Congress.Benchmarks.Bus;

/// <summary>How the two nodes are connected; <see cref="OneNode"/>: not at all, both ends are on one.</summary>
internal enum PairKind
{
    OneNode,
    InProc,
    PackageTcp,
    ManagedTcp,
    ManagedTls,
    ManagedUnix,
}

[JsonSerializable(typeof(string))]
internal sealed partial class FigureJson : JsonSerializerContext;

/// <summary>A service to be called and followed.</summary>
internal sealed class FigureService : DataService
{
    public const string ServiceName = "figures";

    public static readonly ServiceMethod<string, string> Echo = new("echo", FigureJson.Default.String, FigureJson.Default.String);

    public FigureService()
        : base(ServiceName) => Methods.Add(Echo, (text, _, _) => new(text));

    public void Say(string table, IReadOnlyCollection<Row> rows) => Publish(table, rows);

    public void Change(string table, Row[] inserted, Row[] deleted) => Publish(table, inserted, deleted);
}

/// <summary>A node with a service and one that uses it.</summary>
internal sealed class BusPair : IAsyncDisposable
{
    private readonly DseNode _host;

    private BusPair(DseNode host, DseNode caller, FigureService service) => (_host, Caller, Service) = (host, caller, service);

    public DseNode Caller { get; }

    public FigureService Service { get; }

    public static async Task<BusPair> StartAsync(PairKind kind)
    {
        var service = new FigureService();
        var (near, far) = Transports(kind);
        var host = new DseNode("host", near);
        host.Register(service);
        await host.StartAsync();
        var caller = far is null ? host : new DseNode("caller", far);
        if (far is not null)
        {
            await caller.StartAsync();
        }

        while (!caller.GetDirectory().Any(s => s.Service == FigureService.ServiceName && s.IsActive))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return new(host, caller, service);
    }

    public async ValueTask DisposeAsync()
    {
        await Caller.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static (IBusTransport? Near, IBusTransport? Far) Transports(PairKind kind)
    {
        if (kind == PairKind.OneNode)
        {
            return (null, null);
        }

        if (kind == PairKind.InProc)
        {
            var hub = new InProcHub();
            return (new InProcTransport(hub), new InProcTransport(hub));
        }

        var endpoint = kind == PairKind.ManagedUnix
            ? $"unix://{Path.Join(Path.GetTempPath(), $"congress-{Guid.NewGuid():N}")}"
            : $"{(kind == PairKind.ManagedTls ? "tls" : "tcp")}://127.0.0.1:{FreePort()}";
        using var near = KeyOf("host");
        using var far = KeyOf("caller");
        return (TransportOf(near, far, endpoint, null), TransportOf(far, near, null, endpoint));

        IBusTransport TransportOf(Key own, Key other, string? listen, string? peer) => new NetMQTransport(new()
        {
            Listen = listen,
            Peers = peer is null ? [] : new Dictionary<string, string> { ["host"] = peer },
            Engine = kind == PairKind.PackageTcp ? SocketEngine.Package : SocketEngine.Managed,
            Tls = kind != PairKind.ManagedTls ? null : new(own.Certificate, new Dictionary<string, PinnedPeer>
            {
                [TlsKeys.FingerprintOf(other.Certificate)] = new(new(other.Name), PeerRole.Unrestricted),
            }),
        });
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static Key KeyOf(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new(name, key, new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1)));
    }

    private sealed record Key(string Name, ECDsa Secret, X509Certificate2 Certificate) : IDisposable
    {
        public void Dispose() => Secret.Dispose();
    }
}
