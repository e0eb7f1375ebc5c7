using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>One token: its kind, where it stands, and for a number or a text its value.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Text">The name of an identifier; for other kinds the characters that a message would show.</param>
/// <param name="Value">The value of a number or a text.</param>
/// <param name="StartsLine">Whether nothing but white space stands before it on its line.</param>
internal readonly record struct Token(TokenKind Kind, SourceSpan Span, string Text, Value Value, bool StartsLine)
{
    /// <summary>The token as a message names it.</summary>
    public string Described => Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.Identifier => $"'{Text}'",
        TokenKind.Text => "a string",
        _ => $"'{Text}'",
    };
}
