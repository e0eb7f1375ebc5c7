using Congress.Bus;
using Congress.Data;
using Congress.Transport.NetMQ.Managed;
using Congress.Transport.NetMQ.Package;

namespace Congress.Transport.NetMQ;

/// <summary>Links nodes over sockets that speak ZeroMQ's ZMTP: a ROUTER accepts, a DEALER dials, and of two nodes the one whose name sorts first dials.</summary>
/// <remarks>
/// The scheme of an endpoint says how it is served: <c>tcp://</c> within the machine by the <see cref="SocketEngine"/> of the options,
/// <c>unix://</c> and <c>tls://</c> by the managed engine. Plain <c>tcp://</c> to other machines needs <see cref="NetMQTransportOptions.AllowPlaintext"/>.
/// </remarks>
public sealed class NetMQTransport : IBusTransport
{
    private static readonly TimeSpan DisposeTime = TimeSpan.FromSeconds(5);

    private readonly NetMQTransportOptions _options;
    private readonly BusEndpoint? _listen;
    private readonly (NodeId Peer, BusEndpoint Endpoint)[] _peers;
    private readonly Lock _gate = new();
    private readonly Dictionary<SocketEngine, IEngine> _engines = [];
    private Station? _station;
    private Task? _disposal;

    /// <summary>Reads the options; nothing is opened yet.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message says where and what was expected.</exception>
    public NetMQTransport(NetMQTransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.QueueLength < 1 || options.QueueBytes < 1)
        {
            throw new ArgumentException($"QueueLength is {options.QueueLength} and QueueBytes {options.QueueBytes}; expected at least 1", nameof(options));
        }

        _options = options;
        _listen = options.Listen is { } listen ? Checked(BusEndpoint.Parse(listen, "Listen", listens: true), "Listen") : null;
        _peers = [.. options.Peers.Select(peer =>
        {
            var what = $"the peer '{peer.Key}'";
            var node = NodeId.IsValid(peer.Key) ? new NodeId(peer.Key) : throw new ArgumentException($"{what} cannot be the name of a node; expected 1 to {NodeId.MaxLength} letters, digits, '.', '_' or '-'", nameof(options));
            return (node, Checked(BusEndpoint.Parse(peer.Value, what, listens: false), what));
        })];
        Events = new(options.Logger, options.TimeProvider);
    }

    /// <summary>The endpoint at which links are accepted, with its real port; null before the start and without <see cref="NetMQTransportOptions.Listen"/>.</summary>
    public string? Endpoint { get; private set; }

    /// <summary>What has gone wrong on the wire.</summary>
    internal TransportEvents Events { get; }

    /// <summary>The connections of the managed engine.</summary>
    internal int ConnectionCount => _engines.Values.OfType<ManagedEngine>().Sum(e => e.ConnectionCount);

    /// <inheritdoc/>
    public async ValueTask StartAsync(NodeIdentity self, IBusReceiver receiver, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        cancellationToken.ThrowIfCancellationRequested();
        if (!NodeId.IsValid(self.Id.Value))
        {
            throw new ArgumentException($"the node has no name; expected 1 to {NodeId.MaxLength} letters, digits, '.', '_' or '-'", nameof(self));
        }

        try
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposal is not null, this);
                if (_station is not null)
                {
                    throw new InvalidOperationException("the transport has been started already");
                }

                _station = new(self, receiver, _options, Events);
                Start(_station);
            }
        }
        catch (IOException)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes other keys from now on. Links whose keys are not trusted any more, or whose nodes have got other rights, are closed; the others stay.</summary>
    /// <exception cref="InvalidOperationException">The transport has been made without keys, or has not been started.</exception>
    public void Reload(TlsKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        lock (_gate)
        {
            if (_station?.Keys is null)
            {
                throw new InvalidOperationException("only a started transport with keys can take other keys");
            }

            _station.Keys = keys;
            foreach (var engine in _engines.Values)
            {
                engine.Recheck(keys);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new(_disposal ??= Task.Run(StopAsync));
        }
    }

    private void Start(Station station)
    {
        if (_listen is not null)
        {
            Endpoint = EngineOf(_listen, station).Listen(_listen).ToString();
        }

        foreach (var (peer, endpoint) in _peers.Where(p => p.Peer > station.Self.Id))
        {
            EngineOf(endpoint, station).Dial(peer, endpoint);
        }
    }

    private IEngine EngineOf(BusEndpoint endpoint, Station station)
    {
        var kind = endpoint.Scheme == Scheme.Tcp ? _options.Engine : SocketEngine.Managed;
        if (!_engines.TryGetValue(kind, out var engine))
        {
            _engines[kind] = engine = kind switch
            {
                SocketEngine.Package => new PackageEngine(station),
                SocketEngine.Managed => new ManagedEngine(station),
            };
        }

        return engine;
    }

    private async Task StopAsync()
    {
        try
        {
            await Task.WhenAll(_engines.Values.Select(e => e.DisposeAsync().AsTask())).WaitAsync(DisposeTime, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Events.NotInTime();
        }
    }

    private BusEndpoint Checked(BusEndpoint endpoint, string what) => endpoint switch
    {
        { Scheme: Scheme.Tcp, IsLocal: false } when !_options.AllowPlaintext =>
            throw new ArgumentException($"{what}: {endpoint} would leave this machine in plain text; expected tls://, a loopback address, or AllowPlaintext", nameof(endpoint)),
        { Scheme: Scheme.Tls } when _options.Tls is null => throw new ArgumentException($"{what}: {endpoint} needs keys; expected Tls to be set", nameof(endpoint)),
        _ => endpoint,
    };
}
