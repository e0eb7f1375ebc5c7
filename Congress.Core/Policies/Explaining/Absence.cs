using System.Text.Json.Serialization;
using Congress.Data;

namespace Congress.Policies.Explaining;

/// <summary>Why a table has no such row.</summary>
/// <param name="Table">The table.</param>
/// <param name="Atom">The row that was looked for; variables stand for any value.</param>
/// <param name="Rules">What each rule of the table lacks, oldest first; none where no rule derives it.</param>
/// <param name="Rows">The number of rows that the table has.</param>
/// <param name="Nearest">The rows of the table that agree with it in most columns.</param>
/// <param name="Hint">What it was probably meant to be, or null.</param>
public sealed record Absence(
    [property: JsonIgnore] TableName Table, string Atom, IReadOnlyList<RuleAttempt> Rules, long Rows, IReadOnlyList<string> Nearest, string? Hint)
{
    /// <summary>The explanation as text.</summary>
    public override string ToString() => AbsenceText.Of(this);
}

/// <summary>How far a rule gets towards a row.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Held">How many of its conditions hold together.</param>
/// <param name="Conditions">How many it has.</param>
/// <param name="Lacking">The condition that fails, with the values for which the others hold; null when the head or the rule itself is the reason.</param>
/// <param name="Reason">Why it fails.</param>
/// <param name="Below">Why there is no row that the condition needs; null for other conditions, and where it would go too deep.</param>
public sealed record RuleAttempt(ExplainingRule Rule, int Held, int Conditions, string? Lacking, string Reason, Absence? Below);
