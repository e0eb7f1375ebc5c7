namespace Congress.Datalog.Evaluation;

/// <summary>Takes the rows that come out of a pipeline.</summary>
internal interface IRowWriter
{
    /// <summary>The number of rows that are held; until <see cref="Settle"/>, some may count twice.</summary>
    int Count { get; }

    /// <summary>Holds each row once from now on.</summary>
    void Settle();

    /// <summary>Takes rows.</summary>
    /// <param name="columns">Their columns.</param>
    /// <param name="count">Their number.</param>
    void Write(int[][] columns, int count);
}
