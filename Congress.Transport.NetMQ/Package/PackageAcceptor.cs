using System.Diagnostics.CodeAnalysis;
using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Transport.NetMQ.Sessions;
using NetMQ.Sockets;

namespace Congress.Transport.NetMQ.Package;

/// <summary>Accepts links by a ROUTER. Only peers with a link are remembered; whoever else sends something is asked to say HELLO.</summary>
internal sealed class PackageAcceptor : IDisposable
{
    private readonly PackageEngine _engine;
    private readonly RouterSocket _socket = new();
    private readonly string _address;
    private readonly Dictionary<byte[], Channel> _channels = new(new RoutingIdComparer());
    private byte[] _routingId = [];
    private bool _isBody;
    private bool _isFaulty;

    /// <exception cref="IOException">The endpoint cannot be bound.</exception>
    public PackageAcceptor(PackageEngine engine, BusEndpoint endpoint)
    {
        _engine = engine;
        PackageEngine.Configure(_socket);
        _socket.Options.RouterMandatory = true;

        // A peer that dials anew before its old connection is known to be dead must get in.
        _socket.Options.RouterHandover = true;

        // What the package puts into the queue when a connection ends: the peer has, in effect, said that it knows the link no more.
        var gone = new FrameBuffer(64);
        FrameCodec.Write(new Refuse(""), gone);
        _socket.Options.DisconnectMessage = gone.Written.ToArray();
        try
        {
            _socket.Bind(PackageEngine.AddressOf(endpoint));
        }
        catch (Exception e) when (e is global::NetMQ.NetMQException or System.Net.Sockets.SocketException)
        {
            _socket.Dispose();
            throw new IOException($"cannot listen at {endpoint}: {e.Message}", e);
        }

        var bound = _socket.Options.LastEndpoint!;
        Endpoint = endpoint with { Port = int.Parse(bound.AsSpan(bound.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture) };
        _address = Endpoint.ToString();
        _socket.ReceiveReady += (_, _) => engine.Drain(_socket, Read);
    }

    /// <summary>Where it listens.</summary>
    public BusEndpoint Endpoint { get; }

    /// <summary>Begins to read.</summary>
    public void Open() => _engine.Poller.Add(_socket);

    /// <summary>Ends for good, on the thread of the sockets.</summary>
    public void Dispose()
    {
        foreach (var channel in _channels.Values.ToArray())
        {
            channel.Down(Station.Closing);
        }

        _engine.Poller.Remove(_socket);
        _socket.Dispose();
    }

    private void Read(ref global::NetMQ.Msg part)
    {
        if (!_isBody)
        {
            (_routingId, _isBody, _isFaulty) = (part.Slice().SequenceEqual(_routingId) ? _routingId : part.ToArray(), part.HasMore, false);
            return;
        }

        _isBody = part.HasMore;
        if (!_channels.TryGetValue(_routingId, out var channel))
        {
            channel = new(this, _routingId);
        }

        if (part.HasMore || _isFaulty)
        {
            if (!_isFaulty)
            {
                _isFaulty = true;
                channel.End(new(StepKind.Fault, Reason: "a message has several parts; one was expected"));
            }

            return;
        }

        channel.Read(part.Slice());
    }

    /// <summary>The way to one peer: its routing id, then the message.</summary>
    private sealed class Channel(PackageAcceptor owner, byte[] routingId) : PackageChannel(owner._engine, null, owner._address)
    {
        protected override bool TryWrite(byte[] message) =>
            PackageEngine.TryWrite(owner._socket, routingId, more: true) && PackageEngine.TryWrite(owner._socket, message, more: false);

        protected override void OnUp() => owner._channels[routingId] = this;

        protected override void OnEnd(Step end, bool wasUp) => Forget();

        protected override void Supersede(NodeId peer)
        {
            foreach (var other in owner._channels.Values.Where(c => c != this && c.Link?.Peer.Id == peer).ToArray())
            {
                other.Down("the peer has connected anew");
                other.Forget();
            }
        }

        private void Forget()
        {
            if (owner._channels.TryGetValue(routingId, out var known) && known == this)
            {
                owner._channels.Remove(routingId);
            }
        }
    }

    /// <summary>Compares routing ids by their bytes.</summary>
    private sealed class RoutingIdComparer : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
