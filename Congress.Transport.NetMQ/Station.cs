using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Transport.NetMQ.Sessions;

namespace Congress.Transport.NetMQ;

/// <summary>What all connections of a started transport share. Nothing that the node throws gets past it.</summary>
internal sealed class Station(NodeIdentity self, IBusReceiver receiver, NetMQTransportOptions options, TransportEvents events)
{
    /// <summary>What a link's ending says when the transport is disposed.</summary>
    public const string Closing = "the transport is closing";

    private volatile TlsKeys? _keys = options.Tls;

    public NodeIdentity Self => self;

    public NetMQTransportOptions Options => options;

    public TransportEvents Events => events;

    public TimeProvider Time => options.TimeProvider;

    /// <summary>The keys as of now.</summary>
    public TlsKeys? Keys
    {
        get => _keys;
        set => _keys = value;
    }

    /// <summary>Begins the bus's side of a connection.</summary>
    public Session NewSession(NodeId? dialled, NodeId? pinned) => new(self, dialled, pinned, Admit);

    /// <returns>Whether the link may go on.</returns>
    public bool LinkUp(IBusLink link)
    {
        events.LinkUp(link.Peer.ToString(), link.Address);
        return Tell(link.Peer.ToString(), () => receiver.LinkUp(link));
    }

    /// <returns>Whether the link may go on.</returns>
    public bool Received(IBusLink link, Frame frame)
    {
        try
        {
            receiver.Received(link, frame);
            return true;
        }
        catch (Exception e)
        {
            events.NodeFailed(link.Peer.ToString(), e);
            return false;
        }
    }

    public void LinkDown(IBusLink link, string reason)
    {
        events.LinkDown(link.Peer.ToString(), reason);
        Tell(link.Peer.ToString(), () => receiver.LinkDown(link, reason));
    }

    public void Refused(NodeId peer, string reason) => Tell(peer.Value, () => receiver.Refused(peer, TransportEvents.Printable(reason)));

    private string? Admit(NodeIdentity peer)
    {
        string? reason = "the node failed";
        Tell(peer.ToString(), () => reason = receiver.Admit(peer));
        return reason;
    }

    private bool Tell(string peer, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e)
        {
            events.NodeFailed(peer, e);
            return false;
        }
    }
}
