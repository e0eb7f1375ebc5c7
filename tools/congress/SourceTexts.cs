using System.Text;
using Congress.Diagnostics;

namespace Congress.Cli;

/// <summary>Finds the line that a diagnostic speaks of: in a text that was read, or in a file of facts.</summary>
internal sealed class SourceTexts
{
    private const int Longest = 200;   // of a line that is shown
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public void Add(string name, string text) => _texts[name] = text;

    /// <summary>The line at the start of a span, or the part of a long one around it.</summary>
    /// <returns>The text and the place of the span in it; null when it cannot be shown.</returns>
    public (string Line, int Start)? LineAt(SourceSpan span)
    {
        if (span is { Source: null } or { Line: 0 } || LineOf(span) is not { } line)
        {
            return null;
        }

        var start = Math.Clamp(span.Column - 1, 0, line.Length);
        var from = line.Length > Longest ? Math.Max(0, start - (Longest / 2)) : 0;
        var shown = line.Substring(from, Math.Min(Longest, line.Length - from));
        return (Printable(shown), start - from);
    }

    private string? LineOf(SourceSpan span)
    {
        if (_texts.TryGetValue(span.Source!, out var text))
        {
            using var known = new StringReader(text);
            return LineOf(known, span.Line);
        }

        try
        {
            using var file = new StreamReader(span.Source!, Encoding.UTF8);
            return LineOf(file, span.Line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Lines end at a line feed alone, as they are counted.
    private static string? LineOf(TextReader reader, int number)
    {
        for (var line = 1; line < number;)
        {
            var next = reader.Read();
            if (next < 0)
            {
                return null;
            }

            line += next == '\n' ? 1 : 0;
        }

        var result = new StringBuilder();
        for (var next = reader.Read(); next >= 0 && next != '\n'; next = reader.Read())
        {
            result.Append((char)next);
        }

        return result.ToString().TrimEnd('\r');
    }

    /// <summary>A line without characters that would move the cursor of a terminal.</summary>
    private static string Printable(string line) => string.Create(line.Length, line, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = char.IsControl(source[i]) && source[i] != '\t' ? ' ' : source[i];
        }
    });
}
