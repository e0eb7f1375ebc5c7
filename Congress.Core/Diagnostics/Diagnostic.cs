using System.Globalization;
using System.Text;

namespace Congress.Diagnostics;

/// <summary>Something to say about a policy text or a facts file: what, where, and what would be right.</summary>
/// <param name="Code">The kind of finding; <c>docs/diagnostics.md</c> has a section on each.</param>
/// <param name="Severity">Whether the text was refused for it.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Hint">What to do about it, or null.</param>
public sealed record Diagnostic(
    DiagnosticCode Code, DiagnosticSeverity Severity, string Message, SourceSpan Span, string? Hint = null)
{
    /// <summary>The stable identifier: <c>CGS</c> and the number of the code in four digits.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"CGS{(int)Code:D4}");

    /// <summary>Makes an error.</summary>
    public static Diagnostic Error(DiagnosticCode code, SourceSpan span, string message, string? hint = null) =>
        new(code, DiagnosticSeverity.Error, message, span, hint);

    /// <summary>Makes a warning.</summary>
    public static Diagnostic Warning(DiagnosticCode code, SourceSpan span, string message, string? hint = null) =>
        new(code, DiagnosticSeverity.Warning, message, span, hint);

    /// <summary>The finding on one line: <c>CGS0204 (3:14): message; hint</c>.</summary>
    public override string ToString()
    {
        var result = new StringBuilder(Id);
        var place = Span.ToString();
        if (place.Length > 0)
        {
            result.Append(" (").Append(place).Append(')');
        }

        result.Append(": ").Append(Message);
        return Hint is null ? result.ToString() : result.Append("; ").Append(Hint).ToString();
    }
}
