using Congress.Datalog.Syntax;

namespace Congress.Policies.Catalog;

/// <summary>How the texts of rules are shown.</summary>
public static class RuleText
{
    /// <summary>The text of one rule with a line for each condition, as the author wrote each (one without parentheses shares the line of the next, as in the
    /// reference); the text itself when it is not one rule.</summary>
    public static string Layout(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Parser.Parse(text, null).Statements is not [Formula { Body.Count: > 0 } formula])
        {
            return text.Trim().TrimEnd('.', ';').TrimEnd();
        }

        var head = text[formula.Heads[0].Span.Start..];
        return $"{head[..HeadLength(text, formula)].TrimEnd()} :-\n  {string.Concat(formula.Body.Select((l, i) => string.Concat(text.AsSpan(l.Span.Start, l.Span.Length), i == formula.Body.Count - 1 ? "" : text[l.Span.Start + l.Span.Length - 1] == ')' ? ",\n  " : ", ")))}";
    }

    /// <summary>Up to the neck; behind the last head, where a comment may be.</summary>
    private static int HeadLength(string text, Formula formula)
    {
        var end = formula.Heads[^1].Span.Start + formula.Heads[^1].Span.Length;
        var neck = text.LastIndexOf(":-", formula.Body[0].Span.Start, StringComparison.Ordinal);
        return (neck > 0 ? neck : end) - formula.Heads[0].Span.Start;
    }
}
