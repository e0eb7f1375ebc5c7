using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.NetMQ.Sessions;

/// <summary>The bus's side of one connection, whatever carries it: HELLO, then frames. Reads messages and says what is to be done; does nothing itself.</summary>
/// <param name="self">This node.</param>
/// <param name="dialled">The node that was dialled; null on the accepting side.</param>
/// <param name="pinned">The node whose key the peer has shown, or null where there are no keys.</param>
/// <param name="admit">Asks the node whether a process may have a link.</param>
internal sealed class Session(NodeIdentity self, NodeId? dialled, NodeId? pinned, Func<NodeIdentity, string?> admit)
{
    // A DEALER that reconnects by itself to a restarted node goes on with what it had queued before it reads that it is unknown.
    private const int MaxStrayFrames = 64;

    // Whom a HELLO is meant for. A node that is dialled in error can refuse, before the link takes the place of a proper one.
    private const string Addressee = "to";

    private int _strayFrames;

    /// <summary>Whether HELLO has been said on both sides.</summary>
    public bool IsUp { get; private set; }

    /// <summary>The longest message that may come next.</summary>
    public int MaxLength => IsUp ? FrameCodec.MaxLength : FrameCodec.MaxGreetingLength;

    /// <summary>What the dialling side says first.</summary>
    public Frame Greeting => Hello.From(self) with
    {
        Options = new Dictionary<string, string>(StringComparer.Ordinal) { [Addressee] = dialled?.Value ?? "" },
    };

    /// <summary>Takes a message in.</summary>
    public Step Read(ReadOnlySpan<byte> message)
    {
        if (message.Length > MaxLength)
        {
            return new(StepKind.Fault, Reason: $"a message has {message.Length} bytes; at most {MaxLength} were expected");
        }

        var frame = FrameCodec.Read(message, out var fault);
        return frame switch
        {
            null => new(StepKind.Fault, Reason: fault ?? "a frame cannot be read"),
            Hello when dialled is not null && IsUp => new(StepKind.Lost, Reason: "the peer said HELLO anew"),
            Hello hello => Greet(hello),
            Refuse { Reason: "" } => new(StepKind.Lost, Reason: "the peer does not know this link"),
            Refuse refuse => new(StepKind.Refused, Reason: refuse.Reason),
            _ when IsUp => new(StepKind.Deliver, frame),
            _ when dialled is not null => new(StepKind.Fault, Reason: "the answer to HELLO is another frame"),
            _ => Stray(),
        };
    }

    private Step Greet(Hello hello)
    {
        IsUp = false;
        var peer = hello.Node;
        if (dialled is { } expected && peer.Id != expected)
        {
            return Misfit($"{peer.Id} answers where {expected} was expected");
        }

        if (pinned is { } owner && peer.Id != owner)
        {
            return Misfit($"{peer.Id} has the key of {owner}");
        }

        if (dialled is null && hello.Options.TryGetValue(Addressee, out var addressee) && addressee != self.Id.Value)
        {
            return Refusal($"this is {self.Id}");
        }

        if (peer.Id == self.Id)
        {
            return Refusal($"{self.Id} is the name of this node, too");
        }

        if (dialled is null && peer.Id > self.Id)
        {
            return Misfit($"{peer.Id} dials {self.Id}; of two nodes the one whose name sorts first dials");
        }

        var version = Math.Min(hello.MaxVersion, FrameCodec.Version);
        if (version < hello.MinVersion || version < FrameCodec.Version)
        {
            return Refusal($"{peer.Id} speaks versions {hello.MinVersion} to {hello.MaxVersion} of the protocol, {self.Id} version {FrameCodec.Version}");
        }

        if (admit(peer) is { } reason)
        {
            return Refusal(reason.Length > 0 ? reason : "not admitted");
        }

        IsUp = true;
        return new(StepKind.Up, dialled is null ? Hello.From(self) : null, Peer: peer);
    }

    private Step Stray() => ++_strayFrames <= MaxStrayFrames
        ? new(StepKind.Stay, new Refuse(""))
        : new(StepKind.Fault, Reason: $"{MaxStrayFrames} frames came before HELLO");

    private static Step Misfit(string reason) => new(StepKind.Fault, new Refuse(reason), reason);

    private static Step Refusal(string reason) => new(StepKind.Refusing, new Refuse(reason), reason);
}
