using Xunit.Abstractions;

namespace Congress.Tests.Properties;

/// <summary>The random programs are strong enough to find something.</summary>
public sealed class GeneratorTests(ITestOutputHelper output)
{
    private static readonly string[] Wanted =
    [
        "join", "constant", "repeated variable", "anonymous", "proposition", "negation", "existential negation", "negated proposition", "another policy",
        "declaration", "column reference", "columns left out", "column reference in a head", "comparison", "=", "truth", "builtin", "new builtin",
        "negated builtin", "several results", "linear recursion", "non-linear recursion", "mutual recursion", "row of a derived table",
        "count", "count distinct", "sum", "min", "max", "avg", "arity 0", "arity 1", "arity 2", "arity 3", "arity 4", "arity 5",
    ];

    [Fact]
    public void Most_derived_tables_have_rows_and_each_feature_is_in_a_tenth_of_the_programs()
    {
        var programs = Enumerable.Range(0, 1000).Select(ProgramGenerator.Generate).ToArray();
        var derived = programs.SelectMany(p => Evaluated(p)).ToArray();
        var share = (double)derived.Count(rows => rows > 0) / derived.Length;
        output.WriteLine($"{share:P0} of {derived.Length} derived tables have rows, the largest {derived.Max()}");
        var features = Wanted.ToDictionary(f => f, f => programs.Count(p => p.Features.Contains(f)), StringComparer.Ordinal);
        output.WriteLine(string.Join(", ", features.Select(f => $"{f.Key} {f.Value / 10.0}%")));

        Assert.True(share >= 0.5, "most derived tables are empty");
        Assert.All(features, f => Assert.True(f.Value >= 100, $"{f.Key} is rare"));
    }

    [Fact]
    public void A_seed_stands_for_one_program() =>
        Assert.Equal(ProgramGenerator.Generate(17).ToString(), ProgramGenerator.Generate(17).ToString());

    private static IEnumerable<int> Evaluated(RandomProgram program)
    {
        var naive = new Lazy<NaiveEvaluator>(() => program.Start.Evaluate());
        return Verdict.Of(() => _ = naive.Value) == Verdict.Holds ? program.Derived.Select(t => naive.Value.RowsOf(t).Count) : [];
    }
}
