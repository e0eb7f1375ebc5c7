using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Congress.Benchmarks.Cluster;

/// <summary>Clients that write rules, push rows that ask for actions, and ask questions, all at a steady rate; each answer is compared with the ledger.</summary>
internal sealed class ClusterLoad(ApiClient api, Ledger ledger, int seed)
{
    public const string Policy = "load";
    private const int Writers = 8;        // each 10 rules a second at most
    private const int Readers = 20;       // each 25 questions a second at most
    private const int LiveRules = 60;    // of one writer
    private const int Tables = 200;
    private static readonly TimeSpan WritePace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReadPace = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan PushPace = TimeSpan.FromMilliseconds(250);

    private readonly List<(int Item, long At)> _pushed = [];
    private long _refused;

    /// <summary>Rules that were refused because they would have closed a cycle.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Items whose rows were acknowledged, and when: even ones ask for a keyed action, odd ones for one that is done at most once.</summary>
    public IReadOnlyList<(int Item, long At)> Pushed => _pushed;

    /// <summary>Makes the policy, the datasources and the rules that ask for actions.</summary>
    public async Task PrepareAsync(Uri target)
    {
        await ExpectAsync(201, "POST", "/v1/policies", $$"""{"name": "{{Policy}}"}""", "policy");
        await ExpectAsync(201, "POST", "/v1/policies", """{"name": "acting"}""", "acting");
        await ExpectAsync(201, "POST", "/v1/data-sources", """{"name": "inbox", "driver": "push", "config": {"tables": {"items": ["id:int", "kind"]}, "persist_data": "True"}}""", "inbox");
        var action = """{"name": "NAME", "method": "POST", "path": "/NAME/{id}", "parameters": ["id"], "promise": "PROMISE"}""";
        await ExpectAsync(201, "POST", "/v1/data-sources", $$$"""
            {"name": "target", "driver": "rest", "config": {"url": "{{{target}}}", "timeout": 5, "resources": [], "actions": [
             {{{action.Replace("NAME", "keyed", StringComparison.Ordinal).Replace("PROMISE", "keyed", StringComparison.Ordinal)}}},
             {{{action.Replace("NAME", "once", StringComparison.Ordinal).Replace("PROMISE", "at-most-once", StringComparison.Ordinal)}}}]}}
            """, "target");
        foreach (var kind in new[] { "keyed", "once" })
        {
            await ExpectAsync(201, "POST", "/v1/policies/acting/rules", JsonOf($"execute[target:{kind}(id)] :- inbox:items(id, \"{kind}\")"), $"execute-{kind}");
        }

        await ExpectAsync(201, "POST", "/v1/policies/acting/rules", JsonOf("error(id, kind) :- inbox:items(id, kind), builtin:lt(id, 20)"), "errors");
    }

    /// <summary>Runs until told to stop, and finishes what is under way.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll([
        .. Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(i, stop), CancellationToken.None)),
        .. Enumerable.Range(0, Readers).Select(i => Task.Run(() => ReadAsync(i, stop), CancellationToken.None)),
        Task.Run(() => PushAsync(stop), CancellationToken.None)]);

    /// <summary>Asks questions as fast as they are answered.</summary>
    /// <returns>How many.</returns>
    public async Task<long> HammerAsync(int clients, CancellationToken stop)
    {
        var count = 0L;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await api.AskAsync("GET", "/v1/policies/acting/tables/error/rows");
                Interlocked.Increment(ref count);
            }
        }, CancellationToken.None)));
        return count;
    }

    private static string JsonOf(string rule) => $$"""{"rule": {{JsonSerializer.Serialize(rule)}}}""";

    private async Task<JsonElement> ExpectAsync(int status, string method, string path, string body, string key)
    {
        var answer = await api.AskAsync(method, path, body, key);
        return answer.Status == status ? answer.Json : throw new InvalidOperationException($"{method} {path}: {answer.Status} {answer.Json}");
    }

    private async Task WriteAsync(int writer, CancellationToken stop)
    {
        var random = new Random((seed * 31) + writer);
        var mine = new List<string>();
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var (start, key) = (Stopwatch.GetTimestamp(), string.Create(CultureInfo.InvariantCulture, $"{seed}-{writer}-{n}"));
            if (mine.Count < LiveRules || random.Next(2) == 0)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"t{random.Next(Tables)}(x, {writer}, {n}) :- t{random.Next(Tables)}(x, y, z), not t{random.Next(Tables)}(y, z, {writer})");
                var (status, json, version) = await api.AskAsync("POST", $"/v1/policies/{Policy}/rules", JsonOf(text), key);
                if (status == 201)
                {
                    var id = json.GetProperty("id").GetString()!;
                    ledger.Inserted(new(id, text, version));
                    mine.Add(id);
                }
                else if (status == 400 && json.ToString().Contains("recurs", StringComparison.OrdinalIgnoreCase))
                {
                    Interlocked.Increment(ref _refused);
                }
                else
                {
                    ledger.Wrong($"insert {text}: {status} {json}");
                }
            }
            else
            {
                var at = random.Next(mine.Count);
                var id = mine[at];
                mine[at] = mine[^1];
                mine.RemoveAt(mine.Count - 1);
                ledger.Deleting(id);
                var (status, json, version) = await api.AskAsync("DELETE", $"/v1/policies/{Policy}/rules/{id}", key: key);
                if (status == 200)
                {
                    ledger.Deleted(id, version);
                }
                else
                {
                    ledger.Wrong($"delete {id}: {status} {json}");
                }
            }

            ledger.Done("write", start);
            await PaceAsync(start, WritePace);
        }
    }

    private async Task ReadAsync(int reader, CancellationToken stop)
    {
        var random = new Random((seed * 17) + reader);
        while (!stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            if (ledger.Recent(random) is { } rule && random.Next(3) > 0)
            {
                var (status, json, version) = await api.AskAsync("GET", string.Create(CultureInfo.InvariantCulture, $"/v1/policies/{Policy}/rules/{rule.Id}?min_version={rule.Version}"));
                if (ledger.IsCertain(rule.Id) && (status != 200 || version < rule.Version))
                {
                    ledger.Wrong($"rule {rule.Id} of version {rule.Version} was acknowledged: {status} {json}");
                }
            }
            else
            {
                var (status, json, _) = await api.AskAsync("GET", random.Next(2) == 0 ? "/v1/policies/acting/tables/error/rows" : "/v1/violations?limit=10");
                if (status != 200)
                {
                    ledger.Wrong($"rows: {status} {json}");
                }
            }

            ledger.Done("read", start);
            await PaceAsync(start, ReadPace);
        }
    }

    /// <summary>Each push is one row more; rows stay.</summary>
    private async Task PushAsync(CancellationToken stop)
    {
        for (var item = 0; !stop.IsCancellationRequested; item++)
        {
            var start = Stopwatch.GetTimestamp();
            var rows = string.Join(',', Enumerable.Range(0, item + 1).Select(i => $"[{i},\"{(i % 2 == 0 ? "keyed" : "once")}\"]"));
            var (status, json, _) = await api.AskAsync("PUT", "/v1/data-sources/inbox/tables/items/rows", $"[{rows}]");
            if (status != 200)
            {
                ledger.Wrong($"push {item}: {status} {json}");
            }

            ledger.Done("push", start);
            _pushed.Add((item, Stopwatch.GetTimestamp()));
            await PaceAsync(start, PushPace);
        }
    }

    private static Task PaceAsync(long start, TimeSpan pace) =>
        Stopwatch.GetElapsedTime(start) is var took && took < pace ? Task.Delay(pace - took, TimeProvider.System, CancellationToken.None) : Task.CompletedTask;
}
