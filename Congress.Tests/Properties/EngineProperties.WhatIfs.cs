using Congress.Data;
using Congress.Policies;

namespace Congress.Tests.Properties;

/// <summary>What must hold for what-ifs.</summary>
internal static partial class EngineProperties
{
    /// <summary>A what-if answers as the naive evaluator in the state that it supposes, tells exactly what differs, and leaves no trace.</summary>
    public static Verdict WhatIfsAreExact(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        var watched = program.Tables.OrderBy(_ => random.Next()).Take(2).ToArray();
        var violations = watched.Zip(["error", "warning"]).ToDictionary(t => new TableName(t.First.Policy, t.Second), t => t.First);
        var state = program.Start with { Rules = program.Start.Rules.AddRange(violations.Select(v => Showing(program, v.Key, v.Value))) };
        using var engine = new EngineUnderTest(program, state, o => o with { LargeChange = random.Next(4) == 0 ? 3 : 1000 });
        var kept = program.Tables.Where(_ => random.Next(2) == 0).ToArray();
        engine.Engine.Maintain(kept.Select(t => t.ToString()));
        TablesAre(kept, state, engine, "at the start");
        for (var i = 0; i < program.Batches.Length; i++)
        {
            var (next, naive) = (state.After(program.Batches[i]), state.Evaluate());
            var supposed = EngineUnderTest.BatchOf(program.Batches[i]);
            var answers = program.Tables.OrderBy(_ => random.Next()).Take(2).Select(t => (Table: t, Result: engine.Engine.Simulate().Apply(supposed).Run(Query(program, t), t.Policy))).ToArray();
            var after = next.Evaluate();
            foreach (var (table, result) in answers)
            {
                var (had, has) = (naive.RowsOf(table), after.RowsOf(table));
                SameTexts($"{table} if batch {i} were made", Instances(table, "", has), result.Answers);
                SameTexts($"what batch {i} would change in {table}",
                    Instances(table, "+", has.Except(had)).Concat(Instances(table, "-", had.Except(has))), result.Delta);
            }

            var preview = engine.Engine.Preview(supposed);
            Verdict.Same($"what batch {i} would violate", Rows(violations, after, naive), Rows(preview.Appeared));
            Verdict.Same($"what batch {i} would clear", Rows(violations, naive, after), Rows(preview.Cleared));
            TablesAre(kept, state, engine, $"after batch {i} was only supposed");
            engine.Apply(program.Batches[i]);
            state = next;
            TablesAre(kept, state, engine, $"after batch {i}");
        }
    });

    /// <summary>A rule that gives one table the rows of another.</summary>
    private static GivenRule Showing(RandomProgram program, TableName head, TableName table)
    {
        var variables = string.Join(", ", Enumerable.Range(0, program.Arity(table)).Select(i => $"x{i}"));
        return new(head.Policy, $"{head.Table}({variables}) :- {table}({variables})");
    }

    private static string Query(RandomProgram program, TableName table) => $"{table}({string.Join(", ", Enumerable.Range(0, program.Arity(table)).Select(i => $"x{i}"))})";

    private static IEnumerable<string> Instances(TableName table, string sign, IEnumerable<Row> rows) => rows.Select(r => $"{table}{sign}{r}");

    private static void SameTexts(string what, IEnumerable<string> expected, IReadOnlyList<string> actual)
    {
        var texts = actual.ToHashSet(StringComparer.Ordinal);
        Verdict.Same(what, expected.ToHashSet(StringComparer.Ordinal), texts);
        Assert.Equal(texts.Count, actual.Count);
    }

    /// <summary>The violations of one state that are not in the other.</summary>
    private static HashSet<GivenRow> Rows(Dictionary<TableName, TableName> violations, NaiveEvaluator state, NaiveEvaluator other) =>
        [.. violations.SelectMany(v => state.RowsOf(v.Value).Except(other.RowsOf(v.Value)).Select(r => new GivenRow(v.Key, r)))];

    private static HashSet<GivenRow> Rows(IReadOnlyList<Violation> violations)
    {
        var rows = violations.Select(v => new GivenRow(v.Table, v.Row)).ToHashSet();
        Assert.Equal(violations.Count, rows.Count);
        return rows;
    }
}
