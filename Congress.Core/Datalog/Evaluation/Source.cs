namespace Congress.Datalog.Evaluation;

/// <summary>Where a step finds a value: in a column of its input, or written out.</summary>
internal readonly struct Source(int[]? column, int constant)
{
    /// <summary>The column; null for a constant.</summary>
    public int[]? Column => column;

    public int this[int binding] => column is null ? constant : column[binding];
}
