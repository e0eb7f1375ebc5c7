using System.Text.Json;
using System.Text.RegularExpressions;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.Conformance;

/// <summary>Runs a case of the format of <c>congress-cases.jsonl</c>.</summary>
internal static class SingleCase
{
    public static void Run(ConformanceCase test)
    {
        var (op, expect) = (test.Json.GetProperty("op"), test.Json.GetProperty("expect"));
        if (test.Operation == "parse")
        {
            Parse(op, expect);
            return;
        }

        using var engine = CaseEngine.WithPolicies(test.Json);
        CaseEngine.Load(engine, test.Json);
        switch (test.Operation)
        {
            case "query":
                ExpectFacts(engine, op, expect);
                break;
            case "error":
                ExpectRefusal(engine, op);
                break;
            case "steps":
                foreach (var step in op.GetProperty("steps").EnumerateArray())
                {
                    Apply(engine, step[0].GetString()!, step[1].GetString()!, step[2].GetString()!);
                }

                ExpectFacts(engine, op, expect);
                break;
            case "abduce":
                var abductions = engine.Abduce(op.GetProperty("query").GetString()!, op.GetProperty("tables").Texts(), op.GetProperty("policy").GetString());
                ExpectSame(expect.GetProperty("rules").Texts().Select(UpToNames), abductions.Select(a => UpToNames(a.ToString())));
                break;
            case "find_subpolicy":
                var rules = engine.FindSubpolicy(op.GetProperty("required").Texts(), op.GetProperty("prohibited").Texts(),
                    op.GetProperty("outputs").Texts(), op.GetProperty("policy").GetString());
                ExpectSame(expect.GetProperty("rules").Texts().Select(Canonical), rules.Select(Canonical));
                break;
            default:
                Assert.Fail($"no runner for {test.Operation}");
                break;
        }
    }

    /// <summary>Inserts or deletes a text.</summary>
    /// <returns>Whether that was permitted.</returns>
    public static bool Apply(PolicyEngine engine, string operation, string policy, string text) =>
        engine.Apply(operation == "insert" ? new PolicyBatch().InsertRules(text, policy) : new PolicyBatch().DeleteRules(text, policy)).Permitted;

    public static void ExpectSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), actual.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>A statement as our printer writes it.</summary>
    public static string Canonical(string text)
    {
        var parsed = Parser.Parse(text);
        Assert.False(parsed.HasErrors, $"{text}: {string.Join("; ", parsed.Diagnostics)}");
        return Assert.Single(parsed.Statements) is Formula formula ? formula.Identity : parsed.Statements[0].ToString();
    }

    private static void Parse(JsonElement op, JsonElement expect)
    {
        var parsed = Parser.Parse(op.GetProperty("text").GetString()!);
        if (expect.TryGetProperty("error_contains", out _))
        {
            Assert.True(parsed.HasErrors, "the reference rejects this text");
            return;
        }

        Assert.DoesNotContain(parsed.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal(expect.GetProperty("statements").Texts().Select(s => Parser.Parse(s).Statements.Single().ToString()),
            parsed.Statements.Select(s => s.ToString()), StringComparer.Ordinal);
    }

    private static void ExpectFacts(PolicyEngine engine, JsonElement op, JsonElement expect)
    {
        var answer = engine.Query(op.GetProperty("query").GetString()!, op.GetProperty("policy").GetString());
        ExpectSame(expect.GetProperty("facts").Texts().Select(Canonical), answer.Instances.Select(Canonical));
    }

    private static void ExpectRefusal(PolicyEngine engine, JsonElement op)
    {
        var before = Snapshot(engine);
        var text = op.GetProperty("insert").GetString()!;
        Assert.False(Apply(engine, "insert", op.GetProperty("policy").GetString()!, text), $"the reference refuses: {text}");
        Assert.Equal(before, Snapshot(engine));
    }

    private static List<string> Snapshot(PolicyEngine engine) =>
        [.. engine.Rules.Select(r => r.ToString()), .. engine.Policies.SelectMany(p => engine.FindSubpolicy([], [], [], p.Name))];

    /// <summary>A rule with its variables named by order of appearance, so that two spellings of one answer are equal.</summary>
    private static string UpToNames(string rule)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        return Regex.Replace(Canonical(rule), "\"(?:[^\"\\\\]|\\\\.)*\"|(?<=[(,=] ?)[A-Za-z_]\\w*(?=[,)])", m =>
            m.Value[0] == '"' || m.Value is "true" or "false" or "null" ? m.Value
            : names.TryGetValue(m.Value, out var name) ? name : names[m.Value] = $"v{names.Count}", RegexOptions.None, TimeSpan.FromSeconds(5));
    }
}
