using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>Reads the policy language by recursive descent, and goes on after an error at the next statement.</summary>
/// <remarks>
/// The grammar is that of OpenStack Congress (<c>Congress.g</c>) with declarations, annotations, aggregates and infix
/// comparisons, none of which reserves a word. Nothing nests, so the depth of the calls is bounded.
/// </remarks>
internal sealed partial class Parser
{
    private const int MaxErrors = 100;
    private const int MaxTextLength = 256 * 1024 * 1024;

    private readonly Lexer _lexer;
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<Statement> _statements = [];
    private Token _token;
    private Token _next;
    private SourceSpan _last;
    private SourceSpan _message;
    private int _statementStart;
    private int _lastBreak = -1;
    private int _errors;

    private Parser(string text, string? source, Action<SourceSpan>? onComment)
    {
        _lexer = new(text, source, ReportBreak) { OnComment = onComment };
        _token = _lexer.Next();
        _next = _lexer.Next();
    }

    /// <summary>Reads a whole text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name in messages: a path or a policy.</param>
    /// <param name="onComment">Called with the span of each comment.</param>
    public static ParsedPolicy Parse(string text, string? source = null, Action<SourceSpan>? onComment = null)
    {
        if (text.Length > MaxTextLength)
        {
            return new([], [Diagnostic.Error(DiagnosticCode.TooMuch, new(source, 0, 0, 1, 1),
                $"the text has {text.Length} characters; at most {MaxTextLength} are read", "load data from facts files")]);
        }

        var parser = new Parser(text, source, onComment);
        parser.ParseStatements();
        // The lexer runs two tokens ahead of the parser, so its findings may come early.
        return new(parser._statements, [.. parser._diagnostics.OrderBy(d => d.Span.Start)]);
    }

    private bool TooManyErrors => _errors >= MaxErrors;

    private void ParseStatements()
    {
        while (_token.Kind != TokenKind.End && !TooManyErrors)
        {
            _statementStart = _token.Span.Start;
            var statement = ParseStatement();
            if (statement is null)
            {
                SkipToNextStatement();
                continue;
            }

            _statements.Add(statement);
            if (_token.Kind is not (TokenKind.Dot or TokenKind.Semicolon))
            {
                ExpectStatement(statement);
                continue;
            }

            Advance();
        }

        if (TooManyErrors)
        {
            _diagnostics.Add(Diagnostic.Error(DiagnosticCode.TooMuch, _token.Span, $"after {MaxErrors} errors the rest was not read"));
        }
    }

    /// <summary>After a statement without its dot, goes on with the next one if one can begin here.</summary>
    private void ExpectStatement(Statement statement)
    {
        if (CanBeginStatement)
        {
            return;
        }

        Unexpected(statement is Formula { IsFact: true } ? "':-' or '.'" : "',' or '.'", statement is Formula { IsFact: true }
            ? "a rule is written head :- body" : null);
        SkipToNextStatement();
    }

    private Statement? ParseStatement()
    {
        var start = _token.Span;
        if (!TryParseAnnotations(out var annotations))
        {
            return null;
        }

        Statement? statement;
        if (ReferenceEquals(annotations, Annotations.None) && AtWord("declare") && TryParseDeclaration(out var declaration))
        {
            statement = declaration;
        }
        else
        {
            statement = (AtWord("insert") || AtWord("delete")) && _next.Kind == TokenKind.LeftBracket
                ? ParseEventOrFormula(annotations)
                : ParseFormula(annotations, firstHead: null);
        }

        return statement is null ? null : statement with { Span = start.To(_last) };
    }

    /// <summary>An event, or a formula whose first atom stands in <c>insert[..]</c> or <c>delete[..]</c>.</summary>
    private Statement? ParseEventOrFormula(Annotations annotations)
    {
        var start = _token.Span;
        var modal = AtWord("insert") ? Modal.Insert : Modal.Delete;
        Advance();
        Advance();
        var rule = ParseLiteralLists(Annotations.None, firstHead: null, insideBrackets: true);
        if (rule is null)
        {
            return null;
        }

        if (rule is { IsFact: true, Heads: [{ Negated: false, Atom.Modal: Modal.None } head] })
        {
            if (head.Atom.Modal != Modal.None)
            {
                Report(Diagnostic.Error(DiagnosticCode.BadModal, head.Span, $"{head} stands inside '{Printer.Name(modal)}'", "write one modal around an atom"));
                return null;
            }

            if (!Expect(TokenKind.RightBracket, "']'"))
            {
                return null;
            }

            var atom = head.Atom with { Modal = modal, Span = start.To(_last) };
            return ParseFormula(annotations, new AtomLiteral(atom, false) { Span = atom.Span });
        }

        string? policy = null;
        if (_token.Kind is TokenKind.Dot or TokenKind.Semicolon)
        {
            Advance();
            if (_token.Kind != TokenKind.Text)
            {
                Unexpected("the name of a policy in quotes");
                return null;
            }

            policy = _token.Value.AsText();
            Advance();
        }

        return Expect(TokenKind.RightBracket, "']'") ? new Event(modal == Modal.Insert, rule, policy) : null;
    }

    private Formula? ParseFormula(Annotations annotations, AtomLiteral? firstHead)
    {
        var formula = ParseLiteralLists(annotations, firstHead, insideBrackets: false);
        if (formula is not { IsFact: true })
        {
            return formula;
        }

        if (formula.Heads.Count > 1 || formula.Heads[0].Negated)
        {
            Unexpected("':-' and a body", formula.Heads[0].Negated
                ? "a fact cannot be negated" : "end one fact with '.' before the next");
            return null;
        }

        return formula;
    }

    private Formula? ParseLiteralLists(Annotations annotations, AtomLiteral? firstHead, bool insideBrackets)
    {
        var start = firstHead?.Span ?? _token.Span;
        var heads = new List<AtomLiteral>(1);
        if (firstHead is not null)
        {
            heads.Add(firstHead);
        }

        while (firstHead is null || Accept(TokenKind.Comma))
        {
            firstHead = ParseHead();
            if (firstHead is null)
            {
                return null;
            }

            heads.Add(firstHead);
        }

        var body = new List<Literal>();
        if (Accept(TokenKind.If))
        {
            do
            {
                var literal = ParseBodyLiteral();
                if (literal is null)
                {
                    return null;
                }

                body.Add(literal);
            }
            while (Accept(TokenKind.Comma));
        }
        else if (insideBrackets && (heads.Count > 1 || heads[0].Negated || heads[0].Atom.Modal != Modal.None))
        {
            Unexpected("':-' and a body");
            return null;
        }

        var formula = new Formula(
            new([.. heads]), body.Count == 0 ? NodeList<Literal>.Empty : new([.. body]), annotations) { Span = start.To(_last) };
        WarnOfLiteralNames(formula);
        WarnOfMessageNames(formula);
        return formula;
    }

    private AtomLiteral? ParseHead()
    {
        if (AtComparison())
        {
            _ = ParseComparison();
            Report(Diagnostic.Error(DiagnosticCode.UnexpectedToken, _last, "a comparison cannot be a head"));
            return null;
        }

        return ParseAtomLiteral();
    }

    private Literal? ParseBodyLiteral() => AtComparison() ? ParseComparison() : ParseAtomLiteral();

    private bool AtComparison() => _token.Kind switch
    {
        TokenKind.Integer or TokenKind.Real or TokenKind.Text or TokenKind.Minus => true,
        TokenKind.Identifier => Operator(_next.Kind) is not null,
        _ => false,
    };

    private static ComparisonOperator? Operator(TokenKind kind) => kind switch
    {
        TokenKind.Equal => ComparisonOperator.Equal,
        TokenKind.NotEqual => ComparisonOperator.NotEqual,
        TokenKind.Less => ComparisonOperator.Less,
        TokenKind.LessOrEqual => ComparisonOperator.LessOrEqual,
        TokenKind.Greater => ComparisonOperator.Greater,
        TokenKind.GreaterOrEqual => ComparisonOperator.GreaterOrEqual,
        _ => null,
    };

    private Comparison? ParseComparison()
    {
        var start = _token.Span;
        var left = ParseTerm();
        if (left is null)
        {
            return null;
        }

        if (Operator(_token.Kind) is not { } comparison)
        {
            Unexpected("a comparison such as '=' or '<'");
            return null;
        }

        Advance();
        if (OtherSpelling(comparison, _token.Kind) is { } hint)
        {
            Unexpected("a variable or a value", hint);
            return null;
        }

        var right = ParseTerm();
        if (right is Variable && _token.Kind == TokenKind.LeftParenthesis)
        {
            Unexpected("',' or '.'", ArithmeticHint);
            return null;
        }

        return right is null ? null : new(left, comparison, right) { Span = start.To(_last) };
    }

    /// <summary>What to write instead of an operator of another language.</summary>
    private static string? OtherSpelling(ComparisonOperator first, TokenKind second) => (first, second) switch
    {
        (ComparisonOperator.Equal, TokenKind.Equal) => "equality is written =",
        (ComparisonOperator.Less, TokenKind.Greater) => "inequality is written !=",
        (ComparisonOperator.Equal, TokenKind.Less) => "at most is written <=",
        (ComparisonOperator.Equal, TokenKind.Greater) => "at least is written >=",
        _ => null,
    };

    private AtomLiteral? ParseAtomLiteral()
    {
        var start = _token.Span;
        var negated = _token.Kind == TokenKind.Not || AtWord("not") || AtWord("NOT");
        if (negated)
        {
            Advance();
            if (AtComparison())
            {
                Unexpected("a table", "a comparison is negated by its opposite: != for =, >= for <");
                return null;
            }
        }

        var atom = ParseModalAtom();
        return atom is null ? null : new(atom, negated) { Span = start.To(_last) };
    }

    private Atom? ParseModalAtom()
    {
        var modal = AtWord("execute") ? Modal.Execute : AtWord("insert") ? Modal.Insert : AtWord("delete") ? Modal.Delete : Modal.None;
        if (modal == Modal.None)
        {
            return ParseAtom();
        }

        var start = _token.Span;
        Advance();
        if (!Expect(TokenKind.LeftBracket, "'['", modal == Modal.Execute
            ? "'execute' is a reserved word: execute[service:action(x)]" : $"'{Printer.Name(modal)}' is a reserved word; give the table another name"))
        {
            return null;
        }

        var atom = ParseAtom();
        return atom is null || !Expect(TokenKind.RightBracket, "']'") ? null : atom with { Modal = modal, Span = start.To(_last) };
    }
}
