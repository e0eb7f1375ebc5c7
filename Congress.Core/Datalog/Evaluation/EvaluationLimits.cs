namespace Congress.Datalog.Evaluation;

/// <summary>How far an evaluation may go before it stops with a diagnostic.</summary>
public sealed record EvaluationLimits
{
    /// <summary>The most rows that one evaluation may derive, over all tables; 200 million unless set.</summary>
    public long MaxRows { get; init; } = 200_000_000;

    /// <summary>The most rows that tables may hold whose recursion makes new values, such as
    /// <c>n(y) :- n(x), plus(x, 1, y)</c>; a million unless set.</summary>
    public long MaxMadeRows { get; init; } = 1_000_000;

    /// <summary>The most rounds that such a recursion may take; a million unless set.</summary>
    public int MaxMadeRounds { get; init; } = 1_000_000;

    /// <summary>The longest text, in UTF-16 units, that a builtin may make; a million unless set.</summary>
    public int MaxTextLength { get; init; } = 1_000_000;
}
