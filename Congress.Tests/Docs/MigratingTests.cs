using System.Text.RegularExpressions;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Tests.Conformance;

namespace Congress.Tests.Docs;

/// <summary>The examples of docs/migrating-from-congress.md do what the page says.</summary>
public sealed partial class MigratingTests
{
    private static readonly string[][] Examples =
        [.. Blocks().Matches(Repository.Read("docs/migrating-from-congress.md").ReplaceLineEndings("\n"))
            .Select(m => (string[])[m.Groups["kind"].Value, .. m.Groups["lines"].Value.TrimEnd('\n').Split('\n')])];

    public static TheoryData<string> Texts => [.. Examples.Select(e => e[1])];

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_example_does_what_the_page_says(string text)
    {
        var example = Examples.Single(e => e[1] == text);
        using var engine = new PolicyEngine();
        engine.CreateDatasource("nova", [new("s", "id", "name", "status")]);
        engine.Insert("nova:s", 1, "a", "up");
        engine.Insert("nova:s", 2, "b", "down");
        engine.CreatePolicy("t", example[0].Length == 0 ? PolicyKind.Nonrecursive : Enum.Parse<PolicyKind>(example[0], ignoreCase: true));

        var result = engine.Apply(new PolicyBatch().InsertRules(text, "t"));
        foreach (var line in example[2..])
        {
            if (line.StartsWith("// refused: ", StringComparison.Ordinal))
            {
                Assert.False(result.Permitted, "the text is accepted");
                Assert.Contains(result.Diagnostics, d => d.Severity == DiagnosticSeverity.Error && line.EndsWith(d.Id, StringComparison.Ordinal));
                continue;
            }

            Assert.True(result.Permitted, string.Join('\n', result.Diagnostics));
            if (line.StartsWith("// warns: ", StringComparison.Ordinal))
            {
                Assert.Contains(result.Diagnostics, d => line.EndsWith(d.Id, StringComparison.Ordinal));
                continue;
            }

            Ask(engine, Question().Match(line));
        }
    }

    [Fact]
    public void The_page_has_examples() => Assert.True(Examples.Length > 30, $"{Examples.Length} examples");

    private static void Ask(PolicyEngine engine, Match line)
    {
        var (query, answer) = (line.Groups["query"].Value, line.Groups["answer"].Value.Trim());
        if (answer.StartsWith("refused: ", StringComparison.Ordinal))
        {
            var refusal = Assert.Throws<PolicyException>(() => engine.Query(query, "t"));
            Assert.Contains(refusal.Diagnostics, d => answer.EndsWith(d.Id, StringComparison.Ordinal));
            return;
        }

        // The page leaves out the body of an instance of a rule.
        var expected = BetweenAtoms().Split(answer).Where(a => a.Length > 0).Select(CaseText.Canonical);
        SingleCase.ExpectSame(expected, engine.Query(query, "t").Instances.Select(i => CaseText.Canonical(i.Split(" :- ")[0])));
    }

    [GeneratedRegex(@"```datalog ?(?<kind>\w*)\n(?<lines>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Blocks();

    [GeneratedRegex("^\\?- (?<query>.*?) *//(?<answer>.*)$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Question();

    [GeneratedRegex(@"(?<=[)\]]), ", RegexOptions.None, 5000)]
    private static partial Regex BetweenAtoms();
}
