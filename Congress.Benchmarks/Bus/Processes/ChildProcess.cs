using System.Diagnostics;
using System.Globalization;

namespace Congress.Benchmarks.Bus.Processes;

/// <summary>One of the processes under test. It ends with this one, whose end its input shows.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly string _role;
    private readonly ProcessOptions _options;
    private Process? _process;

    public ChildProcess(string role, ProcessOptions options)
    {
        (_role, _options) = (role, options);
        Start();
    }

    public void Start() => _process = Process.Start(new ProcessStartInfo(
        Environment.ProcessPath!, [.. Self(), "processes", "--child", _role, "--folder", _options.Folder]) { UseShellExecute = false, RedirectStandardInput = true });

    /// <summary>Ends it with <c>kill -9</c>.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose() => Kill();

    /// <summary>Under <c>dotnet file.dll</c> the file has to be named again.</summary>
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
