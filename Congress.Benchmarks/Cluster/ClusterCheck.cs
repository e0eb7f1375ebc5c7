using System.Diagnostics;
using System.Globalization;

namespace Congress.Benchmarks.Cluster;

/// <summary>Three engines, two nodes with datasources and two APIs under load, any of which is killed at any time, and so is the target of actions: is anything lost, done twice, or wrong?</summary>
/// <remarks><c>dotnet run -c Release --project Congress.Benchmarks -- cluster [--kills N] [--figures] [--congress FILE] [--seed N]</c></remarks>
internal static class ClusterCheck
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    /// <returns>0 when nothing is wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case [ActionTarget.Child, var port, var file]:
                return await ActionTarget.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), file);
            case [ClusterChecker.Child, var seed, var target, var calls, .. var apis]:
                using (var checker = new ClusterChecker([.. apis.Select(a => new Uri(a))], new(target), calls, int.Parse(seed, CultureInfo.InvariantCulture)))
                {
                    return await checker.RunAsync();
                }
        }

        string? After(string option) => Array.IndexOf(args, option) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : null;
        var kills = int.Parse(After("--kills") ?? "10", CultureInfo.InvariantCulture);
        var run = int.Parse(After("--seed") ?? Random.Shared.Next(10_000).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        Console.WriteLine($"seed {run}");
        await using var cluster = new CongressCluster(
            new Dictionary<string, string[]>
            {
                ["engine-1"] = ["policy-engine"], ["engine-2"] = ["policy-engine"], ["engine-3"] = ["policy-engine"],
                ["data-1"] = ["datasources"], ["data-2"] = ["datasources"], ["api-1"] = ["api"], ["api-2"] = ["api"],
            },
            After("--congress"));
        return await CheckAsync(cluster, kills, run, args.Contains("--figures", StringComparer.Ordinal));
    }

    private static async Task<int> CheckAsync(CongressCluster cluster, int kills, int seed, bool withFigures)
    {
        var (port, calls) = (CongressCluster.FreePort().ToString(CultureInfo.InvariantCulture), Path.Join(cluster.Folder, "calls"));
        await using var target = new CongressNode("target", Environment.ProcessPath!, "cluster", ActionTarget.Child, port, calls);
        await target.StartAsync();
        await cluster.StartAsync();
        using var checker = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["cluster", ClusterChecker.Child, seed.ToString(CultureInfo.InvariantCulture), $"http://127.0.0.1:{port}/", calls, .. cluster.Apis.Select(a => a.ToString())])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            return await checker.StandardOutput.ReadLineAsync() == "ready" && await KillAndCompareAsync(cluster, target, checker, kills, seed, withFigures) ? 0 : 1;
        }
        finally
        {
            checker.Kill();
        }
    }

    private static async Task<bool> KillAndCompareAsync(CongressCluster cluster, CongressNode target, Process checker, int kills, int seed, bool withFigures)
    {
        async Task<string> TellAsync(string line)
        {
            lock (checker)
            {
                checker.StandardInput.WriteLine(line);
                checker.StandardInput.Flush();
            }

            return line.StartsWith("killed", StringComparison.Ordinal) ? "" : await checker.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the checker ended");
        }

        var start = Stopwatch.GetTimestamp();
        await Task.Delay(Quiet, TimeProvider.System, CancellationToken.None);
        var killed = await Task.WhenAll(
            KillAsync([cluster["engine-1"], cluster["engine-2"], cluster["engine-3"], target], (kills + 1) / 2, new(seed), TellAsync),
            KillAsync([cluster["data-1"], cluster["data-2"], cluster["api-1"], cluster["api-2"]], kills / 2, new(seed + 1), TellAsync));
        await Task.Delay(Quiet, TimeProvider.System, CancellationToken.None);
        await TellAsync("stop");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{killed.Sum()} kills in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s"));
        await TellAsync("settle");

        // While the others stand still, only one engine can answer.
        var digests = new List<string>();
        string[] engines = ["engine-1", "engine-2", "engine-3"];
        foreach (var engine in engines)
        {
            foreach (var other in engines.Where(e => e != engine))
            {
                cluster[other].Signal("STOP");
            }

            digests.Add(await TellAsync("digest"));
            Console.WriteLine($"{engine}: {digests[^1]}");
            foreach (var other in engines.Where(e => e != engine))
            {
                cluster[other].Signal("CONT");
            }
        }

        await Task.Delay(Quiet, TimeProvider.System, CancellationToken.None);
        var areRunning = cluster.Nodes.All(n => n.IsRunning);
        var verdict = await TellAsync("report");
        if (withFigures)
        {
            for (var count = 3; count > 0; count--)
            {
                var cpu = cluster.Nodes.Where(n => n.IsRunning).Sum(n => n.Cpu.TotalSeconds);
                var answered = double.Parse(await TellAsync("hammer 5"), CultureInfo.InvariantCulture);
                var used = cluster.Nodes.Where(n => n.IsRunning).Sum(n => n.Cpu.TotalSeconds) - cpu;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} engines: {answered / 5:0} queries a second, {used / 5:0.00} processors used by Congress, {used * 1e6 / answered:0} us each"));
                await cluster[engines[count - 1]].KillAsync();
            }
        }

        Console.WriteLine($"{verdict}, {(digests.Distinct(StringComparer.Ordinal).Count() == 1 ? "all engines equal" : "ENGINES DIFFER")}{(areRunning ? "" : ", A NODE ENDED BY ITSELF")}");
        return verdict == "right" && areRunning && digests.Distinct(StringComparer.Ordinal).Count() == 1;
    }

    private static async Task<int> KillAsync(CongressNode[] nodes, int kills, Random random, Func<string, Task<string>> tell)
    {
        for (var i = 0; i < kills; i++)
        {
            await Task.Delay(random.Next(1500), CancellationToken.None);
            var node = nodes[random.Next(nodes.Length)];
            await node.KillAsync();
            await tell($"killed {node.Name}");
            await Task.Delay(random.Next(1000), CancellationToken.None);
            await node.StartAsync();
        }

        return kills;
    }
}
