using Congress.Data;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Tells the planner the sizes of relations and, from a sample, how many distinct values their columns hold.</summary>
internal sealed class TableStatistics(Func<TableName, Relation?> rowsOf) : ITableStatistics
{
    private const int SampleSize = 512;

    private readonly Dictionary<TableName, (int Count, double[] Distinct)> _samples = [];

    public long RowsOf(TableName table) => rowsOf(table)?.Count ?? 0;

    public bool HasIndexOn(TableName table, int[] columns) => rowsOf(table)?.FindIndex(columns) is not null;

    public double DistinctIn(TableName table, int column)
    {
        if (rowsOf(table) is not { Count: > 0 } relation || column >= relation.Arity)
        {
            return 1;
        }

        if (!_samples.TryGetValue(table, out var sample) || relation.Count > 2 * sample.Count || sample.Distinct.Length != relation.Arity)
        {
            sample = _samples[table] = (relation.Count, Sample(relation));
        }

        return sample.Distinct[column];
    }

    /// <summary>Estimates by Chao's formula d + f1^2 / 2 f2, with f1 values seen once and f2 seen twice in the sample.</summary>
    /// <remarks>A. Chao, Nonparametric Estimation of the Number of Classes in a Population, Scand. J. Statist. 11 (1984).</remarks>
    private static double[] Sample(Relation relation)
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
