using System.Globalization;

namespace Congress.Benchmarks.Bus.Processes;

/// <summary>How often processes are killed and stopped; or which of them this one is.</summary>
internal sealed record ProcessOptions
{
    public int Kills { get; init; } = 10;

    public int Stops { get; init; } = 1;

    public double StopSeconds { get; init; } = 15;

    public int Seed { get; init; } = Environment.ProcessId;

    public string Folder { get; init; } = "";

    public string? Child { get; init; }

    public string? Out { get; init; }

    public static ProcessOptions Parse(string[] args)
    {
        var options = new ProcessOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--kills" => options with { Kills = int.Parse(value, CultureInfo.InvariantCulture) },
                "--stops" => options with { Stops = int.Parse(value, CultureInfo.InvariantCulture) },
                "--stop-seconds" => options with { StopSeconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                "--folder" => options with { Folder = value },
                "--child" => options with { Child = value },
                "--out" => options with { Out = value },
                var other => throw new FormatException($"unknown argument '{other}'; expected --kills N, --stops N, --stop-seconds S, --seed N or --out FILE"),
            };
        }

        return options;
    }
}
