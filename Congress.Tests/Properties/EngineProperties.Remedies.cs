using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Policies.Explaining;

namespace Congress.Tests.Properties;

/// <summary>What must hold for remedies.</summary>
internal static partial class EngineProperties
{
    private const int MostGiven = 10;   // rows that may be taken away; all pairs of them are tried

    /// <summary>Each remedy takes the row away and needs all its steps; and of the sets of one or two rows whose deletion does, none is missing.</summary>
    /// <param name="program">The program.</param>
    /// <param name="tally">What was found.</param>
    public static Verdict RemediesHelp(RandomProgram program, Tally tally) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        var given = program.Start.Rows.Where(r => !r.Table.IsAction).OrderBy(_ => random.Next()).Take(MostGiven).ToArray();
        var state = program.Start with
        {
            Rows = GivenRow.None.Union(given),
            Rules = program.Start.Rules.RemoveAll(r => r.Statement is Formula f && f.Head.Terms.Any(t => t is Aggregate)),
        };
        using var engine = new EngineUnderTest(program, state);
        var rows = program.Derived.Where(t => !t.IsAction).SelectMany(t => engine.Read(t).Order().Select(r => new GivenRow(t, r))).Where(r => !given.Contains(r)).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        var row = random.GetItems(rows, 1)[0];
        var options = new RemedyOptions { Changeable = [.. given.Select(r => r.Table).Distinct().Select(t => t.ToString())], Budget = TimeSpan.FromMinutes(1) };
        var remedies = engine.Engine.Remedies($"{row.Table}{row.Row}", options, row.Table.Policy)!;
        Assert.True(remedies.IsComplete);
        bool HoldsAfter(IEnumerable<string> steps)
        {
            var sequence = string.Join(' ', steps);
            return engine.Engine.Simulate().Sequence(sequence, null, row.Table.Policy).Run($"{row.Table}{row.Row}", row.Table.Policy).Answers.Count > 0;
        }

        foreach (var remedy in remedies.Found)
        {
            Assert.False(HoldsAfter(remedy.Steps), $"{remedy} does not help against {row}");
            Assert.All(remedy.Steps, step => Assert.True(HoldsAfter(remedy.Steps.Where(s => s != step)), $"{remedy} does not need {step}"));
            tally.Count($"of {remedy.Steps.Count}");
            tally.Count("inserting", remedy.Steps.Any(s => s.Contains("+(", StringComparison.Ordinal)));
        }

        bool IsThere(params GivenRow[] without) => (state with { Rows = state.Rows.Except(without) }).Evaluate().RowsOf(row.Table).Contains(row.Row);
        string Step(GivenRow r) => $"{r.Table.In(row.Table.Policy)}-{r.Row}";
        var helpful = given.Where(r => !IsThere(r)).ToHashSet();
        var others = given.Where(r => !helpful.Contains(r)).ToArray();
        var pairs = others.SelectMany((first, i) => others.Skip(i + 1).Select(second => new[] { first, second })).Where(pair => !IsThere(pair));
        var found = remedies.Found.Select(r => string.Join(' ', r.Steps.Order(StringComparer.Ordinal))).ToHashSet(StringComparer.Ordinal);
        foreach (var wanted in helpful.Select(r => new[] { r }).Concat(pairs))
        {
            var text = string.Join(' ', wanted.Select(Step).Order(StringComparer.Ordinal));
            Assert.True(found.Contains(text), $"{text} helps against {row} and is not found, only {string.Join(" | ", found)}");
            tally.Count("by deletion");
        }
    });
}
