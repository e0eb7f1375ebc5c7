namespace Congress.Datalog.Evaluation;

/// <summary>A set of rows whose columns have known, narrow ranges: one bit for each row that there can be.</summary>
internal sealed class DenseSet
{
    private readonly ulong[] _bits;
    private readonly int[] _least;
    private readonly long[] _stride;

    private DenseSet(int[] least, long[] stride, long size) => (_least, _stride, _bits) = (least, stride, new ulong[(size + 63) / 64]);

    /// <summary>The bits.</summary>
    public ulong[] Bits => _bits;

    /// <summary>By column, the least handle.</summary>
    public ReadOnlySpan<int> Least => _least;

    /// <summary>By column, how far apart the bits of neighbours are.</summary>
    public ReadOnlySpan<long> Stride => _stride;

    /// <summary>A set for rows within ranges.</summary>
    /// <param name="ranges">By column, the least and the greatest handle.</param>
    /// <param name="most">The most bits.</param>
    /// <returns>Null when that would take more bits.</returns>
    public static DenseSet? TryMake(ReadOnlySpan<(int Least, int Greatest)> ranges, long most)
    {
        var least = new int[ranges.Length];
        var stride = new long[ranges.Length];
        long size = 1;
        for (var column = ranges.Length - 1; column >= 0; column--)
        {
            (least[column], stride[column]) = (ranges[column].Least, size);
            var width = Math.Max(1, (long)ranges[column].Greatest - ranges[column].Least + 1);
            if (width > most / size)
            {
                return null;
            }

            size *= width;
        }

        return new(least, stride, size);
    }

    /// <summary>Adds a row.</summary>
    /// <returns>False when it was there.</returns>
    public bool Add(ReadOnlySpan<int> row)
    {
        long place = 0;
        for (var column = 0; column < row.Length; column++)
        {
            place += ((long)row[column] - _least[column]) * _stride[column];
        }

        ref var word = ref _bits[place >> 6];
        var before = word;
        word |= 1UL << (int)place;
        return word != before;
    }
}
