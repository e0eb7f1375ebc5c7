using System.Text.Json;
using Congress.Policies;

namespace Congress.Tests.Conformance;

/// <summary>Runs a case of the format of <c>congress-random.jsonl</c>: a random program, then operations, each with its answer.</summary>
internal static class RandomCase
{
    public static void Run(JsonElement test, Func<string, bool> isNotYetDue)
    {
        using var engine = CaseEngine.WithPolicies(test);
        foreach (var policy in test.GetProperty("policies").EnumerateArray())
        {
            foreach (var rule in policy.GetProperty("rules").Texts())
            {
                engine.Apply(new PolicyBatch().InsertRules(rule, policy.GetProperty("name").GetString())).ThrowIfRefused();
            }
        }

        var number = 0;
        foreach (var (op, expect) in test.GetProperty("ops").EnumerateArray().Zip(test.GetProperty("expect").EnumerateArray()))
        {
            var kind = op.GetProperty("op").GetString()!;
            if (!isNotYetDue(kind))
            {
                Judge(engine, kind, op, expect, $"operation {number}: {op}");
            }

            number++;
        }
    }

    private static void Judge(PolicyEngine engine, string kind, JsonElement op, JsonElement expect, string where)
    {
        var policy = op.GetProperty("policy").GetString()!;
        if (kind == "select")
        {
            var answer = engine.Query(op.GetProperty("query").GetString()!, policy).Instances;
            var (expected, actual) = (expect.Texts().Select(SingleCase.Canonical).Order(StringComparer.Ordinal), answer.Select(SingleCase.Canonical).Order(StringComparer.Ordinal));
            Assert.True(expected.SequenceEqual(actual, StringComparer.Ordinal),
                $"{where}\nexpected {string.Join(" ", expected)}\nactual   {string.Join(" ", actual)}");
            return;
        }

        Assert.True(expect.GetProperty("permitted").GetBoolean() == SingleCase.Apply(engine, kind, policy, op.GetProperty("formula").GetString()!), where);
    }
}
