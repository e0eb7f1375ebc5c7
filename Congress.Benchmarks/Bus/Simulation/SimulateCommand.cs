using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Congress.Tests.Simulation;

namespace Congress.Benchmarks.Bus.Simulation;

/// <summary>Runs the simulated bus for as many seeds as wanted, on all processors, and prints what happened.</summary>
internal static class SimulateCommand
{
    private const string Usage = "usage: simulate --seeds N [--from S] [--out FILE] [--trace EVENTS]";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static int Run(ReadOnlySpan<string> args)
    {
        var (seeds, from, file, traced) = (1000L, 0L, (string?)null, 60);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !(args[i] switch
            {
                "--seeds" => long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seeds),
                "--from" => long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out from),
                "--trace" => int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out traced),
                "--out" => (file = args[i + 1]).Length > 0,
                _ => false,
            }))
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
        }

        var summary = RunAll(from, seeds, traced);
        Print(summary);
        if (file is not null)
        {
            File.WriteAllText(file, JsonSerializer.Serialize(summary, Indented));
        }

        return summary.Wrong.Count == 0 ? 0 : 1;
    }

    private static Summary RunAll(long from, long seeds, int traced)
    {
        var convergence = new ConcurrentBag<double>();
        var wrong = new ConcurrentQueue<BusVerdict>();
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        Parallel.For(from, from + seeds, seed =>
        {
            var verdict = BusSimulation.Run(seed, traced);
            if (verdict.Failure is null)
            {
                convergence.Add(verdict.Convergence.TotalSeconds);
            }
            else
            {
                wrong.Enqueue(verdict);
            }

            lock (counts)
            {
                foreach (var (what, times) in verdict.Counts)
                {
                    counts[what] = counts.GetValueOrDefault(what) + times;
                }
            }
        });
        double[] sorted = [.. convergence.Order()];
        return new(
            from,
            seeds,
            [.. wrong.OrderBy(v => v.Seed).Select(v => $"{v.Seed}: {v.Failure!.Split('\n')[0]}")],
            wrong.OrderBy(v => v.Seed).FirstOrDefault()?.ToString(),
            At(sorted, 0.5),
            At(sorted, 0.99),
            At(sorted, 1),
            seeds / watch.Elapsed.TotalSeconds,
            counts);
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[(int)((sorted.Length - 1) * share)];

    private static void Print(Summary summary)
    {
        foreach (var (what, times) in summary.Counts)
        {
            Console.WriteLine($"{times,15:N0} {what}");
        }

        foreach (var wrong in summary.Wrong)
        {
            Console.WriteLine(wrong);
        }

        Console.WriteLine(summary.FirstWrong);
        Console.WriteLine($"{summary.Seeds:N0} seeds from {summary.From}, {summary.Wrong.Count:N0} wrong; {summary.SeedsPerSecond:0.0} seeds/s");
        Console.WriteLine($"convergence p50 {summary.ConvergenceP50:0.00} s, p99 {summary.ConvergenceP99:0.00} s, max {summary.ConvergenceMax:0.00} s");
    }

    private sealed record Summary(
        long From,
        long Seeds,
        IReadOnlyList<string> Wrong,
        string? FirstWrong,
        double ConvergenceP50,
        double ConvergenceP99,
        double ConvergenceMax,
        double SeedsPerSecond,
        SortedDictionary<string, long> Counts);
}
