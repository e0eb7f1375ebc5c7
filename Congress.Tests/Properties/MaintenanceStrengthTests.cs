using Congress.Datalog;
using Congress.Datalog.Analysis;
using Congress.Datalog.Builtins;
using Congress.Datalog.Programs;
using Xunit.Abstractions;

namespace Congress.Tests.Properties;

/// <summary>The random changes are strong enough to find something wrong with deltas.</summary>
public sealed class MaintenanceStrengthTests(ITestOutputHelper output)
{
    private static readonly (string What, int AtLeast)[] Wanted =
    [
        ("recursion gains", 100), ("recursion loses", 100), ("recursion keeps a row, higher", 15), ("negation", 100), ("aggregate", 100),
        ("a rule comes", 100), ("a rule goes", 100), ("several changes in one batch", 100), ("computed anew", 30),
    ];

    [Fact]
    public void Deltas_change_kept_tables_in_every_way_that_can_go_wrong()
    {
        var tally = new Tally();
        foreach (var program in Enumerable.Range(0, 500).Select(ProgramGenerator.Generate))
        {
            Verdict.Of(() => Observe(program, tally));
        }

        output.WriteLine($"{tally}");
        Assert.All(Wanted, w => Assert.True(tally[w.What] >= w.AtLeast, $"{w.What} is rare: {tally}"));
    }

    private static void Observe(RandomProgram program, Tally tally)
    {
        var engine = new Engine(BuiltinRegistry.Standard, EngineUnderTest.Limits);
        var request = new EvaluationRequest(default, CancellationToken.None);
        var (name, kind) = program.Policies[0];
        Proposal Propose(Action<Transaction> change) => engine.Propose(change, request);
        engine.Commit(Propose(t => t.CreatePolicy(name, kind)));
        engine.Commit(Propose(t => EngineUnderTest.StartOf(program, program.Start).ApplyTo(t, name, CancellationToken.None)));
        engine.Commit(engine.ProposeDemand(program.Tables, request));
        foreach (var batch in program.Batches)
        {
            var proposal = Propose(t => EngineUnderTest.BatchOf(batch).ApplyTo(t, name, CancellationToken.None));
            foreach (var what in Seen(proposal).Distinct(StringComparer.Ordinal))
            {
                tally.Count(what);
            }

            tally.Count("several changes in one batch", batch.Length > 1 && proposal.Changed.Any());

            engine.Commit(proposal);
        }
    }

    /// <summary>The ways in which a change changes kept tables.</summary>
    private static IEnumerable<string> Seen(Proposal proposal)
    {
        var next = proposal.Change!;
        foreach (var (table, change) in next.Rows.Derived.Where(d => !d.Value.IsEmpty))
        {
            if (change.Replacement is not null)
            {
                yield return "computed anew";
                continue;
            }

            var rules = proposal.Transaction.Program.DefinitionsOf(table);
            var isRecursive = next.Rows.Recursions.ContainsKey(table);
            (string What, bool Happens)[] seen =
            [
                ("recursion gains", isRecursive && change.Inserted.Count > 0),
                ("recursion loses", isRecursive && change.Deleted.Count > 0),
                ("recursion keeps a row, higher", isRecursive && change.Removed.Count > change.Deleted.Count),
                ("negation", rules.Any(r => r.Tables.Any(l => l.Negated && proposal.Changes(l.Table)))),
                ("aggregate", rules.Any(r => next.Groups.TryGetValue(r, out var groups) && !groups.IsNew)),
                ("a rule comes", Changes(proposal.Transaction.AddedRules)),
                ("a rule goes", Changes(proposal.Transaction.RemovedRules)),
            ];
            foreach (var (what, _) in seen.Where(s => s.Happens))
            {
                yield return what;
            }

            bool Changes(IEnumerable<Rule> changed) => changed.Any(r => r.Head == table);
        }
    }
}
