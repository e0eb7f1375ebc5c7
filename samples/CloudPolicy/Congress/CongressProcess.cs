using System.Diagnostics;
using System.Globalization;

namespace CloudPolicy.Congress;

/// <summary>A process that runs <c>congress run CONFIG</c>.</summary>
internal sealed class CongressProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);

    private readonly Process _process;

    private CongressProcess(Process process, string greeting) => (_process, Greeting) = (process, greeting);

    /// <summary>The line that it said when it was ready.</summary>
    public string Greeting { get; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>The identity of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it, and waits until it is ready.</summary>
    /// <exception cref="StoryException">It ended, or was not ready in time. What it has to say about that stands in the error output.</exception>
    public static async Task<CongressProcess> StartAsync(string config, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Join(AppContext.BaseDirectory, "congress"), ["run", config])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true,
        })!;
        try
        {
            var greeting = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartTime, TimeProvider.System, cancellationToken);
            return new(process, greeting ?? throw new StoryException($"congress run {config} ended before it was ready"));
        }
        catch (Exception exception)
        {
            process.Kill();
            process.Dispose();
            throw exception is TimeoutException ? new StoryException($"congress run {config} was not ready within {StartTime.TotalSeconds} s", exception) : exception;
        }
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, and waits for that.</summary>
    /// <exception cref="StoryException">It did not end in time, or not well.</exception>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(StopTime, TimeProvider.System);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited || _process.ExitCode != 0)
        {
            throw new StoryException($"process {Id} {(_process.HasExited ? $"ended with {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}" : "did not end")} after SIGTERM");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
