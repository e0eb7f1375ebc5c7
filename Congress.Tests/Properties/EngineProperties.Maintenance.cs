using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>What must hold for tables that are kept up to date.</summary>
internal static partial class EngineProperties
{
    /// <summary>After every change, each table that is kept is what the naive evaluator computes, whoever comes or goes to depend on tables.</summary>
    public static Verdict KeptTablesAreExact(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start, largeChange: random.Next(4) == 0 ? 3 : 1000);
        var kept = new List<(TableName[] Tables, IDisposable Maintenance)>();
        void Keep(IEnumerable<TableName> tables)
        {
            TableName[] chosen = [.. tables];
            kept.Add((chosen, engine.Engine.Maintain(chosen.Select(t => t.ToString()))));
        }

        Keep(random.Next(2) == 0 ? program.Tables : program.Tables.Where(_ => random.Next(3) == 0));
        var state = program.Start;
        for (var i = 0; i < program.Batches.Length; i++)
        {
            if (random.Next(4) == 0)
            {
                Keep([program.Tables[random.Next(program.Tables.Length)]]);
            }

            if (random.Next(6) == 0)
            {
                kept[0].Maintenance.Dispose();
                kept.RemoveAt(0);
                Keep(program.Tables.Where(_ => random.Next(2) == 0));
            }

            engine.Apply(program.Batches[i]);
            state = program.Batches[i].Aggregate(state, (s, change) => s.After(change));
            var tables = kept.SelectMany(k => k.Tables).Distinct().ToArray();
            var rows = Array.ConvertAll(tables, engine.Read);
            var naive = state.Evaluate();
            foreach (var (table, found) in tables.Zip(rows))
            {
                Verdict.Same($"{table} after batch {i}", naive.RowsOf(table), found);
            }
        }

        AnswersAs(program, state, engine, "at the end");
    });
}
