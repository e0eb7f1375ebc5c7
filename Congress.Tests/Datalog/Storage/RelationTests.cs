using Congress.Datalog.Storage;

namespace Congress.Tests.Datalog.Storage;

/// <summary>A relation with its indexes beside the simplest thing that does the same: a list of rows.</summary>
public sealed class RelationTests
{
    [Theory]
    [InlineData(1, 1, 50)]
    [InlineData(2, 2, 12)]
    [InlineData(3, 2, 100_000)]
    [InlineData(4, 3, 7)]
    [InlineData(5, 4, 4)]
    public void Rows_come_and_go_and_every_index_finds_them(int seed, int arity, int values)
    {
        var random = new Random(seed);
        var (relation, model) = (new Relation(arity), new HashSet<(int, int, int, int)>());
        int[][] indexes = [[0], [arity - 1], [.. Enumerable.Range(0, arity)], [.. Enumerable.Range(0, arity).Where(c => c != 1)]];
        for (var step = 0; step < 4_000; step++)
        {
            var row = Enumerable.Range(0, arity).Select(_ => (random.Next(values) * (seed == 3 ? 1_000_003 : 1)) - 5).ToArray();
            var key = (row[0], row.ElementAtOrDefault(1), row.ElementAtOrDefault(2), row.ElementAtOrDefault(3));
            if (random.Next(5) < (step / 1000 % 2 == 0 ? 4 : 1))
            {
                Assert.Equal(model.Add(key), relation.Add(row));
            }
            else
            {
                Assert.Equal(model.Remove(key), relation.Remove(row));
            }

            if (step % 97 == 0)
            {
                Assert.Equal(model.Count, relation.Count);
                Assert.All(Enumerable.Range(0, relation.Count * arity), i => Assert.InRange(relation.Cells[i], relation.RangeOf(i % arity).Least, relation.RangeOf(i % arity).Greatest));
                foreach (var columns in indexes)
                {
                    CheckIndex(relation, columns);
                }
            }
        }
    }

    [Fact]
    public void Rows_leave_and_enter_a_very_long_list()
    {
        var random = new Random(7);
        var relation = new Relation(2);
        for (var i = 0; i < 20_000; i++)
        {
            relation.Add([i % 3 == 0 ? 1 : 0, i]);
        }

        relation.IndexOn([0]);
        for (var step = 0; step < 5_000; step++)
        {
            var i = random.Next(20_000);
            if (!relation.Remove([i % 3 == 0 ? 1 : 0, i]))
            {
                relation.Add([i % 3 == 0 ? 1 : 0, i]);
            }
        }

        CheckIndex(relation, [0]);
    }

    [Fact]
    public void A_value_far_from_the_others_is_found_too()
    {
        var relation = new Relation(2);
        for (var i = 0; i < 1_000; i++)
        {
            relation.Add([i, i]);
        }

        relation.IndexOn([0]);
        relation.Remove([5, 5]);
        relation.Add([2_000_000_000, 1]);
        relation.Add([-2_000_000_000, 1]);
        relation.Add([5, 6]);
        CheckIndex(relation, [0]);
        Assert.Equal(0, relation.IndexOn([0]).RowsWith([1_500_000_000]).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Many_rows_at_once_are_added_once(bool isAscending)
    {
        var random = new Random(11);
        var relation = new Relation(3);
        var model = new HashSet<(int, int, int)>();
        for (var block = 0; block < 50; block++)
        {
            var rows = Enumerable.Range(0, 700).Select(i => isAscending ? ((block * 700) + i, 3, 4) : (random.Next(20), random.Next(20), random.Next(20))).ToArray();
            model.UnionWith(rows);
            relation.AddAll([.. rows.SelectMany(r => new[] { r.Item1, r.Item2, r.Item3 })], rows.Length);
            Assert.Equal(model.Count, relation.Count);
        }

        Assert.Equal(model, Enumerable.Range(0, relation.Count).Select(r => (relation[r][0], relation[r][1], relation[r][2])).ToHashSet());
        var numbers = new int[300];
        int[] asked = [.. Enumerable.Range(0, 300).SelectMany(i => new[] { i % 25, 3, 4 })];
        relation.Find(asked, numbers);
        Assert.All(numbers.Index(), n => Assert.Equal(model.Contains((n.Index % 25, 3, 4)), n.Item >= 0 && relation[n.Item].SequenceEqual(asked.AsSpan(n.Index * 3, 3))));
    }

    private static void CheckIndex(Relation relation, int[] columns)
    {
        var index = relation.IndexOn(columns);
        var byKey = Enumerable.Range(0, relation.Count).GroupBy(r => string.Join(' ', columns.Select(c => relation[r][c]))).ToDictionary(g => g.Key, g => g.Order().ToArray());
        foreach (var (key, rows) in byKey)
        {
            var found = index.RowsWith([.. key.Split(' ').Select(int.Parse)]).ToArray();
            Array.Sort(found);
            Assert.Equal(rows, found);
        }
    }
}
