using System.Globalization;
using Congress.Transport.NetMQ;

namespace ThreeProcesses;

/// <summary>What the command line asks for.</summary>
public sealed record SampleOptions
{
    /// <summary>Whether the three services run in this process.</summary>
    public bool InProcess { get; init; }

    /// <summary>Which of the three this process is; null: it starts them.</summary>
    public string? Role { get; init; }

    /// <summary>Whether to end when the input does: when the process that started this one is gone.</summary>
    public bool EndsWithInput { get; init; }

    /// <summary>Where the nodes find each other: a folder of sockets, or of files that tell ports.</summary>
    public string? Endpoints { get; init; }

    /// <summary><c>unix</c> or <c>tcp</c>.</summary>
    public string Scheme { get; init; } = "unix";

    /// <summary>What serves tcp.</summary>
    public SocketEngine Engine { get; init; } = SocketEngine.Package;

    /// <summary>The folder whose files are audited.</summary>
    public string Folder { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>How long to run; null: until interrupted.</summary>
    public double? Seconds { get; init; }

    /// <summary>Reads the arguments of a command line.</summary>
    /// <exception cref="FormatException">An argument is wrong.</exception>
    public static SampleOptions Parse(string[] arguments)
    {
        var options = new SampleOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            (options, i) = (arguments[i], value) switch
            {
                ("--in-process", _) => (options with { InProcess = true }, i),
                ("--role", "datasource" or "engine" or "watcher") => (options with { Role = value }, i + 1),
                ("--ends-with-input", _) => (options with { EndsWithInput = true }, i),
                ("--endpoints", { } folder) => (options with { Endpoints = folder }, i + 1),
                ("--scheme", "unix" or "tcp") => (options with { Scheme = value! }, i + 1),
                ("--engine", "managed") => (options with { Engine = SocketEngine.Managed }, i + 1),
                ("--engine", "package") => (options with { Engine = SocketEngine.Package }, i + 1),
                ("--folder", { } folder) => (options with { Folder = Path.GetFullPath(folder) }, i + 1),
                ("--seconds", { } text) when double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400 =>
                    (options with { Seconds = seconds }, i + 1),
                _ => throw new FormatException($"unknown argument '{arguments[i]}'; expected --in-process, --seconds N, --scheme unix|tcp, --engine managed|package, --folder DIR, "
                    + "or --role datasource|engine|watcher with --endpoints FOLDER"),
            };
        }

        return options.Role is null || options.Endpoints is not null ? options : throw new FormatException("--role needs --endpoints FOLDER");
    }
}
