using System.Diagnostics;
using System.Text.Json;

namespace Congress.Tests.Cli;

/// <summary>What a run of the command left: its exit code and what it wrote.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>A folder of files in which the command is run, as a process of its own.</summary>
internal sealed class CommandSandbox : IDisposable
{
    /// <summary>What starts the command: the runtime, and the command as it was built beside the tests.</summary>
    public static IReadOnlyList<string> Command { get; } = [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Locate()];

    public string Folder { get; } = Directory.CreateTempSubdirectory("congress-cli-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a file.</summary>
    public CommandSandbox With(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
        return this;
    }

    public string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>Runs the command to its end, which must come within two minutes.</summary>
    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var process = Start([], arguments);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        await using var end = limit.Token.Register(process.Kill);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    /// <summary>Starts the command.</summary>
    /// <param name="launcher">A command that starts another, with its arguments; empty for none.</param>
    /// <param name="arguments">The arguments of the command.</param>
    public Process Start(string[] launcher, params string[] arguments)
    {
        string[] command = [.. launcher, .. Command, .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The command as it was built beside the tests: <c>tools/congress/bin/Debug/net10.0/congress.dll</c>.</summary>
    private static string Locate()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        return Repository.PathOf($"tools/congress/bin/{framework.Parent!.Name}/{framework.Name}/congress.dll");
    }
}
