using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Diagnostics;

namespace Congress.Tests.Properties;

/// <summary>What must hold for changes that do not come about.</summary>
internal static partial class EngineProperties
{
    /// <summary>A batch that is refused, cancelled, too large or failed by a builtin leaves all kept tables as they are, and the next one is exact.</summary>
    public static Verdict RollbacksLeaveNoTrace(RandomProgram program) => RollbacksLeaveNoTrace(program, new());

    /// <inheritdoc cref="RollbacksLeaveNoTrace(RandomProgram)"/>
    public static Verdict RollbacksLeaveNoTrace(RandomProgram program, Tally tally) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        var tripwire = new Tripwire();
        var wired = Tripwire.In(program);
        var trap = new GivenRule(program.Policies[0].Name, "trap(x, y, z) :- fuel(x), fuel(y), fuel(z)");
        using var engine = new EngineUnderTest(
            program, wired.Start with { Rules = wired.Start.Rules.Add(trap) }, o => o with { Builtins = BuiltinRegistry.Standard.With(tripwire.Builtin) });
        var kept = program.Tables.Where(_ => random.Next(4) > 0).ToArray();
        engine.Engine.Maintain(kept.Select(t => t.ToString()).Append($"{trap.Policy}:trap"));
        TablesAre(kept, program.Start, engine, "at the start");
        var state = program.Start;
        for (var i = 0; i < program.Batches.Length; i++)
        {
            var before = (Rows: Array.ConvertAll(kept, engine.Read), engine.Engine.Version);
            if (Fails(engine.Engine, wired.Batches[i], tripwire, trap.Policy, random) is { } failure)
            {
                tally.Count(failure);
                Assert.Equal(before.Version, engine.Engine.Version);
                foreach (var (table, rows) in kept.Zip(before.Rows))
                {
                    Verdict.Same($"{table} after batch {i} was stopped ({failure})", rows, engine.Read(table));
                }

                engine.Apply(wired.Batches[i]);
            }

            state = state.After(program.Batches[i]);
            TablesAre(kept, state, engine, $"after batch {i}");
        }

        TablesAre(program.Tables, state, engine, "at the end");
    });

    /// <summary>Tries to make a batch, in which something is wrong.</summary>
    /// <returns>How it failed; null when it was made, as the batch ended before anything could go wrong.</returns>
    private static string? Fails(PolicyEngine engine, IEnumerable<Change> batch, Tripwire tripwire, string policy, Random random)
    {
        using var stop = new CancellationTokenSource();
        var changes = EngineUnderTest.BatchOf(batch);
        var call = 1 + Math.Min(random.Next(16), random.Next(16));
        switch (random.Next(5))
        {
            case 0:
                Assert.False(engine.Apply(changes.Insert("nowhere:t", 1)).Permitted);
                return "refused";
            case 1:
                for (var fuel = 0; fuel < 9; fuel++)
                {
                    changes.Insert($"{policy}:fuel", fuel);
                }

                break;
            case 2:
                tripwire.Set(call, () => throw new InvalidOperationException("the wire"));
                break;
            default:
                tripwire.Set(call, stop.Cancel);
                break;
        }

        try
        {
            Assert.True(engine.Apply(changes, stop.Token).Permitted);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
        catch (PolicyException exception)
        {
            return exception.Diagnostics[0].Code == DiagnosticCode.BuiltinFailed ? "failed" : "too large";
        }
        finally
        {
            tripwire.Unset();
        }
    }
}
