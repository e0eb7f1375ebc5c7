using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Congress.Benchmarks.Workloads;

/// <summary>Runs <c>congress eval</c> on the workloads and checks the number and the checksum of the rows.</summary>
/// <remarks>The facts are made by <c>gen.py</c> from fixed seeds, so <c>expected.json</c> holds for every machine.</remarks>
internal static class WorkloadCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs all workloads, or those that are named.</summary>
    /// <param name="arguments"><c>--data DIR</c> for a folder to keep the facts in, and names of workloads.</param>
    /// <returns>0 when all rows are right, else 1.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var data = arguments is ["--data", var folder, ..] ? folder : Path.Combine(Path.GetTempPath(), "congress-workloads");
        var names = arguments is ["--data", _, .. var named] ? named : arguments;
        var here = Path.Combine(AppContext.BaseDirectory, "Workloads");
        await MakeFactsAsync(data);
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(here, "expected.json")));
        var failed = 0;
        foreach (var workload in expected.RootElement.EnumerateObject().Where(w => names.Length == 0 || names.Contains(w.Name, StringComparer.Ordinal)))
        {
            var program = workload.Name.StartsWith("cong", StringComparison.Ordinal) ? "cong" : workload.Name;
            var (output, cpu, peak) = await RunAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "congress.dll"), "eval",
                Path.Combine(here, program + ".dl"), "--facts", Path.Combine(data, workload.Name), "--kind", "recursive", "--count", "--checksum");
            var wanted = string.Concat(workload.Value.EnumerateObject().OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => string.Create(
                CultureInfo.InvariantCulture, $"{t.Name}\t{t.Value.GetProperty("rows").GetInt64()}\t{t.Value.GetProperty("crc32sum").GetUInt64()}\n")));
            var isRight = output.ReplaceLineEndings("\n") == wanted;
            failed += isRight ? 0 : 1;
            Console.WriteLine($"{workload.Name,-10} {(isRight ? "right" : "WRONG")}  cpu {cpu.TotalSeconds,6:F2} s  peak {peak >> 20,5} MB");
            if (!isRight)
            {
                Console.WriteLine($"expected:\n{wanted}got:\n{output}");
            }
        }

        return failed == 0 ? 0 : 1;
    }

    /// <summary>Makes the facts of all workloads, unless they are there.</summary>
    public static async Task MakeFactsAsync(string data)
    {
        var marker = Path.Combine(data, "complete");
        if (!File.Exists(marker))
        {
            await RunAsync("python3", Path.Combine(AppContext.BaseDirectory, "Workloads", "gen.py"), data);
            await File.WriteAllTextAsync(marker, "");
        }
    }

    private static async Task<(string Output, TimeSpan Cpu, long Peak)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} did not start");
        using var limit = new CancellationTokenSource(Limit);
        var (cpu, peak) = (TimeSpan.Zero, 0L);
        var reading = process.StandardOutput.ReadToEndAsync(limit.Token);
        try
        {
            while (!reading.IsCompleted)
            {
                // The figures of a process are gone when it has ended, so they are sampled while it runs.
                await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token));
                process.Refresh();
                try
                {
                    (cpu, peak) = (process.TotalProcessorTime, Math.Max(peak, process.PeakWorkingSet64));
                }
                catch (InvalidOperationException)
                {
                    // It ended meanwhile; what was seen last counts.
                }
            }

            var output = await reading;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? (output, cpu, peak) : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took more than {Limit.TotalMinutes} minutes", e);
        }
    }
}
