namespace Congress.Bus.Protocol;

/// <summary>What one node says to another at once; immutable. The members of the family that only the protocol needs are internal.</summary>
/// <remarks>Within a process a frame is handed over as it is; over a socket it goes as bytes (<see cref="FrameCodec"/>).</remarks>
public abstract record Frame
{
    private protected Frame()
    {
    }
}

/// <summary>The first frame on a link: the dialling side says who it is, the other side answers with its own or with <see cref="Refuse"/>.</summary>
/// <param name="Node">The sender.</param>
/// <param name="MinVersion">The oldest version of the protocol that the sender speaks.</param>
/// <param name="MaxVersion">The newest. The link uses the newest version that both speak.</param>
/// <param name="Options">What else the sender can do; a receiver skips what it does not know.</param>
public sealed record Hello(Data.NodeIdentity Node, byte MinVersion, byte MaxVersion, IReadOnlyDictionary<string, string> Options) : Frame
{
    /// <summary>A greeting from a node of this version.</summary>
    public static Hello From(Data.NodeIdentity node) => new(node, FrameCodec.Version, FrameCodec.Version, new Dictionary<string, string>(StringComparer.Ordinal));
}

/// <summary>An answer to <see cref="Hello"/>, or to any frame on a link that the sender does not know (any more): say HELLO anew.</summary>
/// <param name="Reason">Why the link is refused; empty when the receiver had not said HELLO to this incarnation.</param>
public sealed record Refuse(string Reason) : Frame;

/// <summary>Bytes that mean nothing to the protocol: for measuring and testing a transport. A node drops them.</summary>
/// <param name="Payload">The bytes.</param>
public sealed record Probe(ReadOnlyMemory<byte> Payload) : Frame;
