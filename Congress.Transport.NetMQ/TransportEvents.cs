using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Congress.Transport.NetMQ;

/// <summary>Counts what goes wrong on the wire and logs it, at most once a minute for each peer, so that a hostile one cannot fill the log.</summary>
internal sealed partial class TransportEvents(ILogger? logger, TimeProvider time)
{
    private const int MaxPeers = 1024;
    private const int MaxText = 200;

    private static readonly Meter Meter = new("Congress");
    private static readonly Counter<long> Faults = Meter.CreateCounter<long>("congress.bus.transport.faults", description: "Links and handshakes that ended because the peer broke the protocol");
    private static readonly Counter<long> Bans = Meter.CreateCounter<long>("congress.bus.transport.bans", description: "Addresses shut out for a minute");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("congress.bus.transport.dropped", description: "Frames that could not be written as bytes");
    private static readonly UpDownCounter<long> Links = Meter.CreateUpDownCounter<long>("congress.bus.transport.links", description: "Links that are up");

    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly Dictionary<string, (long Since, int Count)> _told = new(StringComparer.Ordinal);
    private long _faults;

    /// <summary>The faults of this transport.</summary>
    public long FaultCount => Interlocked.Read(ref _faults);

    public void Fault(string peer, string reason)
    {
        Interlocked.Increment(ref _faults);
        Faults.Add(1);
        if (MayTell(peer, out var before))
        {
            var text = Printable(reason);
            LogFault(_logger, peer, text, before);
        }
    }

    public void Banned(string address)
    {
        Bans.Add(1);
        if (MayTell("ban " + address, out _))
        {
            LogBan(_logger, address);
        }
    }

    public void FrameDropped(string peer, string reason)
    {
        Dropped.Add(1);
        if (MayTell("frame " + peer, out var before))
        {
            LogDropped(_logger, peer, reason, before);
        }
    }

    public void NodeFailed(string peer, Exception exception)
    {
        if (MayTell("node " + peer, out _))
        {
            LogNodeFailed(_logger, peer, exception);
        }
    }

    public void NotInTime() => LogNotInTime(_logger);

    public void LinkUp(string peer, string address)
    {
        Links.Add(1);
        LogUp(_logger, peer, address);
    }

    public void LinkDown(string peer, string reason)
    {
        Links.Add(-1);
        var text = Printable(reason);
        LogDown(_logger, peer, text);
    }

    /// <summary>A text of a peer, cut and without control characters.</summary>
    public static string Printable(string text)
    {
        var cut = text.Length > MaxText ? text[..MaxText] + "..." : text;
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c)) : cut;
    }

    private bool MayTell(string key, out int before)
    {
        lock (_told)
        {
            var now = time.GetTimestamp();
            if (_told.TryGetValue(key, out var last) && time.GetElapsedTime(last.Since, now) < TimeSpan.FromMinutes(1))
            {
                _told[key] = (last.Since, last.Count + 1);
                before = 0;
                return false;
            }

            if (_told.Count >= MaxPeers)
            {
                _told.Clear();
            }

            _told[key] = (now, 0);
            before = last.Count;
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} broke the protocol: {Reason} (and {Before} times since it was last told)")]
    private static partial void LogFault(ILogger logger, string peer, string reason, int before);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} is shut out for a minute after too many bad handshakes")]
    private static partial void LogBan(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame for {Peer} cannot be sent: {Reason} (and {Before} more since it was last told)")]
    private static partial void LogDropped(ILogger logger, string peer, string reason, int before);

    [LoggerMessage(Level = LogLevel.Error, Message = "The node failed to take in what {Peer} sent")]
    private static partial void LogNodeFailed(ILogger logger, string peer, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The transport did not end in time; its node still holds one of its threads")]
    private static partial void LogNotInTime(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Linked with {Peer} at {Address}")]
    private static partial void LogUp(ILogger logger, string peer, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "The link with {Peer} is down: {Reason}")]
    private static partial void LogDown(ILogger logger, string peer, string reason);
}
