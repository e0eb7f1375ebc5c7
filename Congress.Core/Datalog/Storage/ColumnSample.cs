namespace Congress.Datalog.Storage;

/// <summary>About how many distinct values the columns of a relation hold, from a sample.</summary>
internal sealed class ColumnSample
{
    private const int SampleSize = 512;

    private readonly int _count;
    private readonly double[] _distinct;

    public ColumnSample(Relation relation) => (_count, _distinct) = (relation.Count, Take(relation));

    public double this[int column] => _distinct[column];

    /// <summary>Whether the relation has become so much larger or smaller that the sample says little.</summary>
    public bool IsOutdated(int count) => count > 2L * _count || _count > 2L * count;

    /// <summary>Estimates by Chao's formula d + f1^2 / 2 f2, with f1 values seen once and f2 seen twice in the sample.</summary>
    /// <remarks>A. Chao, Nonparametric Estimation of the Number of Classes in a Population, Scand. J. Statist. 11 (1984).</remarks>
    private static double[] Take(Relation relation)
    {
        var result = new double[relation.Arity];
        var counts = new Dictionary<int, int>();
        var size = Math.Min(SampleSize, relation.Count);
        for (var column = 0; column < result.Length; column++)
        {
            counts.Clear();
            for (var i = 0; i < size; i++)
            {
                var cell = relation[(int)((long)i * relation.Count / size)][column];
                counts[cell] = counts.GetValueOrDefault(cell) + 1;
            }

            double once = counts.Values.Count(c => c == 1);
            double twice = counts.Values.Count(c => c == 2);
            var estimate = size == relation.Count ? counts.Count
                : once == size ? relation.Count
                : counts.Count + (once * once / (2 * Math.Max(1, twice)));
            result[column] = Math.Min(estimate, relation.Count);
        }

        return result;
    }
}
