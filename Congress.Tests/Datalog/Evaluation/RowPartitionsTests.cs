using Congress.Data;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Storage;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.Datalog.Evaluation;

/// <summary>Many rows that are made distinct at the end, beside a set.</summary>
public sealed class RowPartitionsTests
{
    [Theory]
    [InlineData(1, 1, 400_000, 1_000_000)]
    [InlineData(2, 2, 300_000, 90)]
    [InlineData(3, 3, 500_000, 50)]
    [InlineData(4, 3, 200_000, 1_000_000)]
    [InlineData(5, 5, 100_000, 3)]
    [InlineData(6, 2, 1, 1)]
    public void Each_row_is_left_once(int seed, int arity, int count, int values)
    {
        var random = new Random(seed);
        var (partitions, relation, model) = (new RowPartitions(arity), new Relation(arity), new HashSet<Row>());
        for (var rest = count; rest > 0;)
        {
            var size = Math.Min(rest, random.Next(1, 3_000));
            var cells = new int[size * arity];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = random.Next(values) - (values / 2);
            }

            partitions.Add(cells, size);
            for (var row = 0; row < size; row++)
            {
                model.Add(RowOf(cells.AsSpan(row * arity, arity)));
            }

            rest -= size;
        }

        Assert.InRange(partitions.Count, model.Count, count);
        Assert.True(partitions.Count <= Math.Max(2 * model.Count, model.Count + 1_200_000), $"{partitions.Count} rows are held of {model.Count}");
        partitions.MoveTo(relation);
        var rows = Enumerable.Range(0, relation.Count).Select(row => RowOf(relation[row])).ToArray();
        Assert.Equal(model.Count, rows.Length);
        Assert.True(model.SetEquals(rows));
        Assert.All(rows.Take(100), row => Assert.True(relation.Contains([.. row.Select(v => (int)v.AsInteger())])));
    }

    [Theory]
    [InlineData(80_000, true)]
    [InlineData(79_999, false)]
    public void Rows_that_come_again_do_not_count_against_the_budget(int budget, bool isEnough)
    {
        // 80,000 rows that are far apart, each derived four times, and those of the tables themselves do not count.
        using var engine = PolicyEngine.Create("p(x, y) :- q(x, y, _). p(x, y) :- r(x, y), s(z).", new() { Limits = new() { MaxRows = budget } });
        var pairs = Enumerable.Range(0, 80_000).Select(i => (X: (i % 7_919) * 100_003, Y: i * 7)).ToArray();
        var batch = new PolicyBatch().InsertAll("s", Enumerable.Range(0, 2).Select(z => new Row(z)))
            .InsertAll("q", pairs.SelectMany(p => new[] { new Row(p.X, p.Y, 1), new Row(p.X, p.Y, 2) }))
            .InsertAll("r", pairs.Select(p => new Row(p.X, p.Y)));
        engine.Apply(batch).ThrowIfRefused();
        if (isEnough)
        {
            Assert.Equal(80_000, engine.Count(new("policy", "p")));
        }
        else
        {
            Assert.Equal(DiagnosticCode.BudgetExceeded, Assert.Single(Assert.Throws<PolicyException>(() => engine.Count(new("policy", "p"))).Diagnostics).Code);
        }
    }

    [Fact]
    public void Rules_and_an_aggregate_of_one_table_give_each_row_once()
    {
        // 70,000 rows of the first rule wait to be made distinct when the second, which counts, gives some of them again.
        using var engine = PolicyEngine.Create("p(x, y) :- q(x, y). p(x, count(y)) :- r(x, y). p(x, y) :- q(y, x).");
        var pairs = Enumerable.Range(0, 70_000).Select(i => new Row(i * 1_009, 1 + (i % 2))).ToArray();
        engine.Apply(new PolicyBatch().InsertAll("q", pairs).InsertAll("r", pairs.Take(100).Select(p => new Row(p[0], 0)))).ThrowIfRefused();
        var expected = pairs.Concat(pairs.Select(p => new Row(p[1], p[0]))).Concat(pairs.Take(100).Select(p => new Row(p[0], 1))).ToHashSet();
        var rows = engine.Query("p(x, y)");
        Assert.Equal(expected.Count, rows.Count);
        Assert.True(expected.SetEquals(rows));
        Assert.Equal(expected.Count, engine.Count(new("policy", "p")));
    }

    private static Row RowOf(ReadOnlySpan<int> cells)
    {
        var values = new Value[cells.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = cells[i];
        }

        return new(values);
    }
}
