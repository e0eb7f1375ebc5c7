using System.Text.Json;
using System.Text.RegularExpressions;

namespace Congress.Tests.Docs;

/// <summary>The published schema of the file of <c>congress run</c> names what the command takes, with its bounds.</summary>
public sealed partial class RunSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs/congress-run.schema.json"))).RootElement;
    private static readonly string Source = string.Concat(new[] { "ServerConfig", "BusConfig" }.Select(f => File.ReadAllText(Repository.PathOf($"tools/congress/Server/{f}.cs"))));

    [Fact]
    public void It_has_the_members_that_are_taken()
    {
        var taken = Expectation().Matches(Source).Select(m => string.Join(' ', Text().Matches(m.Value).Select(t => t.Groups["text"].Value).Order(StringComparer.Ordinal)));
        Assert.Equal(taken.Order(StringComparer.Ordinal), Objects(Schema).Select(o => string.Join(' ', o.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_has_the_bounds_of_numbers()
    {
        var taken = Number().Matches(Source).Select(m => $"{m.Groups["name"].Value} {Plain(m.Groups["otherwise"].Value)} {Plain(m.Groups["least"].Value)} {Plain(m.Groups["most"].Value)}");
        Assert.Equal(taken.Order(StringComparer.Ordinal), Objects(Schema).SelectMany(o => o.EnumerateObject()).Where(p => p.Value.TryGetProperty("type", out var type) && type.ToString() == "number")
            .Select(p => $"{p.Name} {p.Value.GetProperty("default")} {p.Value.GetProperty("minimum")} {p.Value.GetProperty("maximum")}").Order(StringComparer.Ordinal));
    }

    private static string Plain(string number) => number.Replace("_", "", StringComparison.Ordinal);

    /// <summary>The properties of all objects that have some.</summary>
    private static IEnumerable<JsonElement> Objects(JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out var properties))
        {
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            yield return properties;
            foreach (var nested in properties.EnumerateObject().SelectMany(p => Objects(p.Value)))
            {
                yield return nested;
            }
        }
        else if (schema.TryGetProperty("items", out var items) || (schema.TryGetProperty("additionalProperties", out items) && items.ValueKind == JsonValueKind.Object))
        {
            foreach (var nested in Objects(items))
            {
                yield return nested;
            }
        }
    }

    [GeneratedRegex(@"(config|peer)\.Expect\([^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expectation();

    [GeneratedRegex("\"(?<text>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Text();

    [GeneratedRegex("""config\.Number\("(?<name>\w+)", (?<otherwise>[\d._]+), (?<least>[\d._]+), (?<most>[\d._]+)\)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
