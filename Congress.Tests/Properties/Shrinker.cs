using System.Collections.Immutable;
using Congress.Datalog.Syntax;

namespace Congress.Tests.Properties;

/// <summary>Makes a failing program small: drops batches, changes, rules, rows and literals for as long as it still fails.</summary>
internal static class Shrinker
{
    public static RandomProgram Shrink(RandomProgram program, Func<RandomProgram, bool> fails)
    {
        for (var attempts = 0; attempts < 4000;)
        {
            var smaller = Smaller(program).TakeWhile(_ => attempts++ < 4000).FirstOrDefault(fails);
            if (smaller is null)
            {
                return program;
            }

            program = smaller;
        }

        return program;
    }

    private static IEnumerable<RandomProgram> Smaller(RandomProgram program)
    {
        foreach (var batch in program.Batches)
        {
            yield return program with { Batches = program.Batches.Remove(batch) };
        }

        for (var i = 0; i < program.Batches.Length; i++)
        {
            foreach (var change in program.Batches[i])
            {
                yield return program with { Batches = program.Batches.SetItem(i, program.Batches[i].Remove(change)) };
            }
        }

        foreach (var rule in program.Start.Rules.Where(r => r.Statement is Formula))
        {
            yield return program with { Start = program.Start with { Rules = program.Start.Rules.Remove(rule) } };
        }

        foreach (var row in program.Start.Rows)
        {
            yield return program with { Start = program.Start with { Rows = program.Start.Rows.Remove(row) } };
        }

        foreach (var rule in program.Start.Rules.Where(r => r.Statement is Formula))
        {
            foreach (var shorter in Shorter(rule))
            {
                yield return program with { Start = program.Start with { Rules = program.Start.Rules.Replace(rule, shorter) } };
            }
        }
    }

    private static IEnumerable<GivenRule> Shorter(GivenRule rule) => rule.Statement is Formula { Body.Count: > 1 } formula
        ? Enumerable.Range(0, formula.Body.Count).Select(i =>
            new GivenRule(rule.Policy, (formula with { Body = new([.. formula.Body.Where((_, at) => at != i)]) }).ToString()))
        : [];
}
