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
        var engine = new PolicyEngine(new() { DefaultPolicy = "default" });
        foreach (var policy in test.GetProperty("policies").EnumerateArray())
        {
            var name = policy.GetProperty("name").GetString()!;
            var kind = policy.TryGetProperty("kind", out var given) ? Enum.Parse<PolicyKind>(given.GetString()!, ignoreCase: true) : PolicyKind.Nonrecursive;
            if (policy.TryGetProperty("schema", out var schema))
            {
                engine.CreateDatasource(name, schema.EnumerateObject().Select(t =>
                    new TableSchema(t.Name, [.. t.Value.EnumerateArray().Select(c => c.GetString()!)])));
            }
            else
            {
                engine.CreatePolicy(name, kind);
            }
        }

        return engine;
    }

    /// <summary>Loads each policy's rules as one batch, then the rows of <c>data</c>.</summary>
    public static void Load(PolicyEngine engine, JsonElement test)
    {
        foreach (var policy in test.GetProperty("policies").EnumerateArray())
        {
            engine.Apply(new PolicyBatch().InsertRules(policy.GetProperty("rules").GetString()!, policy.GetProperty("name").GetString())).ThrowIfRefused();
        }

        if (!test.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var policy in data.EnumerateObject())
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

    public static Value ValueOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? Value.Of(integer) : Value.Of(json.GetDouble()),
        JsonValueKind.String => Value.Of(json.GetString()),
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        _ => Value.Null,
    };

    public static string[] Texts(this JsonElement json) => [.. json.EnumerateArray().Select(e => e.GetString()!)];
}
