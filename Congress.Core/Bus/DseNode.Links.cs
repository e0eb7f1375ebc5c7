using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Congress.Bus.Protocol;
using Congress.Data;
using Microsoft.Extensions.Logging;

namespace Congress.Bus;

/// <summary>The shell around the protocol: one lock, what goes in from links and clock, and what comes out.</summary>
/// <remarks>
/// Whoever has something for the protocol does the step on its own thread and then sends what came out of it, unless another thread is sending
/// already: that one goes on with it. So a call needs no change of threads to reach the wire, and frames keep their order.
/// </remarks>
public sealed partial class DseNode : IBusReceiver
{
    private const int MaxTurns = 16;

    private readonly Dictionary<IBusLink, long> _linkIds = [];
    private readonly Dictionary<long, IBusLink> _links = [];
    private readonly List<Channel<PeerEvent>> _peerWatchers = [];
    private readonly List<(IBusLink Link, string Reason)> _condemned = [];
    private readonly List<Action<ILogger>> _logs = [];
    private List<(long Link, Frame Frame)> _outgoing = [];
    private List<(long Link, Frame Frame)> _sent = [];          // emptied, to be filled next
    private List<(long Link, Frame Frame)> _spare = [];
    private readonly Queue<IThreadPoolWorkItem> _woken = [];
    private bool _isSending;
    private long _lastLink;
    private (NodeId Peer, string Reason)? _refusal;

    /// <summary>Tells of peers as they come, go, or are not heard. A reader that takes long misses the oldest.</summary>
    public async IAsyncEnumerable<PeerEvent> WatchPeers([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<PeerEvent>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _peerWatchers.Add(channel);
            if (_isOver)
            {
                channel.Writer.TryComplete();
            }
        }

        try
        {
            await foreach (var next in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return next;
            }
        }
        finally
        {
            lock (_gate)
            {
                _peerWatchers.Remove(channel);
            }
        }
    }

    string? IBusReceiver.Admit(NodeIdentity peer)
    {
        lock (_gate)
        {
            return _protocol.Admit(peer, Now);
        }
    }

    void IBusReceiver.LinkUp(IBusLink link) => Step(static (node, link, now) =>
    {
        var id = ++node._lastLink;
        node._linkIds[link] = id;
        node._links[id] = link;
        node._protocol.LinkUp(id, link.Peer, link.Role, now);
    }, link);

    void IBusReceiver.Received(IBusLink link, Frame frame) => Step(static (node, step, now) =>
    {
        if (node._linkIds.TryGetValue(step.link, out var id))
        {
            node._protocol.Received(id, step.frame, now);
        }
    }, (link, frame));

    void IBusReceiver.LinkDown(IBusLink link, string reason) => Step(static (node, step, now) =>
    {
        if (node._linkIds.Remove(step.link, out var id))
        {
            node._links.Remove(id);
            node._protocol.LinkDown(id, step.reason, now);
        }
    }, (link, reason));

    void IBusReceiver.Refused(NodeId peer, string reason)
    {
        lock (_gate)
        {
            _refusal = (peer, reason);
        }

        BusLog.Refused(_options.Logger, Id, peer, reason);
    }

    /// <summary>Queues work to the pool once the lock is free: before, it would only wait for that. Under the lock.</summary>
    internal void Wake(IThreadPoolWorkItem work) => _woken.Enqueue(work);

    private void Tick()
    {
        Step(static (node, _, now) => node._protocol.OnTick(now), 0);
        foreach (var host in HostsNow())
        {
            host.CheckHang();
        }
    }

    /// <summary>One step of the protocol, then the sending of what came out of it.</summary>
    private void Step<T>(Action<DseNode, T, TimeSpan> step, T argument)
    {
        lock (_gate)
        {
            step(this, argument, Now);
            Settle();
        }

        Send();
    }

    /// <summary>Gives the node what it sends itself, and tells what there is to tell, until there is nothing of either. Under the lock.</summary>
    private void Settle()
    {
        while (true)
        {
            Tell(_protocol.Outbox.TakeEvents());
            if (!_protocol.Outbox.HasFrames)
            {
                return;
            }

            var empty = _spare;
            _spare = [];
            var frames = _protocol.Outbox.TakeFrames(empty);
            foreach (var (link, frame) in frames)
            {
                if (link == NodeProtocol.SelfLink)
                {
                    _protocol.Received(link, frame, Now);
                }
                else
                {
                    _outgoing.Add((link, frame));
                }
            }

            frames.Clear();
            _spare = frames;
        }
    }

    /// <summary>What is left to do once the lock is free: lets those work who have something to do now, and sends.</summary>
    private void Send()
    {
        for (var turn = 0; ; turn++)
        {
            Rouse();
            List<(long Link, Frame Frame)> frames;
            (IBusLink Link, string Reason)[] condemned = [];
            Action<ILogger>[] logs = [];
            lock (_gate)
            {
                if (_isSending || (_outgoing.Count == 0 && _condemned.Count == 0 && _logs.Count == 0))
                {
                    return;
                }

                if (turn == MaxTurns)
                {
                    // This thread has its own work to do.
                    ThreadPool.UnsafeQueueUserWorkItem(static node => node.Send(), this, preferLocal: false);
                    return;
                }

                _isSending = true;
                (frames, _outgoing) = (_outgoing, _sent);
                if (_condemned.Count + _logs.Count > 0)
                {
                    (condemned, logs) = ([.. _condemned], [.. _logs]);
                    _condemned.Clear();
                    _logs.Clear();
                }
            }

            try
            {
                foreach (var (link, frame) in frames)
                {
                    Send(link, frame);
                }

                foreach (var (link, reason) in condemned)
                {
                    link.Close(reason);
                }

                foreach (var log in logs)
                {
                    log(_options.Logger);
                }
            }
            catch (Exception exception)
            {
                // A transport or a logger that throws against its contract costs what it was given, not the node.
                Trace.TraceError($"node {Id}: {exception}");
            }

            frames.Clear();
            lock (_gate)
            {
                _sent = frames;
                _isSending = false;
            }
        }
    }

    private void Rouse()
    {
        // What this thread has added it sees without the lock; what others add they rouse themselves.
        while (_woken.Count > 0)
        {
            IThreadPoolWorkItem? work;
            lock (_gate)
            {
                _woken.TryDequeue(out work);
            }

            if (work is not null)
            {
                ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);
            }
        }
    }

    private void Send(long link, Frame frame)
    {
        IBusLink? to;
        lock (_gate)
        {
            to = _links.GetValueOrDefault(link);
        }

        if (to is null || !to.TrySend(frame))
        {
            lock (_gate)
            {
                _protocol.NotSent(link, frame, Now);
                Settle();
            }
        }
    }

    /// <summary>Passes on what the protocol has to tell. Under the lock: whoever is told only makes a note.</summary>
    private void Tell(IReadOnlyList<ProtocolEvent> events)
    {
        foreach (var happening in events)
        {
            switch (happening)
            {
                case SubscriptionReady ready:
                    _subscriptions.GetValueOrDefault(ready.Subscription)?.Signal();
                    break;
                case CallEnded ended:
                    End(ended);
                    break;
                case CallArrived arrived:
                    Arrived(arrived);
                    break;
                case CallAbandoned abandoned:
                    Abandoned(abandoned.Token);
                    break;
                case DemandChanged demand:
                    _hosts.GetValueOrDefault(demand.Table.Policy)?.DemandChanged(demand.Table.Table, demand.IsWanted);
                    break;
                case LinkCondemned condemned when _links.TryGetValue(condemned.Link, out var link):
                    _condemned.Add((link, condemned.Reason));
                    break;
                case PeerChanged changed:
                    _logs.Add(logger => BusLog.PeerChanged(logger, Id, changed.Peer, changed.Health, changed.Reason));
                    _peerWatchers.ForEach(w => w.Writer.TryWrite(new(changed.Peer, changed.Health, changed.Reason)));
                    break;
                case TableDiverged diverged:
                    _logs.Add(logger => BusLog.Diverged(logger, Id, diverged.Table, diverged.Version));
                    break;
            }
        }
    }
}
