namespace Congress.Datalog.Planning;

/// <summary>Which rows of a table a step reads. In a round of semi-naive evaluation the rows of a recursive table are the
/// old ones, then the delta of the last round, then those of this round.</summary>
internal enum RowRange
{
    /// <summary>All rows.</summary>
    All,

    /// <summary>Those before the delta.</summary>
    Old,

    /// <summary>The delta.</summary>
    Delta,

    /// <summary>Those before the delta, and the delta.</summary>
    OldAndDelta,
}
