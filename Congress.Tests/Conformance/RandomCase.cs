using System.Text.Json;

namespace Congress.Tests.Conformance;

/// <summary>Runs a case of the format of <c>congress-random.jsonl</c>: a random program, then operations, each with its answer.</summary>
internal static class RandomCase
{
    public static void Run(JsonElement test, Func<string, bool> isNotYetDue)
    {
        using var engine = CaseEngine.WithPolicies(test);
        CaseEngine.Load(engine, test);
        var number = 0;
        foreach (var (op, expect) in test.GetProperty("ops").EnumerateArray().Zip(test.GetProperty("expect").EnumerateArray()))
        {
            var kind = op.GetProperty("op").GetString()!;
            if (!isNotYetDue(kind))
            {
                Judge(engine, kind, CaseEngine.PolicyOf(op, test), op, expect, $"operation {number}: {op}");
            }

            number++;
        }
    }

    private static void Judge(PolicyEngine engine, string kind, string? policy, JsonElement op, JsonElement expect, string where)
    {
        if (kind == "select")
        {
            var answer = SingleCase.Select(engine, op.GetProperty("query").GetString()!, policy);
            var (expected, actual) = (expect.Texts().Select(CaseText.Answer).Order(StringComparer.Ordinal), answer.Select(CaseText.Answer).Order(StringComparer.Ordinal));
            Assert.True(expected.SequenceEqual(actual, StringComparer.Ordinal),
                $"{where}\nexpected {string.Join(" ", expected)}\nactual   {string.Join(" ", actual)}");
            return;
        }

        Assert.True(expect.GetProperty("permitted").GetBoolean() == SingleCase.Apply(engine, kind, policy, op.GetProperty("formula").GetString()!), where);
    }
}
