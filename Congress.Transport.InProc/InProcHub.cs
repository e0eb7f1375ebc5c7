using Congress.Data;

namespace Congress.Transport.InProc;

/// <summary>Where the nodes of one process meet. Each joins with an <see cref="InProcTransport"/> of its own.</summary>
public sealed class InProcHub
{
    private readonly Lock _gate = new();
    private readonly List<InProcTransport> _members = [];

    /// <summary>Makes a hub without nodes.</summary>
    /// <param name="strict">Whether every frame passes through the codec, as over a socket: for tests.</param>
    /// <param name="queueLength">The most frames that wait on a link in one direction.</param>
    public InProcHub(bool strict = false, int queueLength = 8192)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queueLength);
        (IsStrict, QueueLength) = (strict, queueLength);
    }

    internal bool IsStrict { get; }

    internal int QueueLength { get; }

    internal void Join(InProcTransport member)
    {
        InProcTransport[] others;
        lock (_gate)
        {
            others = [.. _members];
            _members.Add(member);
        }

        foreach (var other in others)
        {
            InProcTransport.Connect(member, other);
        }
    }

    internal void Leave(InProcTransport member)
    {
        lock (_gate)
        {
            _members.Remove(member);
        }
    }

    /// <summary>Connects a member with one whose link was closed, if both are still here.</summary>
    internal void Reconnect(InProcTransport member, NodeId peer)
    {
        InProcTransport? other;
        lock (_gate)
        {
            other = _members.Contains(member) ? _members.Find(m => m.Self.Id == peer) : null;
        }

        if (other is not null)
        {
            InProcTransport.Connect(member, other);
        }
    }
}
