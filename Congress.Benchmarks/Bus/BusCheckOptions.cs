using System.Globalization;
using System.Text.Json;

namespace Congress.Benchmarks.Bus;

/// <summary>What is measured, and how much of it.</summary>
internal sealed record BusCheckOptions
{
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    public IReadOnlyList<PairKind> Kinds { get; init; } = Enum.GetValues<PairKind>();

    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(5);

    public int Calls { get; init; } = 50_000;

    public int Changes { get; init; } = 500_000;

    public int Rows { get; init; } = 1_000_000;

    public int Frames { get; init; } = 5_000_000;

    public string? Out { get; init; }

    public static BusCheckOptions Parse(string[] args)
    {
        var options = new BusCheckOptions();
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--out" when i + 1 < args.Length => options with { Out = args[++i] },
                "--short" => options with { Warmup = TimeSpan.FromSeconds(0.3), Calls = 2_000, Changes = 50_000, Rows = 100_000, Frames = 500_000 },
                "--transport" when i + 1 < args.Length => options with { Kinds = [Enum.Parse<PairKind>(args[++i], ignoreCase: true)] },
                var other => throw new FormatException($"unknown argument '{other}'; expected --short, --transport KIND or --out FILE"),
            };
        }

        return options;
    }
}
