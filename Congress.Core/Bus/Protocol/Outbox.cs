using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>What the protocol wants done: frames to send and things to tell, in order. Its host takes them after each step.</summary>
internal sealed class Outbox
{
    private List<(long Link, Frame Frame)> _frames = [];
    private List<ProtocolEvent> _events = [];

    public bool HasFrames => _frames.Count > 0;

    public void Send(long link, Frame frame) => _frames.Add((link, frame));

    public void Tell(ProtocolEvent happening) => _events.Add(happening);

    /// <summary>Takes what there is to send; the given list, emptied, is filled next.</summary>
    public List<(long Link, Frame Frame)> TakeFrames(List<(long Link, Frame Frame)> empty)
    {
        var taken = _frames;
        _frames = empty;
        return taken;
    }

    /// <summary>Takes what there is to tell.</summary>
    public IReadOnlyList<ProtocolEvent> TakeEvents()
    {
        if (_events.Count == 0)
        {
            return [];
        }

        var taken = _events;
        _events = [];
        return taken;
    }
}

/// <summary>Something that the services of a node, or those who watch the bus, are to know.</summary>
internal abstract record ProtocolEvent;

/// <summary>A subscription has events to take.</summary>
internal sealed record SubscriptionReady(ulong Subscription) : ProtocolEvent;

/// <summary>The first subscriber of a table came, or the last one went.</summary>
internal sealed record DemandChanged(TableName Table, bool IsWanted) : ProtocolEvent;

/// <summary>A call of this node has ended.</summary>
internal sealed record CallEnded(ulong Id, Calls.CallOutcome Outcome) : ProtocolEvent;

/// <summary>A service of this node is called.</summary>
/// <param name="Token">The protocol's number for the work, which its end must name.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Call">The call.</param>
internal sealed record CallArrived(ulong Token, NodeId Caller, Call Call) : ProtocolEvent;

/// <summary>Nobody waits for the work any longer.</summary>
internal sealed record CallAbandoned(ulong Token) : ProtocolEvent;

/// <summary>A peer or its services are not what they were.</summary>
internal sealed record PeerChanged(NodeIdentity Peer, PeerHealth Health, string Reason) : ProtocolEvent;

/// <summary>The host is to close a link: its peer is not heard any more, or broke the protocol.</summary>
internal sealed record LinkCondemned(long Link, string Reason) : ProtocolEvent;

/// <summary>Rows and hash of a table did not fit, though the sequence did; it is being sent anew.</summary>
internal sealed record TableDiverged(TableName Table, TableVersion Version) : ProtocolEvent;

/// <summary>How a peer is doing.</summary>
public enum PeerHealth
{
    /// <summary>It is linked and its heartbeats come.</summary>
    Alive,

    /// <summary>Its link is lost or its heartbeats are late: what it publishes is stale.</summary>
    Suspected,

    /// <summary>It has not been heard for long; it has left the directory.</summary>
    Dead,

    /// <summary>It said that it leaves.</summary>
    Left,
}
