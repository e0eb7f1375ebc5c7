using System.Text.Json;
using Congress.Data;
using Congress.Policies;

namespace Congress.Tests.Conformance;

/// <summary>An engine with the policies and rows of a case.</summary>
internal static class CaseEngine
{
    /// <summary>An engine with the policies that a case names, each with its schema, all empty.</summary>
    public static PolicyEngine WithPolicies(JsonElement test)
    {
        var engine = new PolicyEngine(new() { DefaultPolicy = "default", Actions = ActionMode.Enforce });
        foreach (var policy in PoliciesOf(test))
        {
            var name = policy.GetProperty("name").GetString()!;
            var schema = policy.Get("schema") is { } tables ? tables.EnumerateObject().Select(t => new TableSchema(t.Name, t.Value.Texts())).ToArray() : null;
            var kind = policy.Get("kind") is { } given ? Enum.Parse<PolicyKind>(given.GetString()!, ignoreCase: true)
                : schema is null ? PolicyKind.Nonrecursive : PolicyKind.Datasource;
            if (kind == PolicyKind.Datasource && schema is not null)
            {
                engine.CreateDatasource(name, schema);
                continue;
            }

            if (name != "default")
            {
                engine.CreatePolicy(name, kind);
            }

            engine.InsertRules(string.Join(' ', (schema ?? []).Select(t => $"declare {t}.")), name);
        }

        return engine;
    }

    /// <summary>Loads each policy's rules, a text as one batch and the texts of a list one at a time, then the rows of <c>data</c>.</summary>
    public static void Load(PolicyEngine engine, JsonElement test)
    {
        foreach (var policy in PoliciesOf(test))
        {
            foreach (var text in policy.Get("rules")?.Texts() ?? [])
            {
                engine.Apply(new PolicyBatch().InsertRules(text, policy.GetProperty("name").GetString())).ThrowIfRefused();
            }
        }

        foreach (var policy in test.Get("data")?.EnumerateObject() ?? default)
        {
            foreach (var table in policy.Value.EnumerateObject())
            {
                foreach (var row in table.Value.EnumerateArray())
                {
                    engine.Insert($"{policy.Name}:{table.Name}", [.. row.EnumerateArray().Select(ValueOf)]);
                }
            }
        }
    }

    /// <summary>The policy that an operation names, else the only one of the case.</summary>
    public static string? PolicyOf(JsonElement op, JsonElement test) =>
        op.Get("policy")?.GetString() ?? (PoliciesOf(test).ToArray() is [var only] ? only.GetProperty("name").GetString() : null);

    /// <summary>A property that is there and not null.</summary>
    public static JsonElement? Get(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The texts of a list, or the one text that stands in place of a list.</summary>
    public static string[] Texts(this JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? [json.GetString()!] : [.. json.EnumerateArray().Select(e => e.GetString()!)];

    private static JsonElement.ArrayEnumerator PoliciesOf(JsonElement test) => test.Get("policies")?.EnumerateArray() ?? default;

    public static Value ValueOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? Value.Of(integer) : Value.Of(json.GetDouble()),
        JsonValueKind.String => Value.Of(json.GetString()),
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        _ => Value.Null,
    };
}
