namespace Congress.Diagnostics;

/// <summary>A stretch of a policy text: where a token, a literal or a rule stands.</summary>
/// <param name="Source">The name of the text: a file's path, or a policy's name; null when it has none.</param>
/// <param name="Start">The offset of the first UTF-16 unit, from 0.</param>
/// <param name="Length">The number of UTF-16 units.</param>
/// <param name="Line">The line of the start, from 1; 0 when there is no text.</param>
/// <param name="Column">The column of the start, from 1.</param>
public readonly record struct SourceSpan(string? Source, int Start, int Length, int Line, int Column)
{
    /// <summary>The offset just past the last unit.</summary>
    public int End => Start + Length;

    /// <summary>The span from the start of this one to the end of another.</summary>
    public SourceSpan To(SourceSpan last) => this with { Length = Math.Max(last.End, End) - Start };

    /// <summary><c>source:line:column</c>, without the parts that are not known.</summary>
    public override string ToString() =>
        Line == 0 ? Source ?? "" : Source is null ? $"{Line}:{Column}" : $"{Source}:{Line}:{Column}";
}
