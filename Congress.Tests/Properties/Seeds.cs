using System.Globalization;
using Congress.Diagnostics;
using Xunit.Abstractions;

namespace Congress.Tests.Properties;

/// <summary>Runs properties over random programs: 2,000, with <c>CONGRESS_SOAK=1</c> 20,000, the last of them new every
/// time; <c>CONGRESS_SEED</c> names one to replay.</summary>
internal static class Seeds
{
    public static IReadOnlyList<int> All { get; } = [.. Choose()];

    /// <summary>Fails with the seed and the shrunk program when the property does not hold.</summary>
    public static void Check(Func<RandomProgram, Verdict> property, ITestOutputHelper output)
    {
        output.WriteLine($"{All.Count} programs, the last of seed {All[^1]}");
        var refused = new List<(int Seed, Diagnostic Why)>();
        foreach (var seed in All)
        {
            var program = ProgramGenerator.Generate(seed);
            var verdict = property(program);
            if (verdict.Failure is not null)
            {
                // A program that shrinking makes invalid is refused, which is another failure.
                var shrunk = Shrinker.Shrink(program, p => property(p).Kind == verdict.Kind);
                Assert.Fail($"seed {seed} ({verdict.Failure.Split('\n')[0]}), shrunk:\n{shrunk}\n{property(shrunk).Failure}");
            }

            if (verdict.Refused is { } why)
            {
                refused.Add((seed, why));
            }
        }

        output.WriteLine($"{refused.Count} refused, such as {(refused.Count > 0 ? refused[0] : null)}");
        Assert.True(refused.Count <= All.Count / 10, $"{refused.Count} of {All.Count} programs are refused, such as {refused.FirstOrDefault()}");
    }

    private static IEnumerable<int> Choose()
    {
        if (Environment.GetEnvironmentVariable("CONGRESS_SEED") is { Length: > 0 } seed)
        {
            return [int.Parse(seed, CultureInfo.InvariantCulture)];
        }

        var count = Environment.GetEnvironmentVariable("CONGRESS_SOAK") == "1" ? 20_000 : 2_000;
        return [.. Enumerable.Range(0, count - 1), Random.Shared.Next(1_000_000, int.MaxValue)];
    }
}
