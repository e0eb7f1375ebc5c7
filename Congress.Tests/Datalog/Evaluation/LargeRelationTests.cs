using Congress.Data;
using Congress.Policies;

namespace Congress.Tests.Datalog.Evaluation;

/// <summary>Joins over some thousands of rows, where blocks fill up and values are marked, beside the same in LINQ; at first and after changes.</summary>
public sealed class LargeRelationTests
{
    private const string Rules = """
        declare e(x, y). declare f(x, y). declare u(x).
        triangle(x, y, z) :- e(x, y), e(y, z), e(x, z)
        clique(x, y, z, w) :- e(x, y), e(y, z), e(x, z), e(x, w), e(y, w), e(z, w)
        only(x, y) :- e(x, y), not f(x, y)
        either(x, y) :- e(x, y)
        either(x, y) :- f(y, x)
        none(x) :- u(x), not f(x, _)
        open(x, z) :- e(x, y), e(y, z), not e(x, z)
        two(x, z) :- e(x, y), f(y, z), x != z
        end(x) :- e(x, _), e(_, x)
        reach(x, y) :- f(x, y)
        reach(x, z) :- reach(x, y), f(y, z)
        near(x, y) :- u(x), e(x, y)
        near(x, z) :- near(x, y), near(y, z)
        sums(x, count(y), sum(y), min(y), max(y)) :- e(x, y)
        """;

    public static TheoryData<int, string> Domains => new() { { 1, "dense" }, { 2, "sparse" }, { 3, "texts" }, { 4, "mixed" } };

    [Theory]
    [MemberData(nameof(Domains))]
    public void All_derived_rows_are_right_at_first_and_after_changes(int seed, string domain) => Run(seed, domain);

    /// <summary>Fails when a derived table is wrong.</summary>
    internal static void Run(int seed, string domain)
    {
        var random = new Random(seed);
        var state = new State(
            Pairs(random, 3_000, 120, skew: 2), Pairs(random, 700, 600, skew: 1), Enumerable.Range(0, 60).Select(_ => random.Next(120)).ToHashSet());
        using var engine = PolicyEngine.Create(Rules, new() { DefaultKind = PolicyKind.Recursive });
        string[] tables = ["triangle", "clique", "only", "either", "none", "open", "two", "end", "reach", "near", "sums"];
        var batch = new PolicyBatch();
        Change(batch, new([], [], []), state, domain);
        engine.Apply(batch).ThrowIfRefused();
        using var kept = engine.Maintain(tables);
        Check(engine, tables, state, domain);
        for (var round = 0; round < 4; round++)
        {
            // A few rows, then many, which is another way of working them out.
            var size = round % 2 == 0 ? 5 : 900;
            var next = new State(Changed(state.E, random, size, 120), Changed(state.F, random, size / 10, 600), state.U);
            batch = new();
            Change(batch, state, next, domain);
            engine.Apply(batch).ThrowIfRefused();
            state = next;
            Check(engine, tables, state, domain);
        }
    }

    private static HashSet<(int, int)> Pairs(Random random, int count, int values, int skew)
    {
        var pairs = new HashSet<(int, int)>();
        while (pairs.Count < count)
        {
            pairs.Add(((int)(values * Math.Pow(random.NextDouble(), skew)), random.Next(values)));
        }

        return pairs;
    }

    private static HashSet<(int, int)> Changed(HashSet<(int, int)> pairs, Random random, int count, int values)
    {
        var all = pairs.ToArray();
        random.Shuffle(all);
        return [.. all[(count / 2)..], .. Pairs(random, (count / 2) + 1, values, 1)];
    }

    private static void Change(PolicyBatch batch, State from, State to, string domain)
    {
        Value V(int number) => ValueOf(number, domain);
        foreach (var (x, y) in from.E.Except(to.E))
        {
            batch.Delete("e", V(x), V(y));
        }

        foreach (var (x, y) in from.F.Except(to.F))
        {
            batch.Delete("f", V(x), V(y));
        }

        batch.InsertAll("e", to.E.Except(from.E).Select(r => new Row(V(r.Item1), V(r.Item2))));
        batch.InsertAll("f", to.F.Except(from.F).Select(r => new Row(V(r.Item1), V(r.Item2))));
        batch.InsertAll("u", to.U.Except(from.U).Select(x => new Row(V(x))));
    }

    private static Value ValueOf(int number, string domain) => domain switch
    {
        "dense" => number,
        "sparse" => (number * 1_000_003L) - 500_000,
        "texts" => $"node {number:0000}",
        _ => (number % 4) switch { 0 => number, 1 => $"n{number}", 2 => number + 0.5, _ => number * 10_000_000_000L },
    };

    private static void Check(PolicyEngine engine, string[] tables, State state, string domain)
    {
        Value V(int number) => ValueOf(number, domain);
        var (e, f, u) = state;
        var (from, fromF) = (e.ToLookup(r => r.Item1, r => r.Item2), f.ToLookup(r => r.Item1, r => r.Item2));
        var triangles = e.SelectMany(r => from[r.Item2].Where(z => e.Contains((r.Item1, z))).Select(z => (X: r.Item1, Y: r.Item2, Z: z))).ToArray();
        var sums = e.GroupBy(r => V(r.Item1)).Where(g => g.All(r => V(r.Item2).IsNumber)).Select(g => g.Key).ToHashSet();
        var expected = new Dictionary<string, IEnumerable<int[]>>
        {
            ["triangle"] = triangles.Select(t => new[] { t.X, t.Y, t.Z }),
            ["clique"] = triangles.SelectMany(t => from[t.X].Where(w => e.Contains((t.Y, w)) && e.Contains((t.Z, w))).Select(w => new[] { t.X, t.Y, t.Z, w })),
            ["only"] = e.Except(f).Select(r => new[] { r.Item1, r.Item2 }),
            ["either"] = e.Union(f.Select(r => (r.Item2, r.Item1))).Select(r => new[] { r.Item1, r.Item2 }),
            ["none"] = u.Where(x => !fromF[x].Any()).Select(x => new[] { x }),
            ["open"] = e.SelectMany(r => from[r.Item2].Where(z => !e.Contains((r.Item1, z))).Select(z => new[] { r.Item1, z })),
            ["two"] = e.SelectMany(r => fromF[r.Item2].Where(z => z != r.Item1).Select(z => new[] { r.Item1, z })),
            ["end"] = e.Select(r => r.Item1).Intersect(e.Select(r => r.Item2)).Select(x => new[] { x }),
            ["reach"] = Closure(f).Select(r => new[] { r.Item1, r.Item2 }),
            ["near"] = Closure([.. e.Where(r => u.Contains(r.Item1))]).Select(r => new[] { r.Item1, r.Item2 }),
        };
        foreach (var table in tables)
        {
            var found = new HashSet<Row>();
            using var reader = engine.Read(table);
            while (reader.Read())
            {
                Assert.True(found.Add(new(reader.Current)), $"{table} has a row twice");
            }

            if (table == "sums")
            {
                Assert.Equal(sums, found.Select(r => r[0]).ToHashSet());
                Assert.All(found.Take(20), r => Assert.Equal(r, SumOf(r[0], e, V)));
            }
            else
            {
                Assert.True(found.SetEquals(expected[table].Select(r => new Row([.. r.Select(V)]))), $"{table} of {domain} values");
            }
        }
    }

    private static Row SumOf(Value group, HashSet<(int, int)> e, Func<int, Value> v)
    {
        var values = e.Where(r => v(r.Item1) == group).Select(r => v(r.Item2)).Order().ToArray();
        var sum = values.All(x => x.Kind == ValueKind.Integer) ? (Value)values.Sum(x => x.AsInteger()) : values.Sum(x => (decimal)x.AsReal()) is var real ? (double)real : 0;
        return new(group, values.Length, sum, values[0], values[^1]);
    }

    private static HashSet<(int, int)> Closure(HashSet<(int, int)> pairs)
    {
        var from = pairs.ToLookup(r => r.Item1, r => r.Item2);
        var (all, queue) = (new HashSet<(int, int)>(pairs), new Queue<(int, int)>(pairs));
        while (queue.TryDequeue(out var pair))
        {
            foreach (var next in from[pair.Item2])
            {
                if (all.Add((pair.Item1, next)))
                {
                    queue.Enqueue((pair.Item1, next));
                }
            }
        }

        return all;
    }

    private sealed record State(HashSet<(int, int)> E, HashSet<(int, int)> F, HashSet<int> U);
}
