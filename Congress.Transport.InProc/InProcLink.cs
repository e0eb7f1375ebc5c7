using System.Threading.Channels;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.InProc;

/// <summary>One end of a link: what is sent here is received at the other end.</summary>
/// <remarks>
/// A channel in each direction, read by whoever writes when the reader is idle: a frame then reaches the other node without a change of
/// threads. What the receiver does with it is the protocol's step, never a service's code.
/// </remarks>
internal sealed class InProcLink : IBusLink
{
    private const int MostAtOnce = 4096;

    private readonly InProcTransport _owner;
    private readonly InProcTransport _other;
    private readonly bool _isStrict;
    private readonly Channel<Frame> _incoming;
    private InProcLink _far = null!;
    private readonly Lock _telling = new();    // so that the owner hears of the link before it hears of its end
    private bool _isTold;
    private int _isReceiving = 1;               // until it is opened
    private int _isClosed;

    private InProcLink(InProcTransport owner, InProcTransport other, InProcHub hub)
    {
        (_owner, _other, _isStrict) = (owner, other, hub.IsStrict);
        _incoming = Channel.CreateBounded<Frame>(new BoundedChannelOptions(hub.QueueLength)
        {
            SingleReader = true,
        });
    }

    public NodeIdentity Peer => _other.Self;

    public PeerRole Role => PeerRole.Unrestricted;

    public string Address => "inproc";

    public static (InProcLink Near, InProcLink Far) Pair(InProcTransport near, InProcTransport far, InProcHub hub)
    {
        var pair = (Near: new InProcLink(near, far, hub), Far: new InProcLink(far, near, hub));
        (pair.Near._far, pair.Far._far) = (pair.Far, pair.Near);
        return pair;
    }

    /// <summary>Tells the owner of the link and begins to receive.</summary>
    public void Open()
    {
        lock (_telling)
        {
            if (Volatile.Read(ref _isClosed) != 0)
            {
                return;
            }

            _isTold = true;
            _owner.Receiver.LinkUp(this);
        }

        Receive();
    }

    public bool TrySend(Frame frame)
    {
        if (Volatile.Read(ref _isClosed) != 0)
        {
            return false;
        }

        if (!_isStrict)
        {
            return _far.TryEnqueue(frame);
        }

        var buffer = new FrameBuffer();
        try
        {
            FrameCodec.Write(frame, buffer);
        }
        catch (ArgumentException)
        {
            return false;   // too large: a socket would not take it either
        }

        var copy = FrameCodec.Read(buffer.Written.Span, out var fault);
        if (copy is null)
        {
            Close($"malformed frame: {fault}");
            return false;
        }

        return _far.TryEnqueue(copy);
    }

    public void Close(string reason)
    {
        CloseHere(reason);
        _far.CloseHere(reason);
    }

    private void CloseHere(string reason)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        _incoming.Writer.TryComplete();
        _owner.Remove(this);
        lock (_telling)
        {
            if (_isTold)
            {
                _owner.Receiver.LinkDown(this, reason);
            }
        }

        if (_owner.Self.Id < _other.Self.Id)
        {
            _owner.Redial(_other.Self.Id);
        }
    }

    private bool TryEnqueue(Frame frame)
    {
        if (!_incoming.Writer.TryWrite(frame))
        {
            return false;
        }

        if (Interlocked.Exchange(ref _isReceiving, 1) == 0)
        {
            Receive();
        }

        return true;
    }

    /// <summary>Gives the owner what has come, on the thread of whoever found it idle; a thread that has done much leaves the rest to the pool.</summary>
    private void Receive()
    {
        var count = 0;
        do
        {
            while (_incoming.Reader.TryRead(out var frame))
            {
                try
                {
                    if (Volatile.Read(ref _isClosed) == 0)
                    {
                        _owner.Receiver.Received(this, frame);
                    }
                }
                catch (Exception exception)
                {
                    Close($"the receiver has failed: {exception.Message}");
                }

                if (++count == MostAtOnce)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(static link => link.Receive(), this, preferLocal: false);
                    return;
                }
            }

            Volatile.Write(ref _isReceiving, 0);
        }
        while (_incoming.Reader.TryPeek(out _) && Interlocked.Exchange(ref _isReceiving, 1) == 0);
    }
}
