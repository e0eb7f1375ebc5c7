using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Congress.Benchmarks.Store;

/// <summary>Four processes insert rules into one store, and are killed meanwhile: is every rule that was acknowledged there once, and do they go together?</summary>
/// <remarks><c>dotnet run -c Release --project Congress.Benchmarks -- writers [--rules N] [--kills N]</c></remarks>
internal static class RuleWriters
{
    public const string Child = "writer";
    private const int Writers = 4;

    /// <returns>0 when nothing is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [Child, var path, var writer, var first, var count])
        {
            return await RuleWriter.RunAsync(path, Number(writer), Number(first), Number(count));
        }

        var (rules, kills) = (After(args, "--rules") ?? 1_000, After(args, "--kills") ?? 0);
        var folder = Directory.CreateTempSubdirectory("congress-writers-");
        try
        {
            return await CheckAsync(Path.Combine(folder.FullName, "congress.db"), rules, kills);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> CheckAsync(string path, int rules, int kills)
    {
        var (catalog, engine, store) = await RuleWriter.OpenAsync(path);
        await catalog.CreatePolicyAsync("policy", new("p", RuleWriter.Policy, Data.PolicyKind.Nonrecursive, "p"));
        engine.Dispose();
        store.Dispose();

        var outcomes = new ConcurrentDictionary<string, (bool IsAcknowledged, double Micros)>(StringComparer.Ordinal);
        var killed = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(path, writer, rules, (kills + writer) / Writers, outcomes, () => Interlocked.Increment(ref killed))));
        var elapsed = Stopwatch.GetElapsedTime(start);

        (catalog, engine, store) = await RuleWriter.OpenAsync(path);   // an engine that refuses recursion takes all of them
        using var toDispose = engine;
        using var alsoToDispose = store;
        var there = catalog.State.RulesOf(RuleWriter.Policy).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        var acknowledged = outcomes.Where(o => o.Value.IsAcknowledged).Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
        var (lost, unasked) = (acknowledged.Except(there, StringComparer.Ordinal).Count(), there.Except(acknowledged, StringComparer.Ordinal).Count());
        var gaps = catalog.State.Version - 1 - there.Count;
        var times = outcomes.Values.Select(o => o.Micros).Order().ToArray();
        double At(double part) => times[(int)((times.Length - 1) * part)] / 1000;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Writers} processes, {killed} kills: {acknowledged.Count} rules acknowledged, {outcomes.Count - acknowledged.Count} refused, {outcomes.Count / elapsed.TotalSeconds:0} a second; ")
            + string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, max {At(1):0.0} ms; version {catalog.State.Version}, {gaps} gaps, {lost} lost, {unasked} not asked for"));
        return outcomes.Count == Writers * rules && lost == 0 && unasked == 0 && gaps == 0 && killed >= kills ? 0 : 1;
    }

    /// <summary>Runs one writer to its end, killing it at times; one that starts again repeats the request whose outcome is unknown.</summary>
    private static async Task WriteAsync(
        string path, int writer, int rules, int kills, ConcurrentDictionary<string, (bool IsAcknowledged, double Micros)> outcomes, Action onKilled)
    {
        var random = new Random(writer);
        for (var next = 0; next < rules;)
        {
            var until = kills > 0 ? next + random.Next(1, Math.Max(2, (rules - next) / kills)) : int.MaxValue;
            using var process = Process.Start(new ProcessStartInfo(
                Environment.ProcessPath!, ["writers", Child, path, Text(writer), Text(next), Text(rules)]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.Split(' ') is not [var number, var outcome, var micros])
                {
                    continue;
                }

                next = Number(number) + 1;
                outcomes[RuleWriter.RequestOf(writer, Number(number))] = (outcome == "ack", double.Parse(micros, CultureInfo.InvariantCulture));
                if (next >= until && next < rules)
                {
                    process.Kill();   // SIGKILL; what it has written since is read until the end
                    kills--;
                    until = int.MaxValue;
                    onKilled();
                }
            }

            await process.WaitForExitAsync();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int? After(string[] args, string option) => Array.IndexOf(args, option) is var i and >= 0 && i + 1 < args.Length ? Number(args[i + 1]) : null;
}
