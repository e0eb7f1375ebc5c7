using System.Diagnostics;
using System.Globalization;

namespace Congress.Benchmarks.Cluster;

/// <summary>A process of <c>congress run CONFIG</c>, or another that says a line when it is ready; it can be killed and started again.</summary>
internal sealed class CongressNode(string name, string file, params string[] arguments) : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private Process? _process;
    private TimeSpan _cpuBefore;

    /// <summary>The name of the node.</summary>
    public string Name => name;

    /// <summary>Starts it, and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var ready = await _process.StandardOutput.ReadLineAsync().WaitAsync(StartTime, TimeProvider.System);
        if (ready is null)
        {
            await _process.WaitForExitAsync();
            throw new InvalidOperationException($"{name} ended with {_process.ExitCode.ToString(CultureInfo.InvariantCulture)} before it was ready");
        }
    }

    /// <summary>Whether it runs, as far as anybody but the check has a say in it.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What all its processes have used so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process!.Refresh();
            return _cpuBefore + _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory that it has had, in MB; 0 where the system does not tell.</summary>
    public double PeakMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process!.Id.ToString(CultureInfo.InvariantCulture)}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _cpuBefore = Cpu;
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }
}
