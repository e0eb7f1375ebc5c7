using System.Globalization;

namespace HostAudit;

/// <summary>What the command line asks for.</summary>
public sealed record AuditOptions
{
    /// <summary>The folder whose files are audited.</summary>
    public string Folder { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>The file of the policy.</summary>
    public string Policy { get; init; } = Path.Combine(AppContext.BaseDirectory, "policy.dl");

    /// <summary>The folder that holds <c>proc</c>, <c>sys</c> and <c>etc</c>.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Whether to go on until interrupted.</summary>
    public bool Watch { get; init; }

    /// <summary>The time between two readings.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether to write JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Reads the arguments of a command line.</summary>
    /// <exception cref="FormatException">An argument is wrong.</exception>
    public static AuditOptions Parse(string[] arguments)
    {
        var options = new AuditOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--watch" => options with { Watch = true },
                "--json" => options with { Json = true },
                "--folder" when i + 1 < arguments.Length => options with { Folder = Path.GetFullPath(arguments[++i]) },
                "--policy" when i + 1 < arguments.Length => options with { Policy = arguments[++i] },
                "--root" when i + 1 < arguments.Length => options with { Root = Path.GetFullPath(arguments[++i]) },
                "--interval" when i + 1 < arguments.Length => options with { Interval = Seconds(arguments[++i]) },
                var other => throw new FormatException(
                    $"unknown argument '{other}'; expected --folder DIR, --policy FILE, --root DIR, --watch, --interval SECONDS or --json"),
            };
        }

        return options;
    }

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.01 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"--interval takes seconds from 0.01 to 86400, not '{text}'");
}
