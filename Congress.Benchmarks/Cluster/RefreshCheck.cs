using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Congress.Benchmarks.Cluster;

/// <summary>A datasource in one process and an engine with an API in another: a large table of which a part changes, and single rows that are pushed; how long until the violations say so?</summary>
/// <remarks><c>dotnet run -c Release --project Congress.Benchmarks -- refresh [--rows N] [--pushes N] [--rounds N] [--congress FILE]</c></remarks>
internal static class RefreshCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <returns>0 when all violations came.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        string? After(string option) => Array.IndexOf(args, option) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : null;
        var rows = int.Parse(After("--rows") ?? "1000000", CultureInfo.InvariantCulture);
        var pushes = int.Parse(After("--pushes") ?? "100", CultureInfo.InvariantCulture);
        var rounds = int.Parse(After("--rounds") ?? "3", CultureInfo.InvariantCulture);
        await using var cluster = new CongressCluster(new Dictionary<string, string[]> { ["data-1"] = ["datasources"], ["engine-1"] = ["api", "policy-engine"] }, After("--congress"));
        var file = Path.Join(cluster.Folder, "inventory.db");
        await FillAsync(file, rows);
        await cluster.StartAsync();
        using var api = new ApiClient([cluster.ApiOf("engine-1")]);

        await api.AskAsync("POST", "/v1/policies", """{"name": "audit"}""", "audit");
        await ExpectAsync(api, "POST", "/v1/policies/audit/rules", """{"rule": "error(id) :- inventory:volumes(id, owner, size, \"open\")"}""", 201);
        await ExpectAsync(api, "POST", "/v1/policies/audit/rules", """{"rule": "warning(id) :- inbox:items(id)"}""", 201);
        var start = Stopwatch.GetTimestamp();
        await ExpectAsync(api, "POST", "/v1/data-sources", $$$"""
            {"name": "inventory", "driver": "sql", "config": {"provider": "sqlite", "connection": "Data Source={{{file}}}", "timeout": 60, "poll_time": 3600, "max_rows": 2000000,
             "tables": {"volumes": "SELECT id, owner, size, access FROM volumes"}
            }}
            """, 201);
        await ExpectAsync(api, "POST", "/v1/data-sources", """{"name": "inbox", "driver": "push", "config": {"tables": {"items": ["id:int"]}}}""", 201);
        await UntilAsync(api, "error", rows / 100, "the first rows");
        Print(cluster, $"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows read for the first time, {rows / 100} violations", start);

        for (var round = 1; round <= rounds; round++)
        {
            await ExecuteAsync(file, string.Create(CultureInfo.InvariantCulture, $"UPDATE volumes SET access = CASE access WHEN 'open' THEN 'closed' ELSE 'open' END WHERE id % 100 = {round}"));
            var changed = Stopwatch.GetTimestamp();
            await ExpectAsync(api, "POST", "/v1/data-sources/inventory?action=request-refresh", "{}", 200);
            await UntilAsync(api, "error", (round + 1) * (rows / 100), $"change {round}");
            Print(cluster, string.Create(CultureInfo.InvariantCulture, $"refreshed with {rows / 100} changed rows, all of which are violations then"), changed);
        }

        var times = new List<double>();
        var items = new List<string>();
        for (var i = 1; i <= pushes; i++)
        {
            items.Add($"[{i.ToString(CultureInfo.InvariantCulture)}]");
            var pushed = Stopwatch.GetTimestamp();
            await ExpectAsync(api, "PUT", "/v1/data-sources/inbox/tables/items/rows", $"[{string.Join(',', items)}]", 200);
            await UntilAsync(api, "warning", i, $"push {i}");
            times.Add(Stopwatch.GetElapsedTime(pushed).TotalMilliseconds);
        }

        Console.WriteLine($"one row more pushed, until the API tells the violation: {Operation.Summary(times)}");
        return 0;
    }

    private static void Print(CongressCluster cluster, string what, long start) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s; peak memory {string.Join(", ", cluster.Nodes.Select(n => $"{n.Name} {n.PeakMegabytes.ToString("0", CultureInfo.InvariantCulture)} MB"))}"));

    private static async Task ExpectAsync(ApiClient api, string method, string path, string body, int status)
    {
        var answer = await api.AskAsync(method, path, body);
        if (answer.Status != status)
        {
            throw new InvalidOperationException($"{method} {path}: {answer.Status} {answer.Json}");
        }
    }

    private static async Task UntilAsync(ApiClient api, string table, int count, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await api.AskAsync("GET", $"/v1/policies/audit/tables/{table}/rows?limit=1&offset={(count - 1).ToString(CultureInfo.InvariantCulture)}");
            if (answer.Status == 200 && answer.Json.GetProperty("results").GetArrayLength() == 1)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"{what}: not seen within {Patience}: {answer.Status} {answer.Json}");
            }

            await Task.Delay(2, CancellationToken.None);
        }
    }

    private static async Task FillAsync(string file, int rows)
    {
        await ExecuteAsync(file, "CREATE TABLE volumes(id INTEGER PRIMARY KEY, owner TEXT, size INTEGER, access TEXT)");
        await ExecuteAsync(file, string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
            INSERT INTO volumes SELECT i, 'project-' || (i % 5000), i % 97, CASE i % 100 WHEN 0 THEN 'open' ELSE 'closed' END FROM n
            """));
    }

    private static async Task ExecuteAsync(string file, string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }
}
