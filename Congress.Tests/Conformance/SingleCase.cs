using System.Text.Json;
using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Datasources.Translation;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Explaining;

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

        if (test.Operation == "translate")
        {
            Translate(op, expect);
            return;
        }

        using var engine = CaseEngine.WithPolicies(test.Json);
        CaseEngine.Load(engine, test.Json);
        var policy = CaseEngine.PolicyOf(op, test.Json);
        switch (test.Operation)
        {
            case "query":
                ExpectFacts(engine, policy, op, expect);
                break;
            case "error":
                ExpectRefusal(engine, policy, op);
                break;
            case "steps":
                Steps(engine, op);
                ExpectFacts(engine, policy, op, expect);
                break;
            case "abduce":
                var abductions = engine.Abduce(op.GetProperty("query").GetString()!, op.GetProperty("tables").Texts(), policy);
                ExpectSame(expect.GetProperty("rules").Texts().Select(CaseText.UpToNames), abductions.Select(a => CaseText.UpToNames(a.ToString())));
                break;
            case "find_subpolicy":
                var rules = engine.FindSubpolicy(op.Get("required")?.Texts() ?? [], op.Get("prohibited")?.Texts() ?? [], op.Get("outputs")?.Texts() ?? [], policy);
                ExpectSame(expect.GetProperty("rules").Texts().Select(CaseText.Canonical), rules.Select(CaseText.Canonical));
                break;
            case "simulate":
                ExpectSimulation(engine, policy, op, expect);
                break;
            case "triggers":
                var fires = 0;
                using (engine.OnChange($"{policy}:{op.GetProperty("table").GetString()}", _ => fires++))
                {
                    Steps(engine, op);
                }

                Assert.Equal(expect.GetProperty("fires").GetInt32(), fires);
                break;
            case "execute-log":
                var calls = new List<ActionCall>();
                using (engine.OnAction(null, calls.Add))
                {
                    Steps(engine, op);
                }

                Assert.Equal(
                    expect.GetProperty("calls").EnumerateArray().Select(c => $"{c[0]}:{c[1]}{new Row([.. c[2].EnumerateArray().Select(CaseEngine.ValueOf)])}"),
                    calls.Select(c => $"{c.Name}{c.Arguments}"), StringComparer.Ordinal);
                break;
            case "explain":
                ExpectProof(op.GetProperty("query").GetString()!, engine.Why(op.GetProperty("query").GetString()!, policy), expect.GetProperty("proof"));
                break;
            case "sequenced":
                SequencedCase.Deliver(engine, op);
                ExpectFacts(engine, policy, op, expect);
                break;
            default:
                Assert.Fail($"no runner for {test.Operation}");
                break;
        }
    }

    /// <summary>Inserts or deletes a text.</summary>
    /// <returns>Whether that was permitted.</returns>
    public static bool Apply(PolicyEngine engine, string operation, string? policy, string text) =>
        engine.Apply(operation == "insert" ? new PolicyBatch().InsertRules(text, policy) : new PolicyBatch().DeleteRules(text, policy)).Permitted;

    /// <summary>The instances of a query. One that we refuse, as of a wrong number of columns, has none: the reference,
    /// which checks no query, answers the same with nothing.</summary>
    public static IEnumerable<string> Select(PolicyEngine engine, string query, string? policy)
    {
        try
        {
            return engine.Query(query, policy).Instances;
        }
        catch (PolicyException e) when (!Parser.Parse(query).HasErrors && e.Diagnostics.All(d => (int)d.Code < 300))
        {
            return [];
        }
    }

    public static void ExpectSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), actual.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>The answers to a what-if; null when it fails.</summary>
    public static IReadOnlyList<string>? Simulate(PolicyEngine engine, string? policy, JsonElement op)
    {
        var isDelta = op.Get("delta")?.GetBoolean() == true;
        try
        {
            var result = engine.Simulate().Sequence(op.GetProperty("sequence").GetString()!, op.GetProperty("action_policy").GetString(), policy)
                .Run(op.GetProperty("query").GetString()!, policy);
            return isDelta ? result.Delta : result.Answers;
        }
        catch (PolicyException)
        {
            return null;
        }
    }

    private static void Steps(PolicyEngine engine, JsonElement op)
    {
        foreach (var step in op.GetProperty("steps").EnumerateArray())
        {
            Apply(engine, step[0].GetString()!, step[1].GetString(), step[2].GetString()!);
        }
    }

    private static void ExpectSimulation(PolicyEngine engine, string? policy, JsonElement op, JsonElement expect)
    {
        var before = Snapshot(engine);
        var answers = Simulate(engine, policy, op);
        if (expect.Get("facts") is not { } facts)
        {
            Assert.True(answers is null, "the reference refuses this sequence");
        }
        else
        {
            Assert.NotNull(answers);
            ExpectSame(facts.Texts().Select(CaseText.Answer), answers.Select(CaseText.Answer));
        }

        Assert.Equal(before, Snapshot(engine));
    }

    private static void Parse(JsonElement op, JsonElement expect)
    {
        var parsed = Parser.Parse(op.GetProperty("text").GetString()!);
        if (expect.Get("statements") is not { } statements)
        {
            Assert.True(parsed.HasErrors, "the reference rejects this text");
            return;
        }

        Assert.DoesNotContain(parsed.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal(statements.Texts().Select(CaseText.InOrder), parsed.Statements.Select(s => CaseText.InOrder(s.ToString())), StringComparer.Ordinal);
    }

    private static void Translate(JsonElement op, JsonElement expect)
    {
        var translator = Translator.Parse(op.GetProperty("translator"));
        var rows = new TranslatedRows(translator.Tables);
        translator.Translate(op.GetProperty("object"), rows);
        ExpectSame(
            expect.GetProperty("rows").EnumerateArray().Select(r => $"{r[0]}{new Row([.. r[1].EnumerateArray().Select(CaseEngine.ValueOf)])}"),
            rows.Tables.SelectMany(table => table.Value.Select(row => $"{table.Key}{row}")));
    }

    private static void ExpectProof(string row, Derivation? derivation, JsonElement proof)
    {
        if (proof.ValueKind == JsonValueKind.Null)
        {
            Assert.Null(derivation);
            return;
        }

        Assert.NotNull(derivation);
        Assert.Equal(CaseText.Canonical(proof[0].GetString()!), CaseText.Canonical(row));
        var below = derivation.Conditions.SelectMany(c => c.Rows).ToArray();
        Assert.Equal(proof.GetArrayLength() - 1, below.Length);
        for (var i = 0; i < below.Length; i++)
        {
            ExpectProof($"{below[i].Table.Table}{below[i].Row}", below[i], proof[i + 1]);
        }
    }

    private static void ExpectFacts(PolicyEngine engine, string? policy, JsonElement op, JsonElement expect)
    {
        var answers = op.GetProperty("query").Texts().SelectMany(q => Select(engine, q, policy));
        ExpectSame(expect.GetProperty("facts").Texts().Select(CaseText.Answer), answers.Select(CaseText.Answer));
    }

    private static void ExpectRefusal(PolicyEngine engine, string? policy, JsonElement op)
    {
        var before = Snapshot(engine);
        foreach (var operation in new[] { "insert", "delete" })
        {
            if (op.Get(operation)?.GetString() is { } text)
            {
                Assert.False(Apply(engine, operation, policy, text), $"the reference refuses: {text}");
            }
        }

        Assert.Equal(before, Snapshot(engine));
    }

    private static List<string> Snapshot(PolicyEngine engine) =>
        [.. engine.Rules.Select(r => r.ToString()), .. engine.Policies.SelectMany(p => engine.FindSubpolicy([], [], [], p.Name))];
}
