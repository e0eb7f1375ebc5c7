using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Congress.Data;

namespace Congress.Benchmarks.Bus;

/// <summary>A publisher beside a subscriber that stops reading: what it costs the publisher, in time and memory, and what the reader is given then.</summary>
internal static class SlowReaderCheck
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (seconds, changes, file) = Parse(args);
        await using var pair = await BusPair.StartAsync(PairKind.ManagedTcp);
        pair.Service.Say("t", []);
        using var subscription = pair.Caller.Subscribe(new(FigureService.ServiceName, "t"));
        await using var events = subscription.GetAsyncEnumerator();
        await events.MoveNextAsync();

        using var stop = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && await events.MoveNextAsync())
            {
            }
        });
        var (next, before) = (0, GC.GetTotalMemory(forceFullCollection: true));
        var beside = await PublishAsync(pair, changes, seconds / 4, next);
        next += changes;
        await stop.CancelAsync();
        pair.Service.Change("t", [new Row(-1, "last")], []);
        await reading;
        var stopped = await PublishAsync(pair, changes, seconds, next);
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        next += changes;

        var (snapshots, replica) = (0, new Congress.Bus.TableReplica());
        do
        {
            await events.MoveNextAsync();
            replica.Apply(events.Current);
            snapshots += events.Current is TableSnapshot ? 1 : 0;
        }
        while (!replica.Rows.Contains(new Row(next - 1, "ACTIVE")));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{changes} changes in {seconds:0} s: publish p99 {beside:0.0} us with a reader, {stopped:0.0} us with a stopped one; {memory / 1048576.0:0.0} MB more; {snapshots} snapshot(s) when it read again"));
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { changes, seconds, p99 = beside, p99Stopped = stopped, memory, snapshots }, BusCheckOptions.Indented));
        }

        // The window, the ring of changes and what the pools keep: it does not depend on how long the reader sleeps.
        return snapshots == 1 && memory < 128L << 20 ? 0 : 1;
    }

    /// <summary>Publishes changes of a table that keeps its size, spread over a time.</summary>
    private static async Task<double> PublishAsync(BusPair pair, int changes, double seconds, int from)
    {
        var times = new double[changes];
        var since = Stopwatch.GetTimestamp();
        for (var i = 0; i < changes; i++)
        {
            var began = Stopwatch.GetTimestamp();
            pair.Service.Change("t", [new Row(from + i, "ACTIVE")], [new Row(from + i - 1_000, "ACTIVE")]);
            times[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            while (i % 1_000 == 999 && Stopwatch.GetElapsedTime(since).TotalSeconds < seconds * i / changes)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }

        Array.Sort(times);
        return times[changes / 100 * 99];
    }

    private static (double Seconds, int Changes, string? File) Parse(string[] args)
    {
        (double seconds, int changes, string? file) = (60, 1_000_000, null);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            (seconds, changes, file) = args[i] switch
            {
                "--seconds" => (double.Parse(args[i + 1], CultureInfo.InvariantCulture), changes, file),
                "--changes" => (seconds, int.Parse(args[i + 1], CultureInfo.InvariantCulture), file),
                "--out" => (seconds, changes, args[i + 1]),
                var other => throw new FormatException($"unknown argument '{other}'; expected --seconds N, --changes N or --out FILE"),
            };
        }

        return (seconds, changes, file);
    }
}
