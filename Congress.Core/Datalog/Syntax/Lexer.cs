using System.Globalization;
using System.Text;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>Cuts a policy text into tokens, one at a time; comments and white space fall between them.</summary>
/// <remarks>
/// The lexical rules are those of OpenStack Congress (<c>Congress.g</c>) but for dots, which belong to an identifier
/// only between two of its characters, escapes, which are decoded, and the operators, which are new.
/// </remarks>
internal sealed class Lexer(string text, string? source, Action<Diagnostic> report)
{
    private int _position;
    private int _line = 1;
    private int _lineStart;
    private bool _startsLine = true;
    private bool _afterMinus;

    /// <summary>Called with the span of every comment, in order; set by those who care for comments.</summary>
    public Action<SourceSpan>? OnComment { get; init; }

    /// <summary>A place to return to with <see cref="Return"/>.</summary>
    public (int Position, int Line, int LineStart, bool StartsLine) Mark => (_position, _line, _lineStart, _startsLine);

    public void Return((int Position, int Line, int LineStart, bool StartsLine) mark) =>
        (_position, _line, _lineStart, _startsLine) = mark;

    /// <summary>The next token; <see cref="TokenKind.End"/> again and again at the end.</summary>
    public Token Next()
    {
        while (true)
        {
            SkipTrivia();
            var (startsLine, afterMinus) = (_startsLine, _afterMinus);
            (_startsLine, _afterMinus) = (false, false);
            if (_position >= text.Length)
            {
                return new(TokenKind.End, SpanFrom(_position), "", default, startsLine);
            }

            var start = _position;
            var c = text[start];
            if (Identifiers.StartsAt(text, start, out _))
            {
                return TextPrefixLength(start) is var prefix and > 0
                    ? TextToken(start, prefix, startsLine)
                    : IdentifierToken(start, startsLine);
            }

            if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
            {
                return NumberToken(start, startsLine, afterMinus);
            }

            if (c is '"' or '\'')
            {
                return TextToken(start, 0, startsLine);
            }

            var (kind, length) = Punctuation(c);
            if (length > 0)
            {
                _position += length;
                _afterMinus = kind == TokenKind.Minus;
                return new(kind, SpanFrom(start), Shown(kind), default, startsLine);
            }

            SkipUnexpected(start);
        }
    }

    private (TokenKind Kind, int Length) Punctuation(char c) => (c, Peek(1)) switch
    {
        (':', '-') => (TokenKind.If, 2),
        ('!', '=') => (TokenKind.NotEqual, 2),
        ('<', '=') => (TokenKind.LessOrEqual, 2),
        ('>', '=') => (TokenKind.GreaterOrEqual, 2),
        ('(', _) => (TokenKind.LeftParenthesis, 1),
        (')', _) => (TokenKind.RightParenthesis, 1),
        ('[', _) => (TokenKind.LeftBracket, 1),
        (']', _) => (TokenKind.RightBracket, 1),
        (',', _) => (TokenKind.Comma, 1),
        (';', _) => (TokenKind.Semicolon, 1),
        ('.', _) => (TokenKind.Dot, 1),
        (':', _) => (TokenKind.Colon, 1),
        ('+', _) => (TokenKind.Plus, 1),
        ('-', _) => (TokenKind.Minus, 1),
        ('@', _) => (TokenKind.At, 1),
        ('!', _) => (TokenKind.Not, 1),
        ('=', _) => (TokenKind.Equal, 1),
        ('<', _) => (TokenKind.Less, 1),
        ('>', _) => (TokenKind.Greater, 1),
        _ => (TokenKind.End, 0),
    };

    private static string Shown(TokenKind punctuation) => punctuation switch
    {
        TokenKind.If => ":-",
        TokenKind.NotEqual => "!=",
        TokenKind.LessOrEqual => "<=",
        TokenKind.GreaterOrEqual => ">=",
        TokenKind.LeftParenthesis => "(",
        TokenKind.RightParenthesis => ")",
        TokenKind.LeftBracket => "[",
        TokenKind.RightBracket => "]",
        TokenKind.Comma => ",",
        TokenKind.Semicolon => ";",
        TokenKind.Dot => ".",
        TokenKind.Colon => ":",
        TokenKind.Plus => "+",
        TokenKind.Minus => "-",
        TokenKind.At => "@",
        TokenKind.Not => "!",
        TokenKind.Equal => "=",
        TokenKind.Less => "<",
        TokenKind.Greater => ">",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private char Peek(int ahead) => _position + ahead < text.Length ? text[_position + ahead] : '\0';

    private SourceSpan SpanFrom(int start) => new(source, start, _position - start, _line, start - _lineStart + 1);

    private void NewLine(int next)
    {
        _line++;
        _lineStart = next;
        _startsLine = true;
    }

    private void SkipTrivia()
    {
        while (_position < text.Length)
        {
            var c = text[_position];
            if (c == '\n')
            {
                NewLine(++_position);
            }
            else if (char.IsWhiteSpace(c) || (c == '\uFEFF' && _position == 0))
            {
                _position++;
            }
            else if (c == '#' || (c == '/' && Peek(1) == '/'))
            {
                var start = _position;
                var end = text.IndexOf('\n', start);
                _position = end < 0 ? text.Length : end;
                OnComment?.Invoke(SpanFrom(start));
            }
            else if (c == '/' && Peek(1) == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBlockComment()
    {
        var (start, line, lineStart) = (_position, _line, _lineStart);
        var end = text.IndexOf("*/", start + 2, StringComparison.Ordinal);
        _position = end < 0 ? text.Length : end + 2;
        var span = SpanFrom(start);
        for (var i = text.IndexOf('\n', start, _position - start); i >= 0; i = text.IndexOf('\n', i + 1, _position - i - 1))
        {
            NewLine(i + 1);
        }

        if (end < 0)
        {
            report(Diagnostic.Error(DiagnosticCode.Unterminated, new(source, start, 2, line, start - lineStart + 1),
                "this comment has no end", "close it with */"));
        }

        OnComment?.Invoke(span);
    }

    private void SkipUnexpected(int start)
    {
        // One finding for a whole stretch of junk, so that a binary file gives a few and not a million.
        while (_position < text.Length && text[_position] != '\n' && !char.IsWhiteSpace(text[_position])
            && Punctuation(text[_position]).Length == 0 && text[_position] is not ('"' or '\'' or '#' or '/')
            && !char.IsAsciiDigit(text[_position]) && !Identifiers.StartsAt(text, _position, out _))
        {
            _position++;
        }

        _position = Math.Max(_position, start + 1);
        var shown = text[start] is var c && (char.IsControl(c) || char.IsSurrogate(c))
            ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}") : $"'{c}'";
        report(Diagnostic.Error(DiagnosticCode.UnexpectedCharacter, SpanFrom(start), $"unexpected character {shown}"));
    }

    private Token IdentifierToken(int start, bool startsLine)
    {
        _position = Identifiers.EndOf(text, start);
        return new(TokenKind.Identifier, SpanFrom(start), text[start.._position], default, startsLine);
    }

    private Token NumberToken(int start, bool startsLine, bool afterMinus)
    {
        _position = NumberLiteral.EndOf(text, start);
        if (Identifiers.StartsAt(text, _position, out _) || char.IsAsciiDigit(Peek(0)))
        {
            _position = Identifiers.EndOf(text, _position);
            report(Diagnostic.Error(DiagnosticCode.BadNumber, SpanFrom(start), $"'{text[start.._position]}' is not a number",
                "a name begins with a letter or an underscore; a number with a prefix is 0x1F, 0o17 or 0b11"));
            return new(TokenKind.Integer, SpanFrom(start), text[start.._position], Value.Of(0), startsLine);
        }

        var shown = text[start.._position];
        var (value, problem) = NumberLiteral.Read(shown, afterMinus);
        if (problem is not null)
        {
            report(Diagnostic.Error(DiagnosticCode.BadNumber, SpanFrom(start), problem));
        }

        return new(value.Kind == ValueKind.Real ? TokenKind.Real : TokenKind.Integer, SpanFrom(start), shown, value, startsLine);
    }

    /// <summary>The length of a string prefix (r, u, b, br, rb in any case) at a place, 0 if what stands there is a name.</summary>
    private int TextPrefixLength(int start)
    {
        for (var length = 1; length <= 2 && start + length < text.Length; length++)
        {
            if (text[start + length] is '"' or '\'')
            {
                var prefix = text.AsSpan(start, length);
                return prefix.Equals("r", StringComparison.OrdinalIgnoreCase)
                    || prefix.Equals("u", StringComparison.OrdinalIgnoreCase)
                    || prefix.Equals("b", StringComparison.OrdinalIgnoreCase)
                    || prefix.Equals("br", StringComparison.OrdinalIgnoreCase)
                    || prefix.Equals("rb", StringComparison.OrdinalIgnoreCase) ? length : 0;
            }
        }

        return 0;
    }

    private Token TextToken(int start, int prefixLength, bool startsLine)
    {
        var isRaw = text.AsSpan(start, prefixLength).IndexOfAny('r', 'R') >= 0;
        var value = new StringBuilder();
        _position += prefixLength;
        var (line, lineStart) = (_line, _lineStart);
        do
        {
            ReadPiece(start, isRaw, value);
        }
        while (Peek(0) is '"' or '\'');   // pieces that touch are one string

        var span = new SourceSpan(source, start, _position - start, line, start - lineStart + 1);
        return new(TokenKind.Text, span, text[start.._position], Value.Of(value.ToString()), startsLine);
    }

    private void ReadPiece(int start, bool isRaw, StringBuilder value)
    {
        var quote = text[_position];
        var isTriple = Peek(1) == quote && Peek(2) == quote;
        _position += isTriple ? 3 : 1;
        while (_position < text.Length)
        {
            var c = text[_position];
            if (c == quote && (!isTriple || (Peek(1) == quote && Peek(2) == quote)))
            {
                _position += isTriple ? 3 : 1;
                return;
            }

            if (c is '\n' or '\r' && !isTriple)
            {
                break;
            }

            if (c == '\\' && _position + 1 < text.Length && (isTriple || Peek(1) is not ('\n' or '\r')))
            {
                ReadEscape(isRaw, value);
                continue;
            }

            value.Append(c);
            _position++;
            if (c == '\n')
            {
                NewLine(_position);
                _startsLine = false;
            }
        }

        report(Diagnostic.Error(DiagnosticCode.Unterminated, new(source, start, 1, _line, Math.Max(1, start - _lineStart + 1)),
            "this string has no end", isTriple ? $"close it with {quote}{quote}{quote}" : $"close it with {quote} on the same line"));
    }

    private void ReadEscape(bool isRaw, StringBuilder value)
    {
        var start = _position;
        if (isRaw)
        {
            value.Append(text, start, 2);
            _position += 2;
            return;
        }

        var length = TextEscape.Read(text, start, out var decoded, out var problem);
        _position += length;
        value.Append(decoded);
        if (problem is not null)
        {
            report(problem.Value.IsError
                ? Diagnostic.Error(DiagnosticCode.BadEscape, SpanFrom(start), problem.Value.Message)
                : Diagnostic.Warning(DiagnosticCode.BadEscape, SpanFrom(start), problem.Value.Message,
                    $"write \\{text[start.._position]} for a backslash"));
        }
    }
}
