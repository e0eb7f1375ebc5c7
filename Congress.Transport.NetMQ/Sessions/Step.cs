using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.NetMQ.Sessions;

/// <summary>What a connection is to do after a message.</summary>
internal enum StepKind
{
    /// <summary>Hand the frame to the node.</summary>
    Deliver,

    /// <summary>End the link that there may be, send the frame if there is one, and tell of a new link.</summary>
    Up,

    /// <summary>Send the frame and go on.</summary>
    Stay,

    /// <summary>The peer has lost its side: begin anew at once.</summary>
    Lost,

    /// <summary>The peer refuses this node: tell the node, and begin anew in a while.</summary>
    Refused,

    /// <summary>This node refuses the peer: send the frame, and end.</summary>
    Refusing,

    /// <summary>The peer breaks the protocol: count it, send the frame if there is one, and end.</summary>
    Fault,
}

/// <summary>The answer of a <see cref="Session"/> to a message.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Frame">The frame to hand over or to send.</param>
/// <param name="Reason">Why it ends.</param>
/// <param name="Peer">Who is linked.</param>
internal readonly record struct Step(StepKind Kind, Frame? Frame = null, string Reason = "", NodeIdentity Peer = default);
