using Congress.Datalog.Analysis;

namespace Congress.Datalog.Planning;

/// <summary>How to evaluate a rule: steps in order, and what to make of the bindings that come out.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="DeltaPosition">The place in the body of the literal that reads a delta; -1 for none.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Output">The columns of the rows that come out.</param>
internal sealed record Plan(Rule Rule, int DeltaPosition, PlanStep[] Steps, Operand[] Output)
{
    /// <summary>The slot that holds the number of the candidate which a binding belongs to, when one result for each candidate
    /// is enough; negative otherwise.</summary>
    public int CandidateSlot { get; init; } = -1;

    private const double SmallEstimate = 128;

    /// <summary>Whether few bindings are expected at every step.</summary>
    public bool IsSmall => Array.TrueForAll(Steps, s => s.Estimate <= SmallEstimate);
}
