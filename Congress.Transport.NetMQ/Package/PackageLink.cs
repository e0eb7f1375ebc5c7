using System.Text.Json;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.NetMQ.Package;

/// <summary>A link over a socket of the package. Frames are written as bytes by who sends them, and wait here for the thread of the sockets.</summary>
internal sealed class PackageLink : IBusLink
{
    private const int KeptBuffer = 64 << 10;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _waiting = new();
    private readonly FrameBuffer _buffer = new();
    private readonly PackageChannel _channel;
    private readonly Station _station;
    private readonly Action _flush;
    private readonly Action _close;
    private int _bytes;
    private bool _isDown;
    private bool _isPosted;
    private string? _closeReason;

    public PackageLink(PackageChannel channel, Station station, NodeIdentity peer, string address)
    {
        (_channel, _station, Peer, Address) = (channel, station, peer, address);
        _flush = () => _channel.Flush(this);
        _close = () => _channel.CloseLink(this, _closeReason!);
    }

    public NodeIdentity Peer { get; }

    public PeerRole Role => PeerRole.Unrestricted;

    public string Address { get; }

    public bool TrySend(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        lock (_gate)
        {
            if (_isDown || _waiting.Count >= _station.Options.QueueLength || _bytes >= _station.Options.QueueBytes || !TryWrite(frame))
            {
                return false;
            }

            if (_isPosted)
            {
                return true;   // who posted it has not begun yet, or will look again
            }

            _isPosted = true;
        }

        _channel.Post(_flush);
        return true;
    }

    public void Close(string reason)
    {
        lock (_gate)
        {
            if (_isDown)
            {
                return;
            }

            _isDown = true;
            _closeReason = reason;
        }

        _channel.Post(_close);
    }

    /// <summary>Nothing is taken from now on, and what waits is forgotten.</summary>
    public void GoDown()
    {
        lock (_gate)
        {
            _isDown = true;
            _waiting.Clear();
        }
    }

    /// <summary>The next message to write, which stays until <see cref="Written"/>. When there is none, the next sender posts anew.</summary>
    public bool TryPeek([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? message)
    {
        lock (_gate)
        {
            if (_waiting.TryPeek(out message))
            {
                return true;
            }

            _isPosted = false;
            return false;
        }
    }

    /// <summary>The first message has been written.</summary>
    public void Written()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var message))
            {
                _bytes -= message.Length;
            }
        }
    }

    private bool TryWrite(Frame frame)
    {
        try
        {
            FrameCodec.Write(frame, _buffer, _station.Options.Compress);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or NotSupportedException)
        {
            _station.Events.FrameDropped(Address, e.Message);
            return false;
        }

        _waiting.Enqueue(_buffer.Written.ToArray());
        _bytes += _buffer.Count;
        _buffer.Clear(KeptBuffer);
        return true;
    }
}
