using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Congress.Benchmarks.Bus.Processes;
using Congress.Bus;
using Congress.Data;
using Congress.Transport.NetMQ;

namespace Congress.Benchmarks.Bus;

/// <summary>A publisher and a policy engine in processes of their own, killed and stopped at any time; a subscriber here looks for states that never were.</summary>
internal static class ProcessCheck
{
    /// <summary>Has a row when the rows that it reads are of one state, and two when it mixes two.</summary>
    private const string Policy = """
        same(n) :- source:state(0, n), source:state(5, n), source:state(9, n).
        same(-1) :- source:state(0, n), not source:state(9, n).
        """;

    private static readonly TableSchema[] Schema = [new("state", "index", "number")];

    public static async Task<int> RunAsync(string[] args)
    {
        var options = ProcessOptions.Parse(args);
        if (options.Child is { } role)
        {
            await RunChildAsync(role, options);
            return 0;
        }

        var folder = Directory.CreateTempSubdirectory("congress").FullName;
        try
        {
            return await RunParentAsync(options with { Folder = folder });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunParentAsync(ProcessOptions options)
    {
        var random = new Random(options.Seed);
        Console.WriteLine($"seed {options.Seed}, {options.Kills} kills, {options.Stops} stops of {options.StopSeconds} s");
        using var source = new ChildProcess("source", options);
        using var engine = new ChildProcess("engine", options);
        await using var node = new DseNode("watcher", TransportOf("watcher", options));
        await node.StartAsync();
        using var states = new CountedReader(node, new("source", "state"), CountedReader.NumberOf, rises: true);
        using var derived = new CountedReader(node, new("engine", "policy:same"), 
            rows => rows.Count <= 1 && rows.All(r => r[0].AsInteger() >= 0) ? rows.Select(r => r[0].AsInteger()).SingleOrDefault() : null, rises: false);
        await FreshAsync(states, derived, 0, TimeSpan.FromSeconds(30));
        var (restarts, silences) = (new List<double>(), new List<double>());
        for (var i = 0; i < options.Kills; i++)
        {
            var (child, reader) = random.Next(2) == 0 ? (source, states) : (engine, derived);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 1500)), TimeProvider.System);
            var before = reader.Now.Incarnation;
            child.Kill();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), TimeProvider.System);
            child.Start();
            var since = Stopwatch.GetTimestamp();
            await UntilAsync(() => reader.Now is { IsFresh: true } now && now.Incarnation != before, TimeSpan.FromSeconds(20));
            restarts.Add(Stopwatch.GetElapsedTime(since).TotalSeconds);
        }

        for (var i = 0; i < options.Stops; i++)
        {
            source.Signal("STOP");
            var since = Stopwatch.GetTimestamp();
            await UntilAsync(() => !states.Now.IsFresh, TimeSpan.FromSeconds(20));
            silences.Add(Stopwatch.GetElapsedTime(since).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, options.StopSeconds - silences[^1])), TimeProvider.System);
            source.Signal("CONT");
            await FreshAsync(states, derived, states.Now.Number + 1, TimeSpan.FromSeconds(20));
        }

        var (checkedStates, wrong) = states.Result;
        var (checkedDerived, wrongDerived) = derived.Result;
        string[] allWrong = [.. wrong, .. wrongDerived];
        restarts.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{checkedStates + checkedDerived} states, {allWrong.Length} wrong"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fresh after the start of a killed process (its own start included): median {Median(restarts):0.00} s, most {restarts.DefaultIfEmpty().Max():0.00} s; a stopped one's table stale after {silences.DefaultIfEmpty().Max():0.0} s"));
        foreach (var line in allWrong.Take(10))
        {
            Console.WriteLine($"WRONG {line}");
        }

        if (options.Out is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(
                new { options.Seed, options.Kills, options.Stops, states = checkedStates + checkedDerived, wrong = allWrong.Length, restarts, silences }, BusCheckOptions.Indented));
        }

        return allWrong.Length == 0 ? 0 : 1;
    }

    private static double Median(List<double> sorted) => sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];

    private static Task FreshAsync(CountedReader states, CountedReader derived, long least, TimeSpan most) =>
        UntilAsync(() => states.Now is { IsFresh: true } s && s.Number >= least && derived.Now is { IsFresh: true }, most);

    private static async Task UntilAsync(Func<bool> condition, TimeSpan most)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(since) > most)
            {
                throw new TimeoutException($"not within {most.TotalSeconds} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static async Task RunChildAsync(string role, ProcessOptions options)
    {
        await using var node = new DseNode(role, TransportOf(role, options));
        node.Register(role == "source" ? new CountedService("source", TimeSpan.FromMilliseconds(2)) : new PolicyEngineService("engine", new()
        {
            Policy = Policy,
            Datasources = new Dictionary<string, IReadOnlyList<TableSchema>> { ["source"] = Schema },
        }));
        await node.StartAsync();
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
    }

    private static NetMQTransport TransportOf(string role, ProcessOptions options) => new(new()
    {
        Listen = $"unix://{Path.Join(options.Folder, role)}",
        Peers = new[] { "engine", "source", "watcher" }.ToDictionary(r => r, r => $"unix://{Path.Join(options.Folder, r)}"),
    });
}
