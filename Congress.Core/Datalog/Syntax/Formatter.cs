using System.Text;
using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>Writes a policy text in the one canonical form.</summary>
/// <remarks>
/// The statements stay the same, in their order; so do the comments. A statement is printed from its tree, unless a
/// comment stands inside it: then its own text is kept. Formatting what was formatted changes nothing.
/// </remarks>
internal sealed class Formatter
{
    private const int MaxColumns = 120;
    private const string Indent = "    ";

    private readonly string _text;
    private readonly StringBuilder _result = new();
    private int _end;              // of the last item
    private bool _breaks = true;   // whether the next item cannot stand on the line of the last one

    private Formatter(string text) => _text = text;

    /// <summary>Formats a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name in messages.</param>
    /// <returns>The formatted text, null when the text has errors; and what there is to say about it.</returns>
    public static (string? Formatted, IReadOnlyList<Diagnostic> Diagnostics) Format(string text, string? source = null)
    {
        var comments = new List<SourceSpan>();
        var parsed = Parser.Parse(text, source, comments.Add);
        return (parsed.HasErrors ? null : new Formatter(text).Run(parsed.Statements, comments), parsed.Diagnostics);
    }

    private string Run(IReadOnlyList<Statement> statements, List<SourceSpan> comments)
    {
        // Where the parser goes back and reads again, it meets a comment twice.
        var waiting = new Queue<SourceSpan>(comments.DistinctBy(c => c.Start).OrderBy(c => c.Start));
        foreach (var statement in statements)
        {
            while (waiting.TryPeek(out var comment) && comment.Start < statement.Span.Start)
            {
                Append(waiting.Dequeue());
            }

            Append(statement, waiting);
        }

        while (waiting.TryDequeue(out var comment))
        {
            Append(comment);
        }

        return (_result.Length > 0 ? _result.Append('\n') : _result).ToString();
    }

    private void Append(Statement statement, Queue<SourceSpan> waiting)
    {
        var hasComments = false;
        for (; waiting.TryPeek(out var comment) && comment.Start < statement.Span.End; waiting.Dequeue())
        {
            hasComments = true;
        }

        _breaks = true;
        Separate(statement.Span);
        _result.Append(hasComments ? _text.AsSpan(statement.Span.Start, statement.Span.Length) : Print(statement)).Append('.');
        (_end, _breaks) = (statement.Span.End, false);
    }

    private void Append(SourceSpan comment)
    {
        var text = _text.Substring(comment.Start, comment.Length);
        Separate(comment);
        _result.Append(text.TrimEnd().Replace("\r\n", "\n", StringComparison.Ordinal));
        (_end, _breaks) = (comment.End, !text.StartsWith("/*", StringComparison.Ordinal));
    }

    /// <summary>Ends the line of the last item unless the next one stood on it, and keeps one of the blank lines between them.</summary>
    private void Separate(SourceSpan next)
    {
        if (_result.Length > 0)
        {
            var lines = _text.AsSpan(_end, next.Start - _end).Count('\n');
            _result.Append(lines > 1 ? "\n\n" : lines == 1 || _breaks ? "\n" : " ");
        }
    }

    private static string Print(Statement statement)
    {
        if (statement is not Formula formula)
        {
            return statement.ToString();
        }

        return string.Concat(Printer.Print(formula.Annotations).Select(annotation => annotation + "\n"))
            + PrintRule(formula with { Annotations = Annotations.None });
    }

    private static string PrintRule(Formula rule)
    {
        var line = rule.ToString();
        return rule.IsFact || line.Length < MaxColumns
            ? line
            : $"{string.Join(", ", rule.Heads)} :-\n{Indent}{string.Join($",\n{Indent}", rule.Body)}";
    }
}
