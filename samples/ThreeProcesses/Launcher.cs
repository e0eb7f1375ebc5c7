using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ThreeProcesses;

/// <summary>Starts the three processes, and starts each again when it ends.</summary>
internal static class Launcher
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(SampleOptions options, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("congress").FullName;
        try
        {
            if (options.Scheme == "tcp")
            {
                ReservePorts(folder);
            }

            await Task.WhenAll(Roles.All.Select(role => KeepRunningAsync(role, options with { Endpoints = folder }, stop)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task KeepRunningAsync(string role, SampleOptions options, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // The end of this process shows as the end of the child's input: so none outlives it.
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ArgumentsOf(role, options)) { UseShellExecute = false, RedirectStandardInput = true })!;
            await child.WaitForExitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                await EndAsync(child);
                return;
            }

            Console.WriteLine($"{role}: ended with {child.ExitCode}; it is started again");
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task EndAsync(Process child)
    {
        using var kill = Process.Start("kill", ["-TERM", child.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await child.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!child.HasExited)
        {
            child.Kill();
        }
    }

    private static string[] ArgumentsOf(string role, SampleOptions options) =>
        ["--role", role, "--ends-with-input", "--endpoints", options.Endpoints!, "--scheme", options.Scheme, "--engine", options.Engine.ToString().ToLowerInvariant(), "--folder", options.Folder];

    /// <summary>Notes a free port for each node.</summary>
    private static void ReservePorts(string folder)
    {
        foreach (var role in Roles.All)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            File.WriteAllText(Path.Join(folder, role + ".port"), ((IPEndPoint)probe.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        }
    }
}
