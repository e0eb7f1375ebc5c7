using System.Diagnostics;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>A way to move messages from one process to another. The first byte of a message says whether the other side is to send it back.</summary>
internal abstract class Contender : IAsyncDisposable
{
    protected const byte Sink = 0;
    protected const byte Echo = 1;

    /// <summary>All of them; the first is what the others are compared with.</summary>
    public static IReadOnlyDictionary<string, Func<Contender>> All { get; } = new Dictionary<string, Func<Contender>>(StringComparer.Ordinal)
    {
        ["tcp-pipelines"] = () => new RawTcp(isQueued: false),
        ["tcp-channel"] = () => new RawTcp(isQueued: true),
        ["libzmq"] = () => new LibZmqPeer(),
        ["netmq"] = () => new BareNetMQ(),
        ["package-tcp"] = () => new BusPeer("tcp", Transport.NetMQ.SocketEngine.Package),
        ["managed-tcp"] = () => new BusPeer("tcp", Transport.NetMQ.SocketEngine.Managed),
        ["managed-unix"] = () => new BusPeer("unix", Transport.NetMQ.SocketEngine.Managed),
        ["managed-tls"] = () => new BusPeer("tls", Transport.NetMQ.SocketEngine.Managed),
    };

    /// <summary>Serves as the other side.</summary>
    /// <returns>Where.</returns>
    public abstract ValueTask<string> ListenAsync();

    /// <summary>Connects to the other side.</summary>
    public abstract ValueTask ConnectAsync(string place);

    /// <summary>Sends messages for a while, and waits until all are there.</summary>
    /// <returns>Messages a second.</returns>
    public async Task<double> FloodAsync(int size, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var count = await SendAsync(Message(size, Sink), () => Stopwatch.GetElapsedTime(start) >= time).ConfigureAwait(false);
        await PingAsync(Message(size, Echo), () => true).ConfigureAwait(false);
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Sends a message to and fro for a while.</summary>
    /// <returns>The median and the 99th percentile of the round trip in microseconds.</returns>
    public async Task<(double Median, double P99)> RoundTripAsync(int size, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var ticks = await PingAsync(Message(size, Echo), () => Stopwatch.GetElapsedTime(start) >= time).ConfigureAwait(false);
        ticks.Sort();
        double At(double part) => ticks[(int)(part * (ticks.Count - 1))] * 1e6 / Stopwatch.Frequency;
        return (At(0.5), At(0.99));
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Sends one message until it is over.</summary>
    /// <returns>How many times.</returns>
    protected abstract Task<long> SendAsync(byte[] message, Func<bool> isOver);

    /// <summary>Sends one message to and fro until it is over, and at least once.</summary>
    /// <returns>The times of the round trips.</returns>
    protected abstract Task<List<long>> PingAsync(byte[] message, Func<bool> isOver);

    private static byte[] Message(int size, byte kind)
    {
        var message = new byte[size];
        message[0] = kind;
        return message;
    }
}
