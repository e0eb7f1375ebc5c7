using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>The numbers of keys whose columns have known, narrow ranges: one place for each key that there can be.</summary>
internal sealed class DenseNumbers
{
    private readonly int[] _numbers;   // plus 1; 0 where there is none
    private readonly int[] _least;
    private readonly int[] _stride;

    private DenseNumbers(int[] least, int[] stride, int size) => (_least, _stride, _numbers) = (least, stride, new int[size]);

    /// <summary>Places for keys within ranges.</summary>
    /// <param name="ranges">By column of a key, the least and the greatest handle.</param>
    /// <param name="most">The most places.</param>
    /// <returns>Null when that would take more places.</returns>
    public static DenseNumbers? TryMake(ReadOnlySpan<(int Least, int Greatest)> ranges, long most)
    {
        var least = new int[ranges.Length];
        var stride = new int[ranges.Length];
        long size = 1;
        for (var column = ranges.Length - 1; column >= 0; column--)
        {
            (least[column], stride[column]) = (ranges[column].Least, (int)size);
            size *= Math.Max(1, (long)ranges[column].Greatest - ranges[column].Least + 1);
            if (size > Math.Min(most, int.MaxValue / 2))
            {
                return null;
            }
        }

        return new(least, stride, (int)size);
    }

    /// <summary>The numbers of keys side by side; those that have none are added to a relation, which numbers them.</summary>
    /// <param name="keys">The keys, all within the ranges.</param>
    /// <param name="relation">The keys so far.</param>
    /// <param name="numbers">The number of each key.</param>
    public void AddAll(ReadOnlySpan<int> keys, Relation relation, Span<int> numbers)
    {
        var room = relation.Room(numbers.Length);
        var (first, added, arity) = (relation.Count, 0, _least.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            var key = keys.Slice(i * arity, arity);
            var place = 0;
            for (var column = 0; column < key.Length; column++)
            {
                place += (key[column] - _least[column]) * _stride[column];
            }

            ref var number = ref _numbers[place];
            if (number == 0)
            {
                key.CopyTo(room[(added * arity)..]);
                number = first + ++added;
            }

            numbers[i] = number - 1;
        }

        relation.Append(added);
    }
}
