using System.Globalization;
using Congress.Data;
using Congress.Policies;

namespace Congress.Benchmarks.Memory;

/// <summary>Does memory stay flat while values and changes pass through?</summary>
/// <remarks><c>dotnet run -c Release --project Congress.Benchmarks -- memory [--strings N] [--changes N]</c></remarks>
internal static class MemoryCheck
{
    private const int Rows = 10_000;
    private const int First = 100_000;
    private const int BatchSize = 1000;
    private const double Limit = 1.5;

    /// <returns>0 when memory stays within the limit.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var strings = Strings(NumberAfter("--strings", args) ?? 10_000_000);
        var watcher = await WatcherAsync(NumberAfter("--changes", args) ?? 1_000_000).ConfigureAwait(false);
        return strings && watcher ? 0 : 1;
    }

    /// <summary>Distinct strings pass through a table of ten thousand rows from which violations are derived.</summary>
    private static bool Strings(long count)
    {
        using var engine = PolicyEngine.Create("""error(x) :- t(x, y), y < 3.""");
        var queue = new Queue<Row>();
        var (first, peak) = (0L, 0L);
        for (long done = 0; done < count;)
        {
            var batch = new PolicyBatch();
            for (var i = 0; i < BatchSize; i++, done++)
            {
                var row = new Row(string.Create(CultureInfo.InvariantCulture, $"an identifier of a machine, number {done}"), done % 100);
                batch.Insert("t", row.AsSpan());
                queue.Enqueue(row);
                if (queue.Count > Rows)
                {
                    batch.Delete("t", queue.Dequeue().AsSpan());
                }
            }

            engine.Apply(batch).ThrowIfRefused();
            if (done % First == 0)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                first = first == 0 ? Environment.WorkingSet : first;
            }
        }

        return Report($"{count} distinct strings through a table of {Rows} rows", first, peak);
    }

    /// <summary>A watcher that never reads, while violations come and go.</summary>
    private static async Task<bool> WatcherAsync(long count)
    {
        using var engine = PolicyEngine.Create("""error(x) :- t(x).""");
        using var stop = new CancellationTokenSource();
        var stream = engine.WatchViolations(stop.Token).GetAsyncEnumerator(stop.Token);
        await stream.MoveNextAsync().ConfigureAwait(false);   // the first snapshot; from here on it never reads
        var (first, peak) = (0L, 0L);
        for (long done = 1; done <= count; done++)
        {
            engine.Insert("t", done);
            engine.Delete("t", done - 100);
            if (done % (count / 10) == 0)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                first = first == 0 ? Environment.WorkingSet : first;
            }
        }

        await stream.MoveNextAsync().ConfigureAwait(false);
        var update = stream.Current;
        await stream.DisposeAsync().ConfigureAwait(false);
        var isFresh = update.IsSnapshot && update.Appeared.Count == 100;
        Console.WriteLine($"then it reads: {(isFresh ? "a fresh snapshot" : "NOT a fresh snapshot")} of {update.Appeared.Count} violations");
        return Report($"{count} changes beside a watcher that never reads", first, peak) && isFresh;
    }

    private static bool Report(string what, long first, long peak)
    {
        var ratio = (double)peak / first;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {first >> 20} MB at first, {peak >> 20} MB at most, {ratio:F2} times ({(ratio <= Limit ? "within" : "ABOVE")} {Limit})"));
        return ratio <= Limit;
    }

    private static long? NumberAfter(string option, string[] args) =>
        Array.IndexOf(args, option) is var i and >= 0 && i + 1 < args.Length ? long.Parse(args[i + 1], CultureInfo.InvariantCulture) : null;
}
