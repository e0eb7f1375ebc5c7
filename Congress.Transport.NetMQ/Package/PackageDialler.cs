using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Congress.Data;
using Congress.Transport.NetMQ.Sessions;
using Congress.Transport.NetMQ.Zmtp;
using NetMQ;
using NetMQ.Sockets;

namespace Congress.Transport.NetMQ.Package;

/// <summary>Keeps a link with a peer by a DEALER. Each attempt has a socket of its own, so that nothing that was meant for one incarnation of the peer reaches the next.</summary>
internal sealed class PackageDialler(PackageEngine engine, NodeId peer, BusEndpoint endpoint) : PackageChannel(engine, peer, endpoint.ToString()), IDisposable
{
    private readonly Backoff _backoff = new();
    private Attempt? _attempt;

    /// <summary>Begins an attempt.</summary>
    public void Open()
    {
        var attempt = _attempt = new(this, peer, endpoint);
        Say(Session.Greeting);
        Engine.After(Engine.Station.Options.HandshakeTime, () =>
        {
            if (attempt == _attempt && Link is null)
            {
                End(attempt.IsConnected
                    ? new(StepKind.Fault, Reason: $"no HELLO within {Engine.Station.Options.HandshakeTime.TotalSeconds} s")
                    : new(StepKind.Lost, Reason: "nobody is there"));
            }
        });
    }

    /// <summary>Ends for good, on the thread of the sockets.</summary>
    public void Dispose()
    {
        Down(Station.Closing);
        _attempt?.Dispose();
        _attempt = null;
    }

    protected override bool TryWrite(byte[] message) => _attempt is not { } attempt || PackageEngine.TryWrite(attempt.Socket, message, more: false);

    protected override void OnUp() => _backoff.Reset();

    protected override void OnEnd(Step end, bool wasUp)
    {
        _attempt?.Dispose();
        _attempt = null;
        if (end.Kind is StepKind.Refused or StepKind.Refusing)
        {
            _backoff.Slow();
        }

        Engine.After(_backoff.Next(), () =>
        {
            if (_attempt is null && !Engine.IsStopping)
            {
                Open();
            }
        });
    }

    /// <summary>A socket and what the package tells about it.</summary>
    private sealed class Attempt : IDisposable
    {
        // A monitor must outlive its socket: the package's thread that writes to it would wait for ever if nobody could read.
        private static readonly TimeSpan MonitorTime = TimeSpan.FromSeconds(1);
        private static int _monitors;

        private readonly PackageDialler _owner;
        private readonly PairSocket _monitor = new();

        public Attempt(PackageDialler owner, NodeId peer, BusEndpoint endpoint)
        {
            _owner = owner;
            Socket = new();
            PackageEngine.Configure(Socket);
            Socket.Options.Identity = ZmtpWriter.RoutingId(owner.Engine.Station.Self.Incarnation, peer);
            Socket.Options.ReconnectInterval = TimeSpan.FromMilliseconds(Random.Shared.Next(40, 70));
            Socket.Options.ReconnectIntervalMax = TimeSpan.FromMilliseconds(500);
            Socket.ReceiveReady += (_, _) => owner.Engine.Drain(Socket, Read);
            var place = $"inproc://congress-{Interlocked.Increment(ref _monitors)}-{peer}";
            Socket.Monitor(place, SocketEvents.Connected | SocketEvents.Disconnected);
            _monitor.Connect(place);
            _monitor.ReceiveReady += (_, _) => owner.Engine.Drain(_monitor, Watch);
            owner.Engine.Poller.Add(_monitor);
            owner.Engine.Poller.Add(Socket);
            Socket.Connect(PackageEngine.AddressOf(endpoint));
        }

        public DealerSocket Socket { get; }

        /// <summary>Whether the peer's machine has answered at all.</summary>
        public bool IsConnected { get; private set; }

        /// <summary>Ends the socket, after what is being handled now.</summary>
        public void Dispose() => _owner.Engine.Retire(Socket, _monitor, MonitorTime);

        private void Read(ref Msg message)
        {
            if (this != _owner._attempt)
            {
                return;
            }

            if (message.HasMore)
            {
                _owner.End(new(StepKind.Fault, Reason: "a message has several parts; one was expected"));
                return;
            }

            _owner.Read(message.Slice());
        }

        /// <summary>Takes in an event of the socket.</summary>
        /// <remarks>
        /// The package's own NetMQMonitor waits for ever, on this thread, when its turn comes after it was detached; so its messages are
        /// read here: the event (4 bytes), the length of the endpoint and the endpoint, the kind of what follows, and a handle that the reader must free.
        /// </remarks>
        private void Watch(ref Msg message)
        {
            const byte hasHandle = 2;
            var bytes = message.Slice();
            if (bytes.Length < 5)
            {
                return;
            }

            var rest = bytes[(5 + Math.Min(bytes[4], bytes.Length - 5))..];
            if (rest.Length == 1 + IntPtr.Size && rest[0] == hasHandle)
            {
                GCHandle.FromIntPtr(MemoryMarshal.Read<IntPtr>(rest[1..])).Free();
            }

            var what = (SocketEvents)BinaryPrimitives.ReadInt32LittleEndian(bytes);
            IsConnected |= what == SocketEvents.Connected;
            if (what == SocketEvents.Disconnected)
            {
                _owner.Engine.Drain(Socket, Read);   // the peer may have said why
            }

            if (what == SocketEvents.Disconnected && this == _owner._attempt)
            {
                _owner.End(new(StepKind.Lost, Reason: "the connection is lost"));
            }
        }
    }
}
