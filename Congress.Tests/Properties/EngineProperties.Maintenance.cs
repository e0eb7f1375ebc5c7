using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>What must hold for tables that are kept up to date.</summary>
internal static partial class EngineProperties
{
    /// <summary>After every change, each table that is kept is what the naive evaluator computes, whoever comes or goes to depend on tables.</summary>
    public static Verdict KeptTablesAreExact(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start, o => o with { LargeChange = random.Next(4) == 0 ? 3 : 1000 });
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
            state = state.After(program.Batches[i]);
            TablesAre(kept.SelectMany(k => k.Tables).Distinct(), state, engine, $"after batch {i}");
        }

        AnswersAs(program, state, engine, "at the end");
    });

    /// <summary>What the changes of all batches come to ends in the same tables, made one by one in any order, in any batches, or all at once.</summary>
    public static Verdict ChangesComeInAnyOrder(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        var end = program.Start.After(program.Batches.SelectMany(b => b));
        var changes = Difference(program.Start, end).ToArray();
        IEnumerable<Change[]>[] orders = [[changes], Shuffled(changes, random).Chunk(1), Shuffled(changes, random).Chunk(random.Next(2, 5))];
        foreach (var (order, batches) in orders.Index())
        {
            using var engine = new EngineUnderTest(program, program.Start);
            engine.Engine.Maintain(program.Tables.Where(_ => order == 0 || random.Next(4) > 0).Select(t => t.ToString()));
            foreach (var batch in batches)
            {
                engine.Apply(batch);
            }

            TablesAre(program.Tables, end, engine, $"in order {order}");
        }
    });

    /// <summary>Fails when tables are not what the naive evaluator computes.</summary>
    private static void TablesAre(IEnumerable<TableName> tables, ProgramState state, EngineUnderTest engine, string when)
    {
        var rows = tables.Select(t => (Table: t, Found: engine.Read(t))).ToArray();   // the engine first, as it knows when a program is too large
        var naive = state.Evaluate();
        foreach (var (table, found) in rows)
        {
            Verdict.Same($"{table} {when}", naive.RowsOf(table), found);
        }
    }

    private static IEnumerable<Change> Difference(ProgramState start, ProgramState end) =>
    [
        .. end.Rows.Except(start.Rows).Select(r => new Change(true, r, null)),
        .. start.Rows.Except(end.Rows).Select(r => new Change(false, r, null)),
        .. end.Rules.ExceptBy(start.Rules.Select(r => r.Key), r => r.Key).Select(r => new Change(true, null, r)),
        .. start.Rules.ExceptBy(end.Rules.Select(r => r.Key), r => r.Key).Select(r => new Change(false, null, r)),
    ];
}
