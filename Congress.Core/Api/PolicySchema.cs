using System.Text.Json;
using Congress.Policies.Library;

namespace Congress.Api;

/// <summary>The form of a policy with rules, in a request for one and in the library.</summary>
internal static class PolicySchema
{
    private static readonly string[] Kinds = ["nonrecursive", "recursive", "action", "database", "materialized", "datasource", "z3"];

    /// <summary>Checks a policy.</summary>
    /// <exception cref="ApiException">It is formed otherwise; the error's data say where, and what was expected.</exception>
    public static void Check(ApiBody body)
    {
        Text(body.Find("name"), "name", 1, 255, isRequired: true);
        Text(body.Find("abbreviation"), "abbreviation", 1, 5);
        Text(body.Find("description"), "description", 0, 1_000_000);
        Text(body.Find("kind"), "kind", 1, 255);
        if (body.Find("kind") is { } kind && !Kinds.Contains(kind.GetString(), StringComparer.OrdinalIgnoreCase))
        {
            throw Wrong($"kind: '{kind.GetString()}' is not one of {string.Join(", ", Kinds)}");
        }

        if (body.Find("rules") is not { ValueKind: JsonValueKind.Array } rules)
        {
            throw Wrong("rules: expected an array of objects");
        }

        var index = 0;
        foreach (var rule in rules.EnumerateArray())
        {
            if (rule.ValueKind != JsonValueKind.Object)
            {
                throw Wrong($"rules[{index}]: expected an object");
            }

            Text(Member(rule, "rule"), $"rules[{index}].rule", 0, 1_000_000, isRequired: true);
            Text(Member(rule, "name"), $"rules[{index}].name", 0, 255, mayBeNull: true);
            Text(Member(rule, "comment"), $"rules[{index}].comment", 0, 255, mayBeNull: true);
            index++;
        }
    }

    /// <summary>The rules of a policy that has been checked; none when it has no member for them.</summary>
    public static IReadOnlyList<LibraryRule> RulesOf(ApiBody body) => body.Find("rules") is not { ValueKind: JsonValueKind.Array } rules ? []
        : [.. rules.EnumerateArray().Select(r => new LibraryRule(r.GetProperty("rule").GetString()!, Member(r, "name")?.GetString(), Member(r, "comment")?.GetString()))];

    private static JsonElement? Member(JsonElement rule, string name) => rule.TryGetProperty(name, out var value) ? value : null;

    private static void Text(JsonElement? value, string place, int least, int most, bool isRequired = false, bool mayBeNull = false)
    {
        if (value is not { } found || (mayBeNull && found.ValueKind == JsonValueKind.Null))
        {
            if (isRequired)
            {
                throw Wrong($"{place}: is missing; expected a text");
            }
        }
        else if (found.ValueKind != JsonValueKind.String)
        {
            throw Wrong($"{place}: expected a text");
        }
        else if (found.GetString()!.Length is var length && (length < least || length > most))
        {
            throw Wrong($"{place}: has {length} characters; expected {least} to {most}");
        }
    }

    private static ApiException Wrong(string what) => new(ApiError.BadInput, "Input policy item violates schema.", what);
}
