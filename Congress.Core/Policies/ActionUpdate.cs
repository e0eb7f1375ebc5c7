namespace Congress.Policies;

/// <summary>What has become of the calls that rules ask for: all there are, or those that a change brought and withdrew.</summary>
/// <param name="Version">The version of the engine with which this holds; it grows with every change.</param>
/// <param name="IsSnapshot">Whether <paramref name="Requested"/> are all calls that rules ask for, and what was known before is void.</param>
/// <param name="IsDryRun">Whether no handler is called.</param>
/// <param name="Requested">The calls that rules ask for now and did not before, sorted.</param>
/// <param name="Withdrawn">The calls that rules ask for no longer.</param>
public sealed record ActionUpdate(
    long Version, bool IsSnapshot, bool IsDryRun, IReadOnlyList<ActionCall> Requested, IReadOnlyList<ActionCall> Withdrawn)
{
    /// <summary>One call a line: <c>+</c> or <c>-</c>, then the call.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, Requested.Select(c => $"+ {c}").Concat(Withdrawn.Select(c => $"- {c}")));
}
