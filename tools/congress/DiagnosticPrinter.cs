using Congress.Diagnostics;

namespace Congress.Cli;

/// <summary>Prints diagnostics as a good compiler does: the place, the line, a caret under it, and what would be right.</summary>
internal sealed class DiagnosticPrinter(TextWriter output, SourceTexts sources, bool usesColors)
{
    private const string Red = "1;31";
    private const string Yellow = "1;33";
    private const string Green = "1;32";
    private const string Cyan = "1;36";
    private const string Bold = "1";

    /// <summary>Prints all of them, and how many there are when some are errors.</summary>
    public void Print(IReadOnlyList<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Print(diagnostic);
        }

        var errors = diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error);
        if (errors > 0)
        {
            var warnings = diagnostics.Count - errors;
            output.WriteLine(Count(errors, "error") + (warnings == 0 ? "" : ", " + Count(warnings, "warning")));
        }
    }

    /// <summary>Prints an error that has no code.</summary>
    public void PrintError(string place, string message) =>
        output.WriteLine($"{Colored(place, Bold)}: {Colored("error", Red)}: {message}");

    /// <summary>Prints a warning that has no code.</summary>
    public void PrintWarning(string place, string message) =>
        output.WriteLine($"{Colored(place, Bold)}: {Colored("warning", Yellow)}: {message}");

    private void Print(Diagnostic diagnostic)
    {
        var (word, color) = diagnostic.Severity == DiagnosticSeverity.Error ? ("error", Red) : ("warning", Yellow);
        var place = diagnostic.Span.ToString();
        output.WriteLine($"{Colored(place.Length > 0 ? place : "congress", Bold)}: {Colored($"{word} {diagnostic.Id}", color)}: {diagnostic.Message}");
        if (sources.LineAt(diagnostic.Span) is var (line, start))
        {
            output.WriteLine("    " + line);
            output.WriteLine("    " + Margin(line, start) + Colored(new('^', Math.Clamp(diagnostic.Span.Length, 1, Math.Max(1, line.Length - start))), Green));
        }

        if (diagnostic.Hint is not null)
        {
            output.WriteLine($"    {Colored("hint", Cyan)}: {diagnostic.Hint}");
        }
    }

    /// <summary>White space as wide as the line up to the caret, tabs for tabs.</summary>
    private static string Margin(string line, int start) => string.Concat(line.Take(start).Select(c => c == '\t' ? '\t' : ' '));

    private string Colored(string text, string color) => usesColors ? $"\x1b[{color}m{text}\x1b[0m" : text;

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
