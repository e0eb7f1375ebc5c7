using System.Buffers;
using System.Text.Json;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Transport.NetMQ.Sessions;
using Congress.Transport.NetMQ.Zmtp;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>One connection of the managed engine, from the greeting to the end. It has at most one link at a time.</summary>
/// <remarks>The loop of <see cref="RunAsync"/> reads, and it alone tells the node; <see cref="Abort"/> only makes it end.</remarks>
internal sealed class ManagedConnection
{
    private const int GuestBuffer = 8 << 10;
    private const int LinkBuffer = 64 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ManagedEngine _engine;
    private readonly Station _station;
    private readonly Wire _wire;
    private readonly NodeId? _dialled;
    private readonly string _address;
    private readonly ZmtpReader _reader;
    private readonly SendQueue _queue;
    private string? _abortReason;
    private Session? _session;
    private PinnedPeer? _owner;
    private ManagedLink? _link;
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <param name="engine">Its owner.</param>
    /// <param name="wire">The connected socket, TLS done.</param>
    /// <param name="dialled">The node that was dialled; null when the peer has dialled.</param>
    /// <param name="address">Where the peer is.</param>
    public ManagedConnection(ManagedEngine engine, Wire wire, NodeId? dialled, string address)
    {
        (_engine, _station, _wire, _dialled, _address) = (engine, engine.Station, wire, dialled, address);
        _reader = new(dialled is null ? "DEALER" : "ROUTER");
        _queue = new(wire.Stream, _station.Options, Abort);
    }

    private byte[] RoutingId => ZmtpWriter.RoutingId(_station.Self.Incarnation, _dialled);

    /// <summary>Whether there was a link.</summary>
    public bool WasUp { get; private set; }

    /// <summary>Is told when the first HELLO has been answered.</summary>
    public Action? OnUp { get; init; }

    /// <summary>Reads until the connection ends.</summary>
    /// <returns>How it ended.</returns>
    public async Task<Step> RunAsync()
    {
        var end = new Step(StepKind.Lost, Reason: "the connection is lost");
        _buffer = ArrayPool<byte>.Shared.Rent(GuestBuffer);
        try
        {
            end = await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (Wire.IsFailure(e))
        {
            end = end with { Reason = Volatile.Read(ref _abortReason) ?? $"the connection is lost: {e.Message}" };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            Down(end.Reason);
            if (end.Frame is not null)
            {
                await SayLastAsync(end.Frame).ConfigureAwait(false);
            }

            _queue.Close();
            await _wire.DisposeAsync().ConfigureAwait(false);
        }

        return end;
    }

    /// <summary>Hands a frame over. Never waits.</summary>
    public bool TrySend(Frame frame)
    {
        try
        {
            return _queue.TrySend(frame);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or NotSupportedException)
        {
            _station.Events.FrameDropped(_address, e.Message);
            return false;
        }
    }

    /// <summary>Makes the connection end, from any thread. The first reason counts.</summary>
    public void Abort(string reason)
    {
        Interlocked.CompareExchange(ref _abortReason, reason, null);
        _queue.Close();
        _wire.Abort();
    }

    /// <summary>Ends the connection when its key does not stand for the same node with the same rights any more.</summary>
    public void Recheck(TlsKeys? keys)
    {
        if (_owner is { } owner && !owner.IsSameAs(keys?.Find(_wire.Fingerprint)))
        {
            Abort("the key of the peer was withdrawn");
        }
    }

    private async Task<Step> ReadAsync()
    {
        if (_wire.Fingerprint is { } fingerprint)
        {
            _owner = _station.Keys?.Find(fingerprint);
            if (_owner is null)
            {
                return new(StepKind.Fault, Reason: $"the key {fingerprint} is nobody's");
            }
        }

        _session = _station.NewSession(_dialled, _owner?.Node);
        _queue.Send(static (to, _) => ZmtpWriter.Greeting(to), 0);
        while (true)
        {
            var step = Consume();
            if (step is { Kind: StepKind.Up })
            {
                step = await UpAsync(step).ConfigureAwait(false);
            }

            if (step.Kind is not (StepKind.Stay or StepKind.Up))
            {
                return step;
            }

            if (step.Frame is not null || step.Kind == StepKind.Up)
            {
                TrySendNow(step.Frame);
                continue;
            }

            var count = await _wire.Stream.ReadAsync(_buffer.AsMemory(_end)).ConfigureAwait(false);
            if (count == 0)
            {
                return new(StepKind.Lost, Reason: Volatile.Read(ref _abortReason) ?? "the peer closed the connection");
            }

            _end += count;
        }
    }

    private void TrySendNow(Frame? frame)
    {
        if (frame is not null)
        {
            TrySend(frame);
        }
    }

    /// <summary>Takes in what has come, up to where something else than handing frames over is to be done.</summary>
    private Step Consume()
    {
        while (true)
        {
            var unit = _reader.Next(_buffer.AsSpan(_start, _end - _start), _session!.MaxLength);
            if (unit.Kind == ZmtpKind.Incomplete)
            {
                MakeRoom(unit.Length);
                return new(StepKind.Stay);
            }

            _start += unit.Length;
            switch (unit.Kind)
            {
                case ZmtpKind.Greeting:
                    _queue.Send(static (to, c) => ZmtpWriter.Ready(to, c._dialled is null ? "ROUTER" : "DEALER", c.RoutingId), this);
                    break;
                case ZmtpKind.Ready:
                    TrySendNow(_dialled is null ? null : _session.Greeting);
                    break;
                case ZmtpKind.Ping:
                    _queue.Send(static (to, context) => ZmtpWriter.Pong(to, context), unit.Payload.ToArray());
                    break;
                case ZmtpKind.Message:
                    var step = _session.Read(unit.Payload);
                    if (step.Kind != StepKind.Deliver)
                    {
                        return step;
                    }

                    if (!_station.Received(_link!, step.Frame!))
                    {
                        return new(StepKind.Lost, Reason: "the node failed to take in a frame");
                    }

                    break;
                case ZmtpKind.Fault:
                    return new(StepKind.Fault, Reason: unit.Fault);
            }
        }
    }

    /// <summary>HELLO was said: ends the links that the new one replaces, and tells of the new one.</summary>
    private async Task<Step> UpAsync(Step step)
    {
        Down("the peer said HELLO anew");
        var link = new ManagedLink(this, step.Peer, _owner?.Role ?? PeerRole.Unrestricted, _address);
        if (_engine.Links.Claim(link) is { } previous)
        {
            previous.Close("the peer has connected anew");
            try
            {
                await previous.Ended.WaitAsync(Patience, _station.Time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                _engine.Links.Release(link);
                return new(StepKind.Lost, Reason: "the previous link does not end");
            }
        }

        // The answer goes first: what the node sends when it hears of the link comes after it.
        TrySendNow(step.Frame);
        WasUp = true;
        OnUp?.Invoke();
        if (_buffer.Length < LinkBuffer)
        {
            Resize(LinkBuffer);
        }

        _link = link;
        Recheck(_station.Keys);   // they may have changed since the handshake began
        return _station.LinkUp(link) ? step with { Frame = null } : new(StepKind.Lost, Reason: "the node failed to take in a link");
    }

    private void Down(string reason)
    {
        if (_link is not { } link)
        {
            return;
        }

        _link = null;
        link.GoDown();
        _station.LinkDown(link, reason);
        _engine.Links.Release(link);
        link.End();
    }

    private async Task SayLastAsync(Frame frame)
    {
        TrySend(frame);
        try
        {
            await _queue.DrainedAsync().WaitAsync(TimeSpan.FromSeconds(1), _station.Time).ConfigureAwait(false);
            await _wire.FarewellAsync(_station.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Who does not read does not learn why.
        }
    }

    /// <summary>Makes room for a unit of that many bytes, and at least for a byte.</summary>
    private void MakeRoom(int length)
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_buffer.Length > LinkBuffer * 4 && length <= LinkBuffer)
            {
                Resize(LinkBuffer);
            }
        }

        if (_buffer.Length - _start >= Math.Max(length, _end - _start + 1))
        {
            return;
        }

        if (_buffer.Length >= length && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            return;
        }

        Resize(length);
    }

    private void Resize(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length);
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        (_start, _end) = (0, _end - _start);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
