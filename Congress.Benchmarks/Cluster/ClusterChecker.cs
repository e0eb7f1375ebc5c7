using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Congress.Data;

namespace Congress.Benchmarks.Cluster;

/// <summary>A process of its own that asks for things, holds the ledger of what was acknowledged, and compares in the end; nobody kills it.</summary>
/// <remarks>It is told by lines: <c>killed NODE</c>, <c>stop</c>, <c>settle</c>, <c>digest</c>, <c>hammer SECONDS</c>, <c>report</c>; it answers each but the first with one line.</remarks>
internal sealed class ClusterChecker(IReadOnlyList<Uri> apis, Uri target, string calls, int seed) : IDisposable
{
    public const string Child = "checker";
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(60);

    private readonly ApiClient _api = new(apis);
    private readonly Ledger _ledger = new();
    private readonly ConcurrentQueue<(string Node, long At)> _kills = new();
    private readonly CancellationTokenSource _stop = new();
    private ClusterLoad _load = null!;
    private TimeSpan _took;

    /// <summary>Does what it is told, until its input ends.</summary>
    public async Task<int> RunAsync()
    {
        _load = new(_api, _ledger, seed);
        await _load.PrepareAsync(target);
        var start = Stopwatch.GetTimestamp();
        var running = _load.RunAsync(_stop.Token);
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["killed", var node]:
                    _kills.Enqueue((node, Stopwatch.GetTimestamp()));
                    break;
                case ["stop"]:
                    await _stop.CancelAsync();
                    await running;
                    _took = Stopwatch.GetElapsedTime(start);
                    Console.WriteLine("stopped");
                    break;
                case ["settle"]:
                    await SettleAsync();
                    Console.WriteLine("settled");
                    break;
                case ["digest"]:
                    Console.WriteLine(await DigestAsync());
                    break;
                case ["hammer", var seconds]:
                    using (var end = new CancellationTokenSource(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), TimeProvider.System))
                    {
                        Console.WriteLine((await _load.HammerAsync(16, end.Token)).ToString(CultureInfo.InvariantCulture));
                    }

                    break;
                case ["report"]:
                    await CompareAsync();
                    Report();
                    Console.WriteLine(_ledger.Wrongs.Count == 0 && _api.Hung == 0 ? "right" : "wrong");
                    break;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _api.Dispose();
        _stop.Dispose();
    }

    /// <summary>Waits until every occurrence has come to an end.</summary>
    private async Task SettleAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < SettleTime)
        {
            var states = (await OccurrencesAsync()).CountBy(o => o.State).ToDictionary(StringComparer.Ordinal);
            if (states.Values.Sum() >= _load.Pushed.Count && !states.Keys.Any(s => s is "claimed" or "sent"))
            {
                return;
            }

            await Task.Delay(200, CancellationToken.None);
        }

        _ledger.Wrong($"after {SettleTime.TotalSeconds} s there are actions that have not come to an end");
    }

    /// <summary>What the engine that answers has: its rules, and the rows of what is derived.</summary>
    private async Task<string> DigestAsync()
    {
        var (_, rules, _) = await _api.AskAsync("GET", $"/v1/policies/{ClusterLoad.Policy}/rules");
        var (_, errors, _) = await _api.AskAsync("GET", "/v1/policies/acting/tables/error/rows");
        var (_, tables, _) = await _api.AskAsync("GET", $"/v1/policies/{ClusterLoad.Policy}/tables");
        var text = string.Join('\n', rules.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("id").GetString() + r.GetProperty("rule").GetString())
            .Concat(errors.GetProperty("results").EnumerateArray().Select(r => r.ToString()).Order(StringComparer.Ordinal)).Concat(tables.GetProperty("results").EnumerateArray().Select(t => t.ToString())));
        return $"{rules.GetProperty("results").GetArrayLength()} rules, {errors.GetProperty("results").GetArrayLength()} errors, {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
    }

    private async Task<IReadOnlyList<(string Id, string Action, int Item, string State)>> OccurrencesAsync() =>
        [.. (await _api.AskAsync("GET", "/v1/actions?limit=10000")).Json.GetProperty("results").EnumerateArray().Select(o => (
            o.GetProperty("id").GetString()!, o.GetProperty("action").GetString()!, o.GetProperty("arguments")[0].GetInt32(), o.GetProperty("state").GetString()!.ToLowerInvariant()))];

    private async Task CompareAsync()
    {
        var (_, listing, _) = await _api.AskAsync("GET", $"/v1/policies/{ClusterLoad.Policy}/rules");
        var there = listing.GetProperty("results").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetString()!, r => r.GetProperty("rule").GetString()!, StringComparer.Ordinal);
        var live = _ledger.Live;
        foreach (var id in live.Keys.Except(there.Keys, StringComparer.Ordinal))
        {
            _ledger.Wrong($"rule {id} was acknowledged and is lost");
        }

        foreach (var id in there.Keys.Except(live.Keys, StringComparer.Ordinal))
        {
            _ledger.Wrong($"rule {id} is there and nobody was told so");
        }

        using (var engine = new PolicyEngine())
        {
            engine.CreatePolicy(ClusterLoad.Policy, PolicyKind.Nonrecursive);
            engine.InsertRules(string.Join('\n', there.Values), ClusterLoad.Policy);   // throws when the union is recursive
        }

        if (_ledger.Versions.Distinct().Count() != _ledger.Versions.Count)
        {
            _ledger.Wrong("two writes were acknowledged with one version");
        }

        var received = ActionTarget.Read(calls);
        var occurrences = (await OccurrencesAsync()).ToLookup(o => o.Item);
        foreach (var (item, _) in _load.Pushed)
        {
            var mine = received.Where(c => c.Item == item).ToArray();
            if (occurrences[item].ToArray() is not [var occurrence])
            {
                _ledger.Wrong($"item {item}: {occurrences[item].Count()} occurrences");
            }
            else if (item % 2 == 0 && (occurrence.State != "done" || mine.Count(c => c.IsEffect) != 1))
            {
                _ledger.Wrong($"keyed item {item}: {occurrence.State}, {mine.Count(c => c.IsEffect)} effects, {mine.Length} calls");
            }
            else if (item % 2 == 1 && (mine.Length > 1 || occurrence.State is not ("done" or "unknown" or "failed") || (occurrence.State == "done" && mine.Length == 0) || (occurrence.State == "failed" && mine.Length > 0)))
            {
                _ledger.Wrong($"item {item}, at most once: {occurrence.State}, {mine.Length} calls");
            }
        }
    }

    private void Report()
    {
        var seconds = _took.TotalSeconds;
        foreach (var kind in _ledger.Operations.GroupBy(o => o.Kind, StringComparer.Ordinal))
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Key,-6} {kind.Count() / seconds,6:0.0} a second until answered for good: ") + Operation.Summary(kind.Select(o => o.Milliseconds)));
        }

        var received = ActionTarget.Read(calls).GroupBy(c => c.Item).ToDictionary(g => g.Key, g => g.Min(c => c.At));
        Console.Error.WriteLine($"action from the acknowledged row to the call: {Operation.Summary(_load.Pushed.Where(p => received.ContainsKey(p.Item)).Select(p => Math.Max(0, Stopwatch.GetElapsedTime(p.At, received[p.Item]).TotalMilliseconds)))}");
        foreach (var role in _kills.GroupBy(k => k.Node.Split('-')[0], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{role.Count()} kills of {role.Key}: the slowest write of each {Worst(role, "write")}; read {Worst(role, "read")}"));
        }

        if (_ledger.Operations.OrderByDescending(o => o.Milliseconds).FirstOrDefault() is { } slowest)
        {
            var around = _kills.Where(k => k.At > slowest.Start - (5 * Stopwatch.Frequency) && k.At < slowest.End)
                .Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Node} {(k.At - slowest.Start) / (double)Stopwatch.Frequency:+0.0;-0.0} s"));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the slowest of all was a {slowest.Kind} of {slowest.Milliseconds:0} ms; killed around its start: {string.Join(", ", around)}"));
        }

        Console.Error.WriteLine($"{_load.Pushed.Count} items, {received.Count} called; {_load.Refused} rules refused as recursive, {_ledger.Live.Count} live; {_api.Unavailable} answers 503, {_api.Unreached} connections lost, {_api.Hung} hung");
        foreach (var wrong in _ledger.Wrongs.Take(20))
        {
            Console.Error.WriteLine($"WRONG: {wrong}");
        }

        if (_ledger.Wrongs.Count > 20)
        {
            Console.Error.WriteLine($"... and {_ledger.Wrongs.Count - 20} more");
        }
    }

    /// <summary>Of operations under way at a kill or begun within a second after it, the slowest; over all kills.</summary>
    private string Worst(IEnumerable<(string Node, long At)> kills, string kind)
    {
        var operations = _ledger.Operations.Where(o => o.Kind == kind).OrderBy(o => o.Start).ToArray();
        return Operation.Summary(kills.Select(k => operations
            .Where(o => o.End >= k.At && o.Start <= k.At + Stopwatch.Frequency).Select(o => o.Milliseconds).DefaultIfEmpty(0).Max()));
    }
}
