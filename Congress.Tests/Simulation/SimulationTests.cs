using System.Globalization;
using Xunit.Abstractions;

namespace Congress.Tests.Simulation;

/// <summary>The bus keeps its promises under faults: 2,000 seeds, with <c>CONGRESS_SOAK=1</c> 20,000, and some that are new every time;
/// <c>CONGRESS_SEED</c> names one to replay.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Seeds that once went wrong, before the others.</summary>
    public static TheoryData<long> Regressions =>
    [
        0,      // the jitter of the first question overflowed; a keyed call was done twice
        3,      // a lagging subscriber took itself for fresh
        4,      // a reader that looks often never asked for what was lost
        9,      // a lost acknowledgement was waited for until the end
        10,     // a call that was done ended as never begun
        58,     // a publisher went on for a subscriber that had gone
        79,     // a process that had said goodbye held its name
        85,     // an empty answer after a snapshot
        873,    // a halted snapshot waited for patience
        961,    // useless changes counted as progress
        6846,   // a service that stopped just after a late answer was asked for again as rarely as before
        1795503657, // the same
        117339, // rows of a lease that was renewed stayed fresh
        1370,   // a stopped reader was sent a window for every time it asked
        1795510462,   // behind lost chunks of a snapshot the rest came one by one, and was waited for to its end
        1795538521,   // the same, with a second snapshot behind it
        1795511158,   // a snapshot whose publisher had forgotten the subscription meanwhile was taken for new
    ];

    [Theory]
    [MemberData(nameof(Regressions))]
    public void What_once_went_wrong_goes_right(long seed)
    {
        var verdict = BusSimulation.Run(seed);
        Assert.True(verdict.Failure is null, verdict.ToString());
    }

    [Fact]
    public void Subscribers_see_only_what_was_published_and_get_all_of_it_once_faults_are_healed()
    {
        var verdicts = Seeds().AsParallel().Select(seed => BusSimulation.Run(seed)).ToArray();
        var wrong = verdicts.Where(v => v.Failure is not null).OrderBy(v => v.Seed).ToArray();
        output.WriteLine($"{verdicts.Length} seeds, the slowest converged in {verdicts.Max(v => v.Convergence).TotalSeconds:0.00} s");
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {verdicts.Length} seeds are wrong: {string.Join(", ", wrong.Select(v => v.Seed))}\n{wrong.FirstOrDefault()}");
        if (verdicts.Length >= 2000)
        {
            AssertStrength(verdicts);
        }
    }

    [Fact]
    public void A_seed_gives_the_same_run_each_time()
    {
        var (first, second) = (BusSimulation.Run(17), BusSimulation.Run(17));
        Assert.Equal(first.Counts.OrderBy(c => c.Key, StringComparer.Ordinal), second.Counts.OrderBy(c => c.Key, StringComparer.Ordinal));
        Assert.Equal(first.Convergence, second.Convergence);
    }

    private static IEnumerable<long> Seeds()
    {
        if (Environment.GetEnvironmentVariable("CONGRESS_SEED") is { Length: > 0 } seed)
        {
            return [long.Parse(seed, CultureInfo.InvariantCulture)];
        }

        var count = Environment.GetEnvironmentVariable("CONGRESS_SOAK") == "1" ? 20_000 : 2_000;
        return Enumerable.Range(0, count).Select(i => (long)i).Concat(Enumerable.Range(0, 20).Select(_ => Random.Shared.NextInt64(1_000_000, long.MaxValue)));
    }

    /// <summary>What a run of 2,000 seeds must have met; each number is well below what it meets.</summary>
    private void AssertStrength(BusVerdict[] verdicts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (what, times) in verdicts.SelectMany(v => v.Counts))
        {
            counts[what] = counts.GetValueOrDefault(what) + times;
        }

        foreach (var (what, times) in counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{times,12:N0} {what}");
        }

        foreach (var (what, least) in new (string, long)[]
        {
            ("states checked", 400_000), ("snapshots taken", 30_000), ("deltas taken", 300_000), ("re-asks", 5_000), ("re-asks with rows", 15_000),
            ("went on by changes", 2_000), ("off the ring", 2_000), ("parts of changes", 200_000), ("frames lost", 80_000), ("frames repeated", 80_000), ("frames not taken", 1_000),
            ("frames damaged", 300), ("epochs", 20_000), ("epochs followed", 8_000), ("stale", 10_000), ("fresh", 10_000), ("freshness checked", 1_000_000),
            ("admissions refused", 20_000), ("links condemned", 1_000), ("peers Dead", 80), ("peers Left", 2_000), ("calls ended: None", 50_000), ("calls ended: TimedOut", 10_000),
            ("calls ended: NotDelivered", 1_000), ("calls ended: Overloaded", 500), ("calls abandoned", 10_000), ("calls joined or remembered", 800), ("frames late", 5_000), ("snapshots tampered with", 80), ("changes tampered with", 150), ("divergences", 150),
            ("fault: kill", 1_000), ("fault: pause", 1_000), ("fault: two-way cut", 500), ("fault: one-way cut", 300), ("fault: lease moves", 1_000), ("fault: twin", 1_000),
        })
        {
            Assert.True(counts.GetValueOrDefault(what) >= least, $"'{what}' happened {counts.GetValueOrDefault(what):N0} times; at least {least:N0} were expected");
        }
    }
}
