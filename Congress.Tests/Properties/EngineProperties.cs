using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>What must hold for the engine on every program; the mutants are judged by these, too.</summary>
internal static partial class EngineProperties
{
    /// <summary>Every table of a new engine is what the naive evaluator computes.</summary>
    public static Verdict FromScratch(RandomProgram program) => Verdict.Of(() =>
    {
        using var engine = new EngineUnderTest(program, program.Start);
        var tables = program.Tables.ToArray();
        new Random(program.Seed).Shuffle(tables);
        var rows = tables.Select(engine.Read).ToArray();   // the engine first, as it knows when a program is too large
        var naive = program.Start.Evaluate();
        foreach (var (table, found) in tables.Zip(rows))
        {
            Verdict.Same(table.ToString(), naive.RowsOf(table), found);
        }
    });

    /// <summary>After changes, with some tables read in between, an engine answers as a new one and as the naive evaluator.</summary>
    public static Verdict AfterChanges(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start);
        var (state, checkAt) = (program.Start, random.Next(program.Batches.Length + 1));
        for (var i = 0; i < program.Batches.Length; i++)
        {
            for (var reads = random.Next(3); reads > 0; reads--)
            {
                engine.Read(program.Tables[random.Next(program.Tables.Length)]);
            }

            engine.Apply(program.Batches[i]);
            state = state.After(program.Batches[i]);
            if (i == checkAt || i == program.Batches.Length - 1)
            {
                AnswersAs(program, state, engine, $"after batch {i}");
            }
        }
    });

    /// <summary>Fails when the engine does not answer as a new one in the same state, and as the naive evaluator.</summary>
    public static void AnswersAs(RandomProgram program, ProgramState state, EngineUnderTest engine, string when)
    {
        using var fresh = new EngineUnderTest(program, state);
        var rows = program.Tables.Select(t => (Table: t, Fresh: fresh.Read(t), Changed: engine.Read(t))).ToArray();
        var naive = state.Evaluate();
        foreach (var (table, expected, changed) in rows)
        {
            Verdict.Same($"{table} {when}, against a new engine", expected, changed);
            Verdict.Same($"{table} {when}", naive.RowsOf(table), changed);
        }
    }
}
