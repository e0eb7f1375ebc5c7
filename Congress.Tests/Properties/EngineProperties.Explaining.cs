using Congress.Data;
using Congress.Policies.Explaining;

namespace Congress.Tests.Properties;

/// <summary>What must hold for explanations.</summary>
internal static partial class EngineProperties
{
    private const int Asked = 4;   // rows of a table

    /// <summary>Why gives a derivation of least height, every step of which holds; why not has an answer for every other row.</summary>
    public static Verdict ExplanationsHold(RandomProgram program) => ExplanationsHold(program, new());

    /// <inheritdoc cref="ExplanationsHold(RandomProgram)"/>
    /// <param name="program">The program.</param>
    /// <param name="tally">What was explained.</param>
    public static Verdict ExplanationsHold(RandomProgram program, Tally tally) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start);
        var tables = program.Tables.Where(t => !t.IsAction).Select(t => (Table: t, Rows: engine.Read(t).Order().ToArray())).ToArray();
        var naive = program.Start.Evaluate();
        var heights = naive.Heights();
        foreach (var (table, rows) in tables)
        {
            foreach (var row in rows.Length == 0 ? [] : random.GetItems(rows, Asked))
            {
                var derivation = engine.Engine.Why($"{table}{row}", table.Policy);
                Assert.True(derivation is not null, $"{table}{row} is not explained");
                Assert.Null(engine.Engine.WhyNot($"{table}{row}", table.Policy));
                CheckSteps(derivation, program, heights, []);
                tally.Count($"height {Math.Min(derivation.Height, 3)}");
            }

            if (rows.Length > 0)
            {
                var other = new Row([.. Enumerable.Range(0, rows[0].Count).Select(i => random.GetItems(rows, 1)[0][i])]);
                var isThere = rows.Contains(other);
                var absence = engine.Engine.WhyNot($"{table}{other}", table.Policy);
                Assert.Equal(isThere, absence is null);
                Assert.Equal(isThere, engine.Engine.Why($"{table}{other}", table.Policy) is not null);
                Assert.All(absence?.Rules ?? [], a => Assert.True(a.Held < a.Conditions || a.Lacking is null, $"{other}: all conditions of {a.Rule.Text} hold"));
                tally.Count("absences", absence is { Rules.Count: > 0 });
            }
        }
    });

    private static void CheckSteps(Derivation row, RandomProgram program, IReadOnlyDictionary<(TableName, Row), int> heights, HashSet<Derivation> done)
    {
        if (!done.Add(row) || row.Conditions.Any(c => c.More > 0))
        {
            return;   // of a large group only some rows are looked at
        }

        Assert.True(heights[(row.Table, row.Row)] == row.Height, $"{row.Atom} has height {row.Height} and could have {heights[(row.Table, row.Row)]}");
        if (row.Rule is null)
        {
            Assert.Contains(program.Start.Rows, r => r.Table == row.Table && r.Row == row.Row);
            return;
        }

        var below = row.Conditions.SelectMany(c => c.Rows).ToArray();
        Assert.Equal(row.Height, 1 + (below.Length == 0 ? 0 : below.Max(b => b.Height)));
        foreach (var next in below)
        {
            CheckSteps(next, program, heights, done);
        }
    }
}
