using Congress.Bus.Protocol;
using Congress.Data;
using NetMQ;
using NetMQ.Sockets;

namespace Congress.Transport.NetMQ.Package;

/// <summary>Serves <c>tcp://</c> by the NetMQ package: a ROUTER, a DEALER for each peer to dial, and one thread that alone touches the sockets and tells the node.</summary>
internal sealed class PackageEngine : IEngine
{
    // Messages of one socket in a row, before the others have their turn.
    private const int Batch = 512;

    // Above the window of any subscriber, and bounded: what waits longer waits in the link, which says no when it is full.
    private const int HighWaterMark = 1000;

    private static readonly TimeSpan LingerTime = TimeSpan.FromMilliseconds(100);

    private readonly NetMQQueue<Action> _posted = new();
    private readonly List<PackageDialler> _diallers = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly Lock _posting = new();
    private bool _isOver;
    private PackageAcceptor? _acceptor;

    public PackageEngine(Station station)
    {
        (Station, _stop) = (station, _stopping.Token);
        _posted.ReceiveReady += (_, _) => RunPosted();
        Poller.Add(_posted);
        Poller.RunAsync($"congress {station.Self.Id}", isBackgroundThread: true);
    }

    /// <summary>Handles a part of a message.</summary>
    public delegate void PartHandler(ref Msg part);

    public Station Station { get; }

    public NetMQPoller Poller { get; } = [];

    public bool IsStopping => _stop.IsCancellationRequested;

    public BusEndpoint Listen(BusEndpoint endpoint)
    {
        _acceptor = new(this, endpoint);
        Post(_acceptor.Open);
        return _acceptor.Endpoint;
    }

    public void Dial(NodeId peer, BusEndpoint endpoint)
    {
        var dialler = new PackageDialler(this, peer, endpoint);
        Post(() =>
        {
            _diallers.Add(dialler);
            dialler.Open();
        });
    }

    public void Recheck(TlsKeys keys)
    {
        // There are no keys on this engine's links.
    }

    /// <summary>Has something done on the thread of the sockets, unless the engine has ended: then all links are down, and nobody waits for it.</summary>
    /// <remarks>Who is in the package's queue while that is disposed waits there for ever, with all of a processor; hence the lock.</remarks>
    public void Post(Action action)
    {
        lock (_posting)
        {
            if (!_isOver)
            {
                _posted.Enqueue(action);
            }
        }
    }

    /// <summary>Has something done on the thread of the sockets in a while.</summary>
    public void After(TimeSpan time, Action action) => _ = AfterAsync(time, action);

    /// <summary>Runs something on the thread of the sockets. A mistake of ours there would be the end of the process.</summary>
    public void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Station.Events.NodeFailed("a peer", e);
        }
    }

    /// <summary>Sets what is the same for all sockets.</summary>
    public static void Configure(NetMQSocket socket)
    {
        socket.Options.SendHighWatermark = HighWaterMark;
        socket.Options.ReceiveHighWatermark = HighWaterMark;
        socket.Options.Linger = LingerTime;
        socket.Options.MaxMsgSize = FrameCodec.MaxLength;
        socket.Options.IPv4Only = false;
    }

    /// <summary>Reads what a socket has.</summary>
    public void Drain(NetMQSocket socket, PartHandler handler)
    {
        var part = default(Msg);
        part.InitEmpty();
        Guarded(() =>
        {
            for (var i = 0; i < Batch && !socket.IsDisposed && socket.TryReceive(ref part, TimeSpan.Zero); i++)
            {
                handler(ref part);
            }
        });
        part.Close();
    }

    /// <summary>Ends a socket, after what is being handled now.</summary>
    public void Retire(DealerSocket socket, PairSocket monitor, TimeSpan monitorTime) => Post(() =>
    {
        Poller.Remove(monitor);
        Poller.RemoveAndDispose(socket);
        _ = DisposeLaterAsync(monitor, monitorTime);
    });

    /// <summary>Writes a part, whose bytes belong to the socket then.</summary>
    public static bool TryWrite(NetMQSocket socket, byte[] bytes, bool more)
    {
        var part = default(Msg);
        part.InitGC(bytes, bytes.Length);
        var isWritten = socket.TrySend(ref part, TimeSpan.Zero, more);
        part.Close();
        return isWritten;
    }

    /// <summary>An endpoint as the package writes it.</summary>
    public static string AddressOf(BusEndpoint endpoint) =>
        endpoint.Host == "*" || endpoint.Address is not { } address ? endpoint.ToString() : (endpoint with { Host = address.ToString() }).ToString();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            Guarded(() => _diallers.ForEach(d => d.Dispose()));
            Guarded(() => _acceptor?.Dispose());
            Post(ended.SetResult);   // after what the closing has posted
        });
        await ended.Task.ConfigureAwait(false);
        lock (_posting)
        {
            _isOver = true;
        }

        await Task.Run(Poller.Dispose).ConfigureAwait(false);
        _posted.Dispose();
        _stopping.Dispose();
    }

    private void RunPosted()
    {
        for (var i = 0; i < Batch && _posted.TryDequeue(out var action, TimeSpan.Zero); i++)
        {
            Guarded(action);
        }
    }

    private async Task AfterAsync(TimeSpan time, Action action)
    {
        await Task.Delay(time, Station.Time, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!IsStopping)
        {
            Post(action);
        }
    }

    private static async Task DisposeLaterAsync(PairSocket monitor, TimeSpan time)
    {
        await Task.Delay(time, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        monitor.Dispose();
    }
}
