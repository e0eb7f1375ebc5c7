namespace Congress.Datalog.Planning;

/// <summary>Which rows of a table a step reads.</summary>
internal enum RowRange
{
    /// <summary>All rows; where a change is being worked out, those after it.</summary>
    All,

    /// <summary>In a round of semi-naive evaluation, the rows of a recursive table before the delta.</summary>
    Old,

    /// <summary>In a round of semi-naive evaluation, the rows of the last round.</summary>
    Delta,

    /// <summary>Those before the delta, and the delta.</summary>
    OldAndDelta,

    /// <summary>The rows before the change that is being worked out.</summary>
    Before,

    /// <summary>The rows that the change brings.</summary>
    Inserted,

    /// <summary>The rows that the change takes away.</summary>
    Deleted,

    /// <summary>The rows of a head for which a derivation is looked for.</summary>
    Candidates,

    /// <summary>The rows that are lower than the candidates, and so may support them.</summary>
    Lower,
}
