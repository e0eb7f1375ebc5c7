using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Benchmarks.Bus;

/// <summary>What the bus does in a second: calls, changes of one row, a snapshot of a large table; over each transport, in one process.</summary>
internal static class BusCheck
{
    public static async Task<int> RunAsync(string[] args)
    {
        var options = BusCheckOptions.Parse(args);
        var results = new List<BusFigures>();
        Console.WriteLine($"{"transport",-14} {"call p50 us",12} {"p99 us",8} {"rows/s",10} {"snapshot s",11} {"x table",8}");
        foreach (var kind in options.Kinds)
        {
            await using var pair = await BusPair.StartAsync(kind);
            var (p50, p99) = await CallsAsync(pair, options.Warmup, options.Calls);
            var rate = await DeltasAsync(pair, options.Changes);
            var (seconds, memory) = await SnapshotAsync(pair, options.Rows);
            results.Add(new(kind.ToString(), p50, p99, rate, seconds, memory));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-14} {p50,12:0.0} {p99,8:0.0} {rate,10:0} {seconds,11:0.00} {memory,8:0.00}"));
        }

        var (bare, frames) = (await BareChannelAsync(options.Frames), await InProcFramesAsync(options.Frames));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"frames/s in one process: bare bounded channel {bare:0}, InProc {frames:0} ({frames / bare:0.00} of it)"));
        if (options.Out is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { results, bareChannel = bare, inProcFrames = frames }, BusCheckOptions.Indented));
        }

        return 0;
    }

    private static async Task<(double P50, double P99)> CallsAsync(BusPair pair, TimeSpan warmup, int count)
    {
        // What is measured is code that the runtime has compiled for good, which it does in the background.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < warmup;)
        {
            await pair.Caller.CallAsync(FigureService.ServiceName, FigureService.Echo, "hello, world");
        }

        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var since = Stopwatch.GetTimestamp();
            await pair.Caller.CallAsync(FigureService.ServiceName, FigureService.Echo, "hello, world");
            times[i] = Stopwatch.GetElapsedTime(since).TotalMicroseconds;
        }

        Array.Sort(times);
        return (times[count / 2], times[count * 99 / 100]);
    }

    /// <summary>One-row changes a second, from the first publication to the last one taken by the subscriber.</summary>
    private static async Task<double> DeltasAsync(BusPair pair, int count)
    {
        pair.Service.Say("deltas", []);
        using var subscription = pair.Caller.Subscribe(new(FigureService.ServiceName, "deltas"));
        await using var events = subscription.GetAsyncEnumerator();
        await events.MoveNextAsync();
        var rows = Enumerable.Range(0, count).Select(i => new Row(i, $"vm-{i}", "ACTIVE")).ToArray();
        var since = Stopwatch.GetTimestamp();
        var publishing = Task.Run(() =>
        {
            foreach (var row in rows)
            {
                pair.Service.Change("deltas", [row], []);
            }
        });
        var seen = 0;
        while (seen < count && await events.MoveNextAsync())
        {
            // A reader that has fallen off the ring is given a snapshot; that counts for what it is.
            seen = events.Current switch { TableDelta delta => seen + delta.Inserted.Count, TableSnapshot snapshot => snapshot.Rows.Count, _ => seen };
        }

        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        await publishing;
        pair.Service.Say("deltas", []);
        return count / seconds;
    }

    /// <summary>From the subscription to the rows in the subscriber's hands, and the most memory beside the publisher's table, in tables.</summary>
    private static async Task<(double Seconds, double Memory)> SnapshotAsync(BusPair pair, int count)
    {
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        pair.Service.Say("snapshot", [.. Enumerable.Range(0, count).Select(i => new Row(i, $"vm-{i}", $"host-{i % 1000}", "ACTIVE", i / 3.0, i % 2 == 0))]);
        var table = GC.GetTotalMemory(forceFullCollection: true) - empty;
        var most = 0L;
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            }
        });
        var since = Stopwatch.GetTimestamp();
        using var subscription = pair.Caller.Subscribe(new(FigureService.ServiceName, "snapshot"));
        await using var events = subscription.GetAsyncEnumerator();
        await events.MoveNextAsync();
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        await stop.CancelAsync();
        await watching;
        if (events.Current is not TableSnapshot snapshot || snapshot.Rows.Count != count)
        {
            throw new InvalidOperationException("the snapshot is not what was published");
        }

        return (seconds, (double)(most - empty) / table);
    }

    private static async Task<double> BareChannelAsync(int count)
    {
        var channel = Channel.CreateBounded<Frame>(new BoundedChannelOptions(8192) { SingleReader = true });
        var frame = new Probe(new byte[64]);
        var since = Stopwatch.GetTimestamp();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                if (!channel.Writer.TryWrite(frame))
                {
                    await channel.Writer.WriteAsync(frame);
                }
            }
        });
        for (var seen = 0; seen < count;)
        {
            await channel.Reader.WaitToReadAsync();
            while (channel.Reader.TryRead(out _))
            {
                seen++;
            }
        }

        await writing;
        return count / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private static async Task<double> InProcFramesAsync(int count)
    {
        var hub = new Transport.InProc.InProcHub();
        await using var near = new Transport.InProc.InProcTransport(hub);
        await using var far = new Transport.InProc.InProcTransport(hub);
        var sender = new CountingReceiver();
        var receiver = new CountingReceiver();
        await near.StartAsync(new(new("a"), 1), sender);
        await far.StartAsync(new(new("b"), 1), receiver);
        var (link, frame) = (sender.Link!, new Probe(new byte[64]));
        var since = Stopwatch.GetTimestamp();
        await Task.Run(() =>
        {
            var spin = default(SpinWait);
            for (var i = 0; i < count; i++)
            {
                while (!link.TrySend(frame))
                {
                    spin.SpinOnce();
                }
            }
        });
        while (receiver.Count < count)
        {
            await Task.Yield();
        }

        return count / Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private sealed class CountingReceiver : IBusReceiver
    {
        private int _count;

        public IBusLink? Link { get; private set; }

        public int Count => Volatile.Read(ref _count);

        public string? Admit(NodeIdentity peer) => null;

        public void LinkUp(IBusLink link) => Link = link;

        public void Received(IBusLink link, Frame frame) => Volatile.Write(ref _count, _count + 1);

        public void LinkDown(IBusLink link, string reason) => Link = null;

        public void Refused(NodeId peer, string reason)
        {
        }
    }
}

/// <summary>What was measured over a transport.</summary>
internal sealed record BusFigures(string Transport, double CallP50, double CallP99, double RowsPerSecond, double SnapshotSeconds, double SnapshotMemory);
