using Congress.Diagnostics;

namespace Congress.Policies;

/// <summary>Whether a rule takes part in evaluation.</summary>
public enum RuleState
{
    /// <summary>It does.</summary>
    Active,

    /// <summary>It names columns of a policy or datasource that is not there yet, and will take part when it is.</summary>
    Waiting,

    /// <summary>It was accepted, but no longer fits a schema that has changed since.</summary>
    SetAside,
}

/// <summary>A rule and what became of it.</summary>
/// <param name="Policy">The policy that holds it.</param>
/// <param name="Text">The rule.</param>
/// <param name="Id">The name that its author gave it, or null.</param>
/// <param name="Span">Where it stands in its text.</param>
/// <param name="State">Whether it takes part in evaluation.</param>
/// <param name="WaitsFor">What it waits for: policies and datasources.</param>
/// <param name="Diagnostics">What there is to say about it.</param>
public sealed record RuleStatus(
    string Policy, string Text, string? Id, SourceSpan Span, RuleState State, IReadOnlyList<string> WaitsFor,
    IReadOnlyList<Diagnostic> Diagnostics);
