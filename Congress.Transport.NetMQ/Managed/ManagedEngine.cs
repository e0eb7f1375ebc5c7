using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Congress.Data;
using Congress.Transport.NetMQ.Sessions;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>Serves endpoints by sockets and a ZMTP of our own: listens at one, and keeps a connection to each peer that it is to dial.</summary>
internal sealed class ManagedEngine(Station station) : IEngine
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<ManagedConnection, bool> _connections = new();
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();
    private readonly Doorkeeper _door = new(station.Options, station.Events);
    private Listener? _listener;

    public Station Station => station;

    /// <summary>The links of all connections.</summary>
    public LinkTable Links { get; } = new();

    /// <summary>How many connections there are, with and without a link.</summary>
    public int ConnectionCount => _connections.Count;

    public BusEndpoint Listen(BusEndpoint endpoint)
    {
        _listener = Listener.Open(endpoint);
        Track(AcceptAsync(_listener));
        return _listener.Endpoint;
    }

    public void Dial(NodeId peer, BusEndpoint endpoint) => Track(KeepDiallingAsync(peer, endpoint));

    public void Recheck(TlsKeys keys)
    {
        foreach (var (connection, _) in _connections)
        {
            connection.Recheck(keys);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        foreach (var (connection, _) in _connections)
        {
            connection.Abort(Station.Closing);
        }

        while (!_tasks.IsEmpty)
        {
            await Task.WhenAll(_tasks.Keys).ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private void Track(Task task)
    {
        _tasks[task] = true;
        _ = task.ContinueWith(static (t, tasks) => ((ConcurrentDictionary<Task, bool>)tasks!).TryRemove(t, out _), _tasks, TaskScheduler.Default);
    }

    private async Task AcceptAsync(Listener listener)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                var from = (socket.RemoteEndPoint as IPEndPoint)?.Address;
                if (_door.TryEnter(from))
                {
                    Track(ServeAsync(socket, from, listener.Endpoint));
                }
                else
                {
                    socket.Dispose();
                }
            }
            catch (SocketException) when (!_stopping.IsCancellationRequested)
            {
                // The peer was faster away than we could accept, or there are no more file descriptors: both pass.
                await PauseAsync(TimeSpan.FromMilliseconds(20)).ConfigureAwait(false);
            }
            catch (Exception e) when (Wire.IsFailure(e))
            {
                // Stopping, or the socket died between being accepted and being asked for its address.
            }
        }
    }

    private async Task ServeAsync(Socket socket, IPAddress? from, BusEndpoint endpoint)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var isGuest = 1;
        void Leave()
        {
            if (Interlocked.Exchange(ref isGuest, 0) == 1)
            {
                _door.Leave();
            }
        }

        try
        {
            var address = from is null ? endpoint.ToString() : $"{endpoint.Scheme.ToString().ToLowerInvariant()}://{socket.RemoteEndPoint}";
            var (end, wasUp) = await RunAsync(Wire.Of(socket), endpoint, null, address, Leave).ConfigureAwait(false);
            if (end.Kind == StepKind.Fault)
            {
                station.Events.Fault(from?.ToString() ?? address, end.Reason);
                if (!wasUp)
                {
                    _door.BadHandshake(from);
                }
            }
        }
        catch (Exception e) when (Wire.IsFailure(e))
        {
            socket.Dispose();   // it died before anything was read
        }
        finally
        {
            Leave();
        }
    }

    private async Task KeepDiallingAsync(NodeId peer, BusEndpoint endpoint)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = new Backoff();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Wire wire;
                using (var patience = new CancellationTokenSource(station.Options.HandshakeTime, station.Time))
                using (var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token))
                {
                    wire = await Wire.DialAsync(endpoint, both.Token).ConfigureAwait(false);
                }

                var (end, wasUp) = await RunAsync(wire, endpoint, peer, endpoint.ToString(), null).ConfigureAwait(false);
                Judge(peer, end, wasUp, backoff);
            }
            catch (Exception e) when (Wire.IsFailure(e))
            {
                // Nobody is there yet.
            }

            await PauseAsync(backoff.Next()).ConfigureAwait(false);
        }
    }

    private void Judge(NodeId peer, Step end, bool wasUp, Backoff backoff)
    {
        if (wasUp)
        {
            backoff.Reset();
        }

        if (end.Kind is StepKind.Refused or StepKind.Refusing)
        {
            backoff.Slow();
        }

        if (end.Kind == StepKind.Refused)
        {
            station.Refused(peer, end.Reason);
        }
        else if (end.Kind == StepKind.Fault)
        {
            station.Events.Fault(peer.Value, end.Reason);
        }
    }

    /// <summary>Runs a connection to its end; a handshake has its time.</summary>
    private async Task<(Step End, bool WasUp)> RunAsync(Wire wire, BusEndpoint endpoint, NodeId? dialled, string address, Action? onUp)
    {
        var isLate = false;
        var timer = station.Time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref isLate, true);
                wire.Abort();
            },
            null, station.Options.HandshakeTime, Timeout.InfiniteTimeSpan);
        var late = new Step(StepKind.Fault, Reason: $"no HELLO within {station.Options.HandshakeTime.TotalSeconds} s");
        await using (timer.ConfigureAwait(false))
        {
            if (endpoint.Scheme == Scheme.Tls)
            {
                try
                {
                    await wire.SecureAsync(station.Keys!, dialled is not null, _stopping.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (Wire.IsFailure(e))
                {
                    await wire.DisposeAsync().ConfigureAwait(false);
                    return (_stopping.IsCancellationRequested ? default : Volatile.Read(ref isLate) ? late : new(StepKind.Fault, Reason: $"no TLS: {e.Message}"), false);
                }
            }

            var connection = new ManagedConnection(this, wire, dialled, address)
            {
                OnUp = () =>
                {
                    timer.Dispose();
                    onUp?.Invoke();
                },
            };
            _connections[connection] = true;
            if (_stopping.IsCancellationRequested)
            {
                connection.Abort(Station.Closing);
            }

            try
            {
                var end = await connection.RunAsync().ConfigureAwait(false);
                return (Volatile.Read(ref isLate) && !connection.WasUp ? late : end, connection.WasUp);
            }
            finally
            {
                _connections.TryRemove(connection, out _);
            }
        }
    }

    private async Task PauseAsync(TimeSpan time) =>
        await Task.Delay(time, station.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
