using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Congress.Data;

namespace Congress.Benchmarks.Cluster;

/// <summary>Four processes, each with an API and a policy engine, insert random rules into one store at once: do all go together, is each version there once?</summary>
/// <remarks><c>dotnet run -c Release --project Congress.Benchmarks -- engines [--rules N] [--congress FILE]</c></remarks>
internal static class EngineWriters
{
    private const int Writers = 4;
    private const int Tables = 200;

    /// <returns>0 when nothing is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        string? After(string option) => Array.IndexOf(args, option) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : null;
        var count = int.Parse(After("--rules") ?? "1000", CultureInfo.InvariantCulture);
        string[] names = [.. Enumerable.Range(1, Writers).Select(i => $"engine-{i.ToString(CultureInfo.InvariantCulture)}")];
        await using var cluster = new CongressCluster(names.ToDictionary(n => n, _ => new[] { "api", "policy-engine" }, StringComparer.Ordinal), After("--congress"));
        await cluster.StartAsync();
        var ledger = new Ledger();
        using (var first = new ApiClient([cluster.ApiOf(names[0])]))
        {
            await first.AskAsync("POST", "/v1/policies", """{"name": "p"}""", "p");
        }

        var start = Stopwatch.GetTimestamp();
        var refused = await Task.WhenAll(names.Select((name, writer) => WriteAsync(cluster.ApiOf(name), writer, count, ledger)));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var versions = ledger.Versions.Order().ToArray();
        var gaps = versions.Length == 0 ? 0 : versions[^1] - versions[0] + 1 - versions.Distinct().Count();
        var lost = 0;
        foreach (var name in names)
        {
            using var api = new ApiClient([cluster.ApiOf(name)]);
            var last = versions[^1].ToString(CultureInfo.InvariantCulture);
            var (_, listing, _) = await api.AskAsync("GET", $"/v1/policies/p/rules?min_version={last}");
            var rules = listing.GetProperty("results").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetString()!, r => r.GetProperty("rule").GetString()!, StringComparer.Ordinal);
            lost += ledger.Live.Keys.Except(rules.Keys, StringComparer.Ordinal).Count() + rules.Keys.Except(ledger.Live.Keys, StringComparer.Ordinal).Count();
            using var engine = new PolicyEngine();
            engine.CreatePolicy("p", PolicyKind.Nonrecursive);
            engine.InsertRules(string.Join('\n', rules.Values), "p");   // throws when the union is recursive
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Writers} engines, {ledger.Versions.Count} rules acknowledged, {refused.Sum()} refused as recursive, {ledger.Operations.Count / seconds:0} writes a second; ")
            + Operation.Summary(ledger.Operations.Select(o => o.Milliseconds)) + $"; {gaps} gaps, {lost} differences between engines and ledger, {ledger.Wrongs.Count} wrong answers");
        return gaps == 0 && lost == 0 && ledger.Wrongs.Count == 0 && ledger.Operations.Count == Writers * count ? 0 : 1;
    }

    private static async Task<int> WriteAsync(Uri address, int writer, int count, Ledger ledger)
    {
        using var api = new ApiClient([address]);
        var random = new Random(writer + 1);
        var refused = 0;
        for (var n = 0; n < count; n++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"t{random.Next(Tables)}(x, {n}) :- t{random.Next(Tables)}(x, y), not t{random.Next(Tables)}(y, {writer})");
            var start = Stopwatch.GetTimestamp();
            var (status, json, version) = await api.AskAsync("POST", "/v1/policies/p/rules", $$"""{"rule": {{JsonSerializer.Serialize(text)}}}""", string.Create(CultureInfo.InvariantCulture, $"{writer}-{n}"));
            ledger.Done("write", start);
            if (status == 201)
            {
                ledger.Inserted(new(json.GetProperty("id").GetString()!, text, version));
            }
            else if (status == 400 && json.ToString().Contains("recurs", StringComparison.OrdinalIgnoreCase))
            {
                refused++;
            }
            else
            {
                ledger.Wrong($"{text}: {status} {json}");
                Console.Error.WriteLine($"WRONG: {text}: {status} {json}");
            }
        }

        return refused;
    }
}
