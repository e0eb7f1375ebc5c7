using System.Text.Json;

namespace Congress.Tests.Conformance;

/// <summary>One case of the reference engine: what it was given and what it answered.</summary>
public sealed record ConformanceCase(string Id, string Area, JsonElement Json)
{
    /// <summary>Whether the case is a random program with a list of operations.</summary>
    public bool IsRandom => Json.TryGetProperty("ops", out _);

    /// <summary>The operation of a case that has one.</summary>
    public string Operation => Json.GetProperty("op").GetProperty("do").GetString()!;

    /// <summary>All cases: those of the folder that <c>CONGRESS_CASES</c> names, else those beside this file.</summary>
    public static IReadOnlyList<ConformanceCase> All { get; } = [.. Read()];

    /// <summary>The case of an id.</summary>
    public static ConformanceCase Of(string id) => ById[id];

    private static Dictionary<string, ConformanceCase> ById { get; } = All.ToDictionary(c => c.Id, StringComparer.Ordinal);

    public override string ToString() => Id;

    private static IEnumerable<ConformanceCase> Read()
    {
        var folder = Environment.GetEnvironmentVariable("CONGRESS_CASES") is { Length: > 0 } named
            ? named : Path.Combine(AppContext.BaseDirectory, "Conformance", "Cases");
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(file).Where(l => l.Trim().Length > 0))
            {
                var json = JsonDocument.Parse(line, new() { AllowTrailingCommas = true }).RootElement;
                var id = json.GetProperty("id") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : json.GetProperty("id").GetRawText();
                yield return new(known.Add(id) ? id : $"{id} of {Path.GetFileName(file)}",
                    json.TryGetProperty("area", out var area) ? area.GetString()! : "random", json);
            }
        }
    }
}
