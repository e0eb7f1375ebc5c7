using System.Text.Json.Serialization;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Policies.Explaining;

/// <summary>Why a row is in a table: a fact, or a rule and what its conditions hold by.</summary>
/// <remarks>Of all derivations it is one of least height: facts have height 0, a derived row one more than the highest row below it. Of several the oldest
/// rule counts, then the least values of its variables. So it has no row above itself. A row that is needed in several places is one object.</remarks>
/// <param name="Table">The table.</param>
/// <param name="Row">The row.</param>
/// <param name="Height">The height; 0 for a fact.</param>
/// <param name="Rule">The rule that gives it; null for a fact.</param>
/// <param name="Conditions">The conditions of the rule in the order in which they were written; none for a fact.</param>
/// <param name="Origin">Where a fact comes from; null when that is not known, and for a derived row.</param>
public sealed record Derivation(
    TableName Table, Row Row, int Height, ExplainingRule? Rule, IReadOnlyList<HoldingCondition> Conditions, FactOrigin? Origin)
{
    /// <summary>The row as an atom.</summary>
    public string Atom => $"{Table}{Row}";

    /// <summary>The derivation as a list, for JSON, and as a graph.</summary>
    public DerivationDocument ToDocument() => DerivationDocument.Of(this);

    /// <summary>The derivation as a tree of text.</summary>
    public override string ToString() => DerivationText.Of(this);
}

/// <summary>A rule that explains a row, or its absence.</summary>
/// <param name="Policy">The policy that holds it.</param>
/// <param name="Text">The rule as it was written, without annotations.</param>
/// <param name="Id">The name that its author gave it, or null.</param>
/// <param name="Span">Where it stands in its text.</param>
/// <param name="Message">Its message with the values in place, or null.</param>
public sealed record ExplainingRule(string Policy, string Text, string? Id, [property: JsonIgnore] SourceSpan Span, string? Message)
{
    /// <summary>Where it stands: <c>source:line:column</c>, as far as that is known.</summary>
    public string Place => Span.ToString();

    /// <summary>The rule's own name, or the place where it stands.</summary>
    public string Name => Id ?? (Span.Line > 0 ? $"{Span.Source ?? Policy}:{Span.Line}" : Policy);
}

/// <summary>One condition of a rule, and what it holds by.</summary>
/// <param name="Text">The condition with the values in place.</param>
/// <param name="Rows">The rows that it holds by: one, or all that an aggregate sees; none for an absence, a comparison or a builtin.</param>
/// <param name="More">The number of rows of an aggregate that are not listed.</param>
/// <param name="Absence">Why nothing stands against a negated condition; null for others.</param>
public sealed record HoldingCondition(string Text, IReadOnlyList<Derivation> Rows, long More, string? Absence);
