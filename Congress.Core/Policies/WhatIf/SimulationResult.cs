using Congress.Diagnostics;

namespace Congress.Policies.WhatIf;

/// <summary>What a what-if would bring about.</summary>
/// <param name="Appeared">The violations that there would be and are not now.</param>
/// <param name="Cleared">The violations that there are and would no longer be.</param>
/// <param name="Actions">The calls of actions that rules would ask for and do not now.</param>
/// <param name="Diagnostics">The warnings about the rules that it adds.</param>
public sealed record SimulationResult(
    IReadOnlyList<Violation> Appeared, IReadOnlyList<Violation> Cleared, IReadOnlyList<ActionCall> Actions, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The answers to the query as the state would be, sorted as texts; empty when none was asked.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>The answers that the query would gain, each with <c>+</c> behind its table, then those that it would lose, with <c>-</c>.</summary>
    public IReadOnlyList<string> Delta { get; init; } = [];

    /// <summary>The violations that would appear and clear, and the calls, one a line.</summary>
    public override string ToString() => string.Join(Environment.NewLine,
        Appeared.Select(v => $"+ {v}").Concat(Cleared.Select(v => $"- {v}")).Concat(Actions.Select(a => $"+ {a}")));

    /// <summary>The instances of a query that are in one answer and not in the other.</summary>
    internal static IReadOnlyList<string> Compare(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
    [
        .. after.Except(before, StringComparer.Ordinal).Select(i => Mark(i, '+')),
        .. before.Except(after, StringComparer.Ordinal).Select(i => Mark(i, '-')),
    ];

    private static string Mark(string instance, char sign) => instance.Insert(instance.IndexOf('(', StringComparison.Ordinal), sign.ToString());
}
