using System.Collections.Immutable;
using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>What must hold for those who are told of changes.</summary>
internal static partial class EngineProperties
{
    /// <summary>Who replays updates has the table after every change, also one that the clock makes; each change is told once and net, and
    /// a refused one never, whoever else comes and goes.</summary>
    public static Verdict UpdatesReplay(RandomProgram given) => Verdict.Of(() =>
    {
        var random = new Random(given.Seed);
        var (program, time) = (WithClock(given, random), new ManualTime());
        var state = program.Start with { Now = time.GetUtcNow() };
        using var engine = new EngineUnderTest(program, state, o => o with { TimeProvider = time });
        engine.Engine.Maintain(program.Tables.Where(_ => random.Next(4) == 0).Select(t => t.ToString()));
        var naive = Naive(state);
        var followed = new List<FollowedTable>();
        try
        {
            foreach (var table in Shuffled(program.Tables, random).Take(6))
            {
                Follow(table);
            }

            for (var i = 0; i < program.Batches.Length; i++)
            {
                if (random.Next(2) == 0)
                {
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 2000)));
                    state = state with { Now = time.GetUtcNow() };
                    (var when, naive) = (Wake(random.Next(5)), Naive(state));
                    AllAreTold($"at {state.Now:ss.fff} when {when}, before batch {i}");
                }

                engine.Apply(program.Batches[i]);
                state = state.After(program.Batches[i]);
                naive = Naive(state);
                AllAreTold($"after batch {i}");
            }
        }
        finally
        {
            followed.ForEach(f => f.Dispose());
        }

        // What the engine computes it limits; the naive evaluator has to wait for it to say so.
        NaiveEvaluator Naive(ProgramState present)
        {
            _ = program.Tables.Select(engine.Read).Sum(rows => rows.Count);
            return present.Evaluate();
        }

        void Follow(TableName table) => followed.Add(new(engine.Engine, table, naive.RowsOf(table), random.Next(2) == 0));

        void AllAreTold(string when) => followed.ForEach(f => f.IsTold(naive.RowsOf(f.Table), engine.Engine.Version, when));

        // Does something that changes no rows, but finds that time has passed.
        string Wake(int way)
        {
            switch (way)
            {
                case 0:
                    time.Tick();
                    return "the timer fired";
                case 1:
                    engine.Read(program.Tables[0]);
                    return "a table was read";
                case 2 when followed.Count > 0:
                    followed[0].Dispose();
                    followed.RemoveAt(0);
                    return "somebody left";
                case 3:
                    engine.Engine.Maintain(program.Tables[random.Next(program.Tables.Length)].ToString());
                    return "somebody came";
                default:
                    Assert.False(engine.Engine.Apply(EngineUnderTest.BatchOf(program.Batches[0]).Insert("nowhere:t", 1)).Permitted);
                    return "a batch was refused";
            }
        }
    });

    /// <summary>The program with tables that depend on the time, through a join, negation, an aggregate and, where it is allowed, recursion.</summary>
    private static RandomProgram WithClock(RandomProgram program, Random random)
    {
        var (policy, kind) = program.Policies[0];
        TableName Table(string name) => new(policy, name);
        var (joined, negated) = (program.Tables[random.Next(program.Tables.Length)], program.Tables[random.Next(program.Tables.Length)]);
        var columns = string.Concat(Enumerable.Range(0, program.Arity(joined)).Select(i => $"x{i}, "));
        var rules = new List<string>
        {
            $"seen({columns}t) :- {joined}({columns.TrimEnd(',', ' ')}), now(t)",
            $"quiet(t) :- now(t), not {negated}({string.Join(", ", Enumerable.Repeat("_", program.Arity(negated)))})",
            $"times(t, count(t)) :- seen({string.Concat(Enumerable.Repeat("_, ", program.Arity(joined)))}t)",
        };
        var arities = program.Tables.ToImmutableDictionary(t => t, program.Arity)
            .Add(Table("seen"), program.Arity(joined) + 1).Add(Table("quiet"), 1).Add(Table("times"), 2);
        if (kind == PolicyKind.Recursive && program.Tables.FirstOrDefault(t => program.Arity(t) == 2) is { Table: not null } steps)
        {
            rules.Add($"spread(x, t) :- {steps}(x, _), now(t)");
            rules.Add($"spread(y, t) :- spread(x, t), {steps}(x, y)");
            arities = arities.Add(Table("spread"), 2);
        }

        return program with
        {
            Tables = program.Tables.AddRange(arities.Keys.Where(t => !program.Tables.Contains(t)).Order()),
            Arities = arities,
            Start = program.Start with { Rules = program.Start.Rules.AddRange(rules.Select(r => new GivenRule(policy, r))) },
        };
    }
}
