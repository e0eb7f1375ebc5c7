using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Transport.NetMQ.Sessions;

namespace Congress.Transport.NetMQ.Package;

/// <summary>The way to one peer over a socket of the package. Used on the thread of the sockets only, except for <see cref="Post"/>.</summary>
internal abstract class PackageChannel(PackageEngine engine, NodeId? dialled, string address)
{
    // As long as the writing of one link may keep the thread from the others.
    private const int Batch = 256;

    private static readonly TimeSpan Congested = TimeSpan.FromMilliseconds(2);

    // A socket of the package cannot close one of its connections: the peer is told to begin anew.
    private static readonly Refuse Forgotten = new("");

    private Session _session = engine.Station.NewSession(dialled, null);

    /// <summary>The link, when there is one.</summary>
    protected PackageLink? Link { get; private set; }

    protected PackageEngine Engine => engine;

    protected Session Session => _session;

    /// <summary>Has something done on the thread of the sockets, from any thread.</summary>
    public void Post(Action action) => engine.Post(action);

    /// <summary>Takes a message in.</summary>
    public void Read(ReadOnlySpan<byte> message)
    {
        var step = _session.Read(message);
        switch (step.Kind)
        {
            case StepKind.Deliver:
                if (!engine.Station.Received(Link!, step.Frame!))
                {
                    End(new(StepKind.Lost, Forgotten, "the node failed to take in a frame"));
                }

                break;
            case StepKind.Up:
                Up(step);
                break;
            case StepKind.Stay:
                Say(step.Frame);
                break;
            case StepKind.Lost or StepKind.Refused or StepKind.Refusing or StepKind.Fault:
                End(step);
                break;
        }
    }

    /// <summary>Writes what waits on a link.</summary>
    public void Flush(PackageLink link)
    {
        for (var written = 0; link == Link && link.TryPeek(out var message); written++)
        {
            if (written == Batch)
            {
                Post(() => Flush(link));
                return;
            }

            try
            {
                if (!TryWrite(message))
                {
                    // The socket is full. It does not say reliably when it is not, so it is asked again.
                    engine.After(Congested, () => Flush(link));
                    return;
                }
            }
            catch (global::NetMQ.NetMQException e)
            {
                End(new(StepKind.Lost, Reason: $"the peer is gone: {e.Message}"));
                return;
            }

            link.Written();
        }
    }

    /// <summary>Ends a link because the node wants it.</summary>
    public void CloseLink(PackageLink link, string reason)
    {
        if (link == Link)
        {
            End(new(StepKind.Lost, Forgotten, reason));
        }
    }

    /// <summary>Ends the link if there is one, and tells of what the end means; the channel may begin anew.</summary>
    public void End(Step end)
    {
        var (wasUp, peer) = (Link is not null, Link?.Peer.Id ?? dialled);
        Down(end.Reason);
        if (end.Kind == StepKind.Fault)
        {
            engine.Station.Events.Fault(peer?.Value ?? address, end.Reason);
        }
        else if (end.Kind == StepKind.Refused && peer is { } refusing)
        {
            engine.Station.Refused(refusing, end.Reason);
        }

        Say(end.Kind == StepKind.Fault ? end.Frame ?? Forgotten : end.Frame);
        _session = engine.Station.NewSession(dialled, null);
        OnEnd(end, wasUp);
    }

    /// <summary>Tells that the link is down.</summary>
    public void Down(string reason)
    {
        if (Link is { } link)
        {
            Link = null;
            link.GoDown();
            engine.Station.LinkDown(link, reason);
        }
    }

    /// <summary>Sends a frame of the handshake; if it is lost the handshake is, which has its time.</summary>
    protected void Say(Frame? frame)
    {
        if (frame is null)
        {
            return;
        }

        var buffer = new FrameBuffer(256);
        FrameCodec.Write(frame, buffer);
        try
        {
            TryWrite(buffer.Written.ToArray());
        }
        catch (global::NetMQ.NetMQException)
        {
            // The peer is gone: there is nobody to tell.
        }
    }

    /// <summary>Writes a message, whose bytes belong to the socket then.</summary>
    /// <returns>False when the socket takes no more now.</returns>
    /// <exception cref="global::NetMQ.NetMQException">The peer is gone.</exception>
    protected abstract bool TryWrite(byte[] message);

    /// <summary>The channel has got its link.</summary>
    protected virtual void OnUp()
    {
    }

    /// <summary>The channel has lost its link, or has not come to have one.</summary>
    protected abstract void OnEnd(Step end, bool wasUp);

    /// <summary>Ends the links of the same peer over other channels: it has one.</summary>
    protected virtual void Supersede(NodeId peer)
    {
    }

    private void Up(Step step)
    {
        Down("the peer said HELLO anew");
        Supersede(step.Peer.Id);
        Say(step.Frame);
        Link = new(this, engine.Station, step.Peer, address);
        OnUp();
        if (!engine.Station.LinkUp(Link))
        {
            End(new(StepKind.Lost, Forgotten, "the node failed to take in a link"));
        }
    }
}
