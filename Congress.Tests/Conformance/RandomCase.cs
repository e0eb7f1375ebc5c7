using System.Text.Json;

namespace Congress.Tests.Conformance;

/// <summary>Runs a case of the format of <c>congress-random.jsonl</c>: a random program, then operations, each with its answer.</summary>
internal static class RandomCase
{
    public static void Run(JsonElement test)
    {
        using var engine = CaseEngine.WithPolicies(test);
        CaseEngine.Load(engine, test);
        var log = new List<string>();
        using var logging = engine.OnAction(null, call => log.Add($"Executing {call.Name}({string.Join(", ", call.Arguments.Select(v => v.ToPlainText()))})"));
        var number = 0;
        foreach (var (op, expect) in test.GetProperty("ops").EnumerateArray().Zip(test.GetProperty("expect").EnumerateArray()))
        {
            var kind = op.GetProperty("op").GetString()!;
            Judge(engine, log, kind, CaseEngine.PolicyOf(op, test), op, expect, $"operation {number}: {op}");

            number++;
        }
    }

    private static void Judge(PolicyEngine engine, List<string> log, string kind, string? policy, JsonElement op, JsonElement expect, string where)
    {
        if (kind == "select")
        {
            var answer = SingleCase.Select(engine, op.GetProperty("query").GetString()!, policy);
            Same(expect.Texts().Select(CaseText.Answer), answer.Select(CaseText.Answer), where);
            return;
        }

        if (kind == "simulate")
        {
            var answers = SingleCase.Simulate(engine, policy, op);
            Assert.True(answers is not null, $"{where}\nis refused");
            Same(expect.Texts().Select(CaseText.Answer), answers!.Select(CaseText.Answer), where);
            return;
        }

        if (kind == "execlog")
        {
            Same(expect.Texts(), log, where);
            log.Clear();
            return;
        }

        Assert.True(expect.GetProperty("permitted").GetBoolean() == SingleCase.Apply(engine, kind, policy, op.GetProperty("formula").GetString()!), where);
    }

    private static void Same(IEnumerable<string> expected, IEnumerable<string> actual, string where)
    {
        (expected, actual) = (expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        Assert.True(expected.SequenceEqual(actual, StringComparer.Ordinal),
            $"{where}\nexpected {string.Join(" ", expected)}\nactual   {string.Join(" ", actual)}");
    }
}
