namespace Congress.Policies;

/// <summary>What has become of the violations: all there are, or those that a change brought and cleared.</summary>
/// <param name="Version">The version of the engine with which this holds; it grows with every change.</param>
/// <param name="IsSnapshot">Whether <paramref name="Appeared"/> are all violations, and what was known before is void.</param>
/// <param name="Appeared">The violations that came, sorted by table and row.</param>
/// <param name="Cleared">Those that went, each as it was explained before the change.</param>
public sealed record ViolationUpdate(long Version, bool IsSnapshot, IReadOnlyList<Violation> Appeared, IReadOnlyList<Violation> Cleared)
{
    /// <summary>One violation a line: <c>+</c> or <c>-</c>, then the fact.</summary>
    public override string ToString() =>
        string.Join(Environment.NewLine, Appeared.Select(v => $"+ {v}").Concat(Cleared.Select(v => $"- {v}")));
}
