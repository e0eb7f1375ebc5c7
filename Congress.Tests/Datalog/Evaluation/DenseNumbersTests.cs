using Congress.Datalog.Evaluation;
using Congress.Datalog.Storage;
using Xunit;

namespace Congress.Tests.Datalog.Evaluation;

public sealed class DenseNumbersTests
{
    [Fact]
    public void Keys_have_the_numbers_that_a_relation_gives_them()
    {
        var random = new Random(11);
        var numbers = DenseNumbers.TryMake([(-5, 5), (100, 140), (int.MinValue, int.MinValue + 2)], most: 2_000);
        Assert.NotNull(numbers);
        var (dense, hashed) = (new Relation(3), new Relation(3));
        for (var round = 0; round < 20; round++)
        {
            var keys = new int[3 * 100];
            for (var i = 0; i < keys.Length; i += 3)
            {
                (keys[i], keys[i + 1], keys[i + 2]) = (random.Next(-5, 6), random.Next(100, 141), int.MinValue + random.Next(3));
            }

            var (found, expected) = (new int[100], new int[100]);
            numbers.AddAll(keys, dense, found);
            hashed.AddAll(keys, 100, expected);
            Assert.Equal(expected, found);
        }

        Assert.Equal(hashed.Cells[..(3 * hashed.Count)], dense.Cells[..(3 * dense.Count)]);
    }

    [Fact]
    public void There_are_no_more_places_than_was_said()
    {
        Assert.NotNull(DenseNumbers.TryMake([(0, 9), (0, 9)], most: 100));
        Assert.Null(DenseNumbers.TryMake([(0, 9), (0, 10)], most: 100));
        Assert.Null(DenseNumbers.TryMake([(int.MinValue, int.MaxValue)], most: long.MaxValue));
        Assert.Null(DenseNumbers.TryMake([(0, int.MaxValue - 1), (0, int.MaxValue - 1), (0, 100)], most: long.MaxValue));
        Assert.NotNull(DenseNumbers.TryMake([], most: 1));
    }
}
