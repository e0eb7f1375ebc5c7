namespace Congress.Policies;

/// <summary>What is foreseen of a call that rules ask for.</summary>
/// <param name="Text">What, in a sentence.</param>
/// <param name="IsLoop">Whether its condition comes back; else it only does not go.</param>
public sealed record Foresight(string Text, bool IsLoop);
