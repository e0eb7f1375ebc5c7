namespace Congress.Datalog.Evaluation;

/// <summary>Takes the rows that come out of a pipeline.</summary>
internal interface IRowWriter
{
    /// <summary>The number of rows that are held.</summary>
    int Count { get; }

    /// <summary>Takes rows.</summary>
    /// <param name="columns">Their columns.</param>
    /// <param name="count">Their number.</param>
    void Write(int[][] columns, int count);
}
