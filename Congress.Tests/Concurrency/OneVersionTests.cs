using System.Diagnostics;
using System.Reflection;
using Congress.Data;
using Congress.Datalog;
using Xunit.Abstractions;

namespace Congress.Tests.Concurrency;

/// <summary>Any number of threads read while one writes, and each answer is of one version. 5 seconds; 60 with <c>CONGRESS_SOAK=1</c>.</summary>
public sealed class OneVersionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("CONGRESS_SOAK") == "1" ? 60 : 5);

    [Fact]
    public async Task Every_answer_is_of_one_version_while_rows_rules_and_values_come_and_go()
    {
        using var world = new TokenWorld();
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(
            () => Ask(world.Engine, new Random(i), stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var writer = Task.Factory.StartNew(
            () =>
            {
                // Reclamation begins above 65,536 values.
                var clock = Stopwatch.StartNew();
                while (!stop.IsCancellationRequested && (clock.Elapsed < Duration || world.Version < 300))
                {
                    world.Step();
                }

                stop.Cancel();
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await Task.WhenAll([writer, .. readers]).WaitAsync(Duration + TimeSpan.FromMinutes(2));

        var asked = await Task.WhenAll(readers);
        output.WriteLine($"{world.Version} versions, {world.Version * TokenWorld.Notes} texts, {Symbols(world.Engine)} left, {string.Join(" + ", asked)} answers");
        Assert.All(asked, count => Assert.True(count > 10, $"{count} answers only"));
        GC.Collect();   // no reader is open
        world.Step();
        world.Step();
        Assert.True(Symbols(world.Engine) < 70_000, $"{Symbols(world.Engine)} values are never reclaimed");
    }

    /// <summary>Asks this and that until it is stopped, or something is wrong, which stops all others.</summary>
    private static int Ask(PolicyEngine engine, Random random, CancellationTokenSource stop)
    {
        try
        {
            var (count, last) = (0, 0L);
            for (; !stop.IsCancellationRequested; count++)
            {
                var version = random.Next(4) switch
                {
                    0 => AskAPoint(engine),
                    1 => Scan(engine, random.Next(8) == 0 ? stop.Token.WaitHandle : null),
                    2 => Assert.Single(engine.GetViolations()).Row[0].AsInteger(),
                    _ => Suppose(engine, -random.Next(1, 1000)),
                };
                Assert.True(version >= last, $"version {version} came after {last}");
                last = version;
            }

            return count;
        }
        finally
        {
            stop.Cancel();
        }
    }

    private static long AskAPoint(PolicyEngine engine)
    {
        var row = Assert.Single(engine.Query("q(v, n, p, s) :- version(v), held(n), paths(p), state(\"version\", s)"));
        Assert.Equal(new Row(row[0], TokenWorld.Tokens, TokenWorld.Paths, row[0]), row);
        return row[0].AsInteger();
    }

    private static long Scan(PolicyEngine engine, WaitHandle? pause)
    {
        var rows = new HashSet<Row>();
        using var reader = engine.Read("state");
        while (reader.Read())
        {
            Assert.True(rows.Add(new(reader.Current)), "a row came twice");
            if (pause is not null && rows.Count % 32 == 0)
            {
                pause.WaitOne(5);
            }
        }

        var version = Assert.Single(rows, r => r[0] == "version")[1].AsInteger();
        Properties.Verdict.Same($"state of version {version}", TokenWorld.StateOf((int)version), rows);
        return version;
    }

    private static long Suppose(PolicyEngine engine, int token)
    {
        var what = engine.Simulate().Insert("a", token).Insert("intruder", token).Insert("note", $"only supposed {token}")
            .Run("q(v, n, t) :- version(v), held(n), state(\"note\", t), starts_with(t, \"only\")");
        var version = engine.Version;
        var answer = Assert.Single(what.Answers);
        var found = long.Parse(answer[2..answer.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith($"q({found}, {TokenWorld.Tokens + 1}, \"only supposed {token}\") :- ", answer, StringComparison.Ordinal);
        Assert.Equal(["error"], what.Appeared.Select(v => v.Table.Table), StringComparer.Ordinal);
        Assert.Equal(token, what.Appeared[0].Row[0].AsInteger());
        Assert.Empty(what.Cleared);
        Assert.True(found <= version, "a what-if saw a version that is not there yet");
        return found;
    }

    private static int Symbols(PolicyEngine engine) =>
        ((Engine)typeof(PolicyEngine).GetField("_engine", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(engine)!).Symbols;
}
