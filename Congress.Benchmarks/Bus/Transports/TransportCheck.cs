using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Congress.Tests.Transports;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>How fast the transports are, beside what they are made of: each between two processes on this machine, one after the other.</summary>
/// <remarks><c>dotnet run -c Release --project Congress.Benchmarks -- transports [--seconds S] [--out FILE] [--only NAME]</c></remarks>
internal static class TransportCheck
{
    /// <summary>The environment variable that hands the key for TLS to the other process.</summary>
    public const string KeyVariable = "CONGRESS_BENCH_KEY";

    private const string Serve = "--serve";

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(0.5);

    private sealed record Result(string Name, double Rate64, double Rate1024, double Median, double P99);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [Serve, var served])
        {
            await using var contender = Contender.All[served]();
            Console.WriteLine(await contender.ListenAsync().ConfigureAwait(false));
            await Console.In.ReadToEndAsync().ConfigureAwait(false);   // until the other process ends
            Environment.Exit(0);
        }

        var time = TimeSpan.FromSeconds(double.Parse(After("--seconds", args) ?? "2", CultureInfo.InvariantCulture));
        var only = After("--only", args);
        Environment.SetEnvironmentVariable(KeyVariable, BusPeer.NewKey());
        Console.WriteLine("                     64 B msg/s       1 KiB msg/s      round trip of 64 B, us: p50 (p99)     against tcp-channel: 64 B, 1 KiB; tcp-pipelines: p50");
        var results = new List<Result>();
        foreach (var name in Contender.All.Keys.Where(n => (only is null || n == only || (only == "package-tcp" && n == "netmq") || n.StartsWith("tcp-", StringComparison.Ordinal)) && (n != "libzmq" || LibZmq.IsInstalled)))
        {
            results.Add(await MeasureAsync(name, time).ConfigureAwait(false));
            Print(results[^1], results);
        }

        if (After("--out", args) is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(results)).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task<Result> MeasureAsync(string name, TimeSpan time)
    {
        using var other = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["transports", Serve, name]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var contender = Contender.All[name]();
        await using (contender.ConfigureAwait(false))
        {
            await contender.ConnectAsync((await other.StandardOutput.ReadLineAsync().ConfigureAwait(false))!).ConfigureAwait(false);
            await contender.RoundTripAsync(64, Warmup).ConfigureAwait(false);
            var (median, p99) = await contender.RoundTripAsync(64, time).ConfigureAwait(false);
            await contender.FloodAsync(64, Warmup).ConfigureAwait(false);
            var small = await contender.FloodAsync(64, time).ConfigureAwait(false);
            var large = await contender.FloodAsync(1024, time).ConfigureAwait(false);
            other.StandardInput.Close();
            await other.WaitForExitAsync().ConfigureAwait(false);
            return new(name, small, large, median, p99);
        }
    }

    private static void Print(Result result, List<Result> all)
    {
        var (raw, queued) = (all[0], all.Find(r => r.Name == "tcp-channel") ?? all[0]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Name,-16} {result.Rate64,14:N0} {result.Rate1024,17:N0} {result.Median,20:F1} ({result.P99:F1})                 {result.Rate64 / queued.Rate64:F2}, {result.Rate1024 / queued.Rate1024:F2}; {result.Median / raw.Median:F2}"));
    }

    private static string? After(string option, string[] args) => Array.IndexOf(args, option) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : null;
}
