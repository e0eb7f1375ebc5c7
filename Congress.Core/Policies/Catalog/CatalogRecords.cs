using Congress.Data;

namespace Congress.Policies.Catalog;

/// <summary>A policy as its author made it.</summary>
/// <param name="Id">Its identity, which no other policy ever has.</param>
/// <param name="Name">Its name, by which rules refer to it.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Abbreviation">A short name for traces, of at most five characters.</param>
/// <param name="Description">What it is for; null for nothing.</param>
/// <param name="Owner">Whose it is; null for nobody's.</param>
public sealed record PolicyRecord(string Id, string Name, PolicyKind Kind, string Abbreviation, string? Description = null, string? Owner = null);

/// <summary>A rule as its author wrote it; a fact is a rule without conditions.</summary>
/// <param name="Id">Its identity, which no other rule ever has.</param>
/// <param name="Policy">The name of the policy that holds it.</param>
/// <param name="Text">The text, character by character.</param>
/// <param name="Name">What its author calls it; null for nothing.</param>
/// <param name="Comment">What its author says about it; null for nothing.</param>
public sealed record RuleRecord(string Id, string Policy, string Text, string? Name = null, string? Comment = null);

/// <summary>One change of the policies and rules of a system.</summary>
public abstract record CatalogChange
{
    private CatalogChange()
    {
    }

    /// <summary>A policy without rules is there.</summary>
    public sealed record PolicyCreated(PolicyRecord Policy) : CatalogChange;

    /// <summary>A policy has gone, with all its rules.</summary>
    public sealed record PolicyDeleted(PolicyRecord Policy) : CatalogChange;

    /// <summary>A rule is there, behind the others of its policy.</summary>
    public sealed record RuleInserted(RuleRecord Rule) : CatalogChange;

    /// <summary>A rule has gone.</summary>
    public sealed record RuleDeleted(RuleRecord Rule) : CatalogChange;
}
