namespace Congress.Policies.Explaining;

/// <summary>What could be done about a row.</summary>
/// <param name="Found">The remedies, the smallest first, then by their texts.</param>
/// <param name="IsComplete">Whether all were looked for; false when the time was over.</param>
public sealed record Remedies(IReadOnlyList<Remedy> Found, bool IsComplete)
{
    /// <summary>A remedy on each line.</summary>
    public override string ToString() =>
        string.Join('\n', Found.Select(r => r.ToString()).Append(IsComplete ? null : "... the time was over before all were tried").OfType<string>());
}

/// <summary>Changes and actions after which a row is no longer in its table, none of which can be left out.</summary>
/// <param name="Steps">The steps in order, each as a sequence of a what-if has it: <c>approved+("vm-1")</c>, <c>stop("vm-1")</c>.</param>
public sealed record Remedy(IReadOnlyList<string> Steps)
{
    /// <summary>The steps as one sequence, as <see cref="WhatIf.Simulation.Sequence"/> takes it.</summary>
    public override string ToString() => string.Join(' ', Steps);
}
