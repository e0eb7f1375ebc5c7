using Microsoft.Extensions.Logging;

namespace Congress.Transport.NetMQ;

/// <summary>Where a node listens, whom it knows, and how much it keeps for each of them.</summary>
public sealed class NetMQTransportOptions
{
    /// <summary>
    /// The endpoint to accept links at, or null when every peer's name sorts after this node's: <c>tcp://127.0.0.1:7000</c>,
    /// <c>tls://*:7001</c>, <c>unix:///run/congress/a</c>. Port 0 takes a free one (<see cref="NetMQTransport.Endpoint"/>).
    /// </summary>
    public string? Listen { get; init; }

    /// <summary>The endpoints of the peers, by node. Those whose names sort after this node's are dialled; the others dial. The node itself may be among them.</summary>
    public IReadOnlyDictionary<string, string> Peers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What serves <c>tcp://</c>.</summary>
    public SocketEngine Engine { get; init; }

    /// <summary>Whether <c>tcp://</c> may leave the machine, where everybody on the way can read and change what is said.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>The keys of <c>tls://</c>.</summary>
    public TlsKeys? Tls { get; init; }

    /// <summary>The most frames that wait on one link; <see cref="Bus.IBusLink.TrySend"/> says no beyond it.</summary>
    public int QueueLength { get; init; } = 8192;

    /// <summary>The most bytes that wait on one link, to which one more frame may be added.</summary>
    public int QueueBytes { get; init; } = 16 << 20;

    /// <summary>Whether large frames are compressed.</summary>
    public bool Compress { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Is told of faults, at most once a minute for each peer.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>How many bad handshakes from one address within a minute have it shut out for a minute.</summary>
    internal int BadHandshakesBeforeBan { get; init; } = 10;

    /// <summary>How many accepted connections may be without HELLO at a time.</summary>
    internal int MaxGuests { get; init; } = 256;

    /// <summary>How long a connection may take until HELLO.</summary>
    internal TimeSpan HandshakeTime { get; init; } = TimeSpan.FromSeconds(5);
}
