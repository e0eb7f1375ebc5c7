using System.Text;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Policies;

/// <summary>A row of a policy's <c>error</c> or <c>warning</c> table, and the rule that gave it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Row">The row.</param>
/// <param name="Severity">How bad it is: what the rule is annotated with, else the name of the table.</param>
/// <param name="Message">The rule's message with the values in place, or null.</param>
/// <param name="RuleId">The name of the rule, or null.</param>
/// <param name="Span">Where the rule stands; empty for a fact.</param>
/// <param name="Body">The conditions of the rule with the values for which they hold; empty for a fact. Where the rule
/// holds in several ways, this is one, always the same for the same rows.</param>
public sealed record Violation(
    TableName Table, Row Row, string Severity, string? Message, string? RuleId, SourceSpan Span, IReadOnlyList<string> Body)
{
    /// <summary>The row as a fact, with the place of its rule and its message as a comment.</summary>
    public override string ToString()
    {
        var result = new StringBuilder(Table.Table).Append(Row).Append("   // ").Append(Table.Policy);
        if (Span.Line > 0)
        {
            result.Append(':').Append(Span.Line);
        }

        return (Message is null ? result : result.Append(": ").Append(Message.ReplaceLineEndings(" "))).ToString();
    }
}
