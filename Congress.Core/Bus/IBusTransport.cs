using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Bus;

/// <summary>Moves frames between nodes: in order for each sender, each at most once.</summary>
/// <remarks>
/// A transport is dumb. It may lose frames when a link is lost or its bounded queue is full; everything that is promised
/// beyond that (sequence, resynchronisation, liveness, calls, the directory) is done once, above it, by the node. One transport
/// serves one node. Disposing it closes every link; it is bounded in time and may be repeated.
/// </remarks>
public interface IBusTransport : IAsyncDisposable
{
    /// <summary>Begins to listen and to dial; from now on links and frames are told.</summary>
    /// <param name="self">This node.</param>
    /// <param name="receiver">Is told of links and frames, from any thread: the calls for one link come one after the other.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="IOException">The endpoint cannot be bound.</exception>
    /// <exception cref="ArgumentException">The configuration is wrong; nothing has been started.</exception>
    ValueTask StartAsync(NodeIdentity self, IBusReceiver receiver, CancellationToken cancellationToken = default);
}

/// <summary>A connection with one incarnation of a peer. It is gone when either of the two is.</summary>
public interface IBusLink
{
    /// <summary>The process at the other end.</summary>
    NodeIdentity Peer { get; }

    /// <summary>What the peer may do.</summary>
    PeerRole Role { get; }

    /// <summary>Where the peer is, for people: an endpoint.</summary>
    string Address { get; }

    /// <summary>Hands a frame over. Never waits.</summary>
    /// <returns>False when the queue is full or the link is gone: then the frame will not be sent. True says only that it is on its way.</returns>
    bool TrySend(Frame frame);

    /// <summary>Closes the link; frames on their way may be lost. <see cref="IBusReceiver.LinkDown"/> is told, unless it was before.</summary>
    void Close(string reason);
}

/// <summary>What a transport tells its node.</summary>
public interface IBusReceiver
{
    /// <summary>Asks whether a process that said HELLO may have a link.</summary>
    /// <returns>Null when it may; otherwise why not, as it is told to the peer.</returns>
    string? Admit(NodeIdentity peer);

    /// <summary>A link can be used.</summary>
    void LinkUp(IBusLink link);

    /// <summary>A frame has arrived, between the <see cref="LinkUp"/> and the <see cref="LinkDown"/> of its link.</summary>
    void Received(IBusLink link, Frame frame);

    /// <summary>A link is gone. Told once for each <see cref="LinkUp"/>.</summary>
    void LinkDown(IBusLink link, string reason);

    /// <summary>A peer does not want this node. The transport tries again in a while.</summary>
    /// <param name="peer">The peer's configured name.</param>
    /// <param name="reason">What it says.</param>
    void Refused(NodeId peer, string reason);
}
