using System.Globalization;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>Atoms, terms, declarations and annotations, and how the parser moves over tokens.</summary>
internal sealed partial class Parser
{
    private const string ArithmeticHint = "arithmetic is a literal of its own, such as plus(x, 1, y)";

    private bool AtWord(string word) =>
        _token.Kind == TokenKind.Identifier && string.Equals(_token.Text, word, StringComparison.Ordinal);

    private bool AtReservedWord => _token.Kind == TokenKind.Identifier && _token.Text is "not" or "NOT" or "execute" or "insert" or "delete";

    private Atom? ParseAtom()
    {
        var start = _token.Span;
        if (ParseTableName() is not var (policy, table))
        {
            return null;
        }

        if (_token.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            table += _token.Text;
            Advance();
        }

        var arguments = new List<Term>();
        var named = new List<NamedArgument>();
        if (Accept(TokenKind.LeftParenthesis) && !Accept(TokenKind.RightParenthesis))
        {
            do
            {
                if (!ParseArgument(arguments, named))
                {
                    return null;
                }
            }
            while (Accept(TokenKind.Comma));
            if (!Expect(TokenKind.RightParenthesis, "',' or ')'"))
            {
                return null;
            }
        }

        return new(Modal.None, policy, table, arguments.Count == 0 ? NodeList<Term>.Empty : new([.. arguments]),
            named.Count == 0 ? NodeList<NamedArgument>.Empty : new([.. named])) { Span = start.To(_last) };
    }

    private (string? Policy, string Table)? ParseTableName()
    {
        var parts = new List<string>(2);
        do
        {
            if (_token.Kind != TokenKind.Identifier || AtReservedWord)
            {
                Unexpected("the name of a table", AtReservedWord ? $"'{_token.Text}' is a reserved word" : null);
                return null;
            }

            parts.Add(_token.Text);
            Advance();
        }
        while (Accept(TokenKind.Colon));
        return parts.Count == 1 ? (null, parts[0]) : (parts[0], string.Join(':', parts.Skip(1)));
    }

    private bool ParseArgument(List<Term> arguments, List<NamedArgument> named)
    {
        var start = _token.Span;
        if (_token.Kind is TokenKind.Identifier or TokenKind.Integer && _next.Kind == TokenKind.Equal)
        {
            var (isName, column) = (_token.Kind == TokenKind.Identifier, _token);
            var position = isName ? -1 : (int)Math.Min(_token.Value.AsInteger(), int.MaxValue);
            Advance();
            Advance();
            var value = ParseTerm();
            if (value is null)
            {
                return false;
            }

            var argument = new NamedArgument(isName ? column.Text : null, position, value) { Span = start.To(_last) };
            CheckReference(argument, arguments.Count, named);
            named.Add(argument);
            return true;
        }

        var term = _token.Kind == TokenKind.Identifier && _next.Kind == TokenKind.LeftParenthesis ? ParseAggregate() : ParseTerm();
        if (term is null)
        {
            return false;
        }

        if (named.Count > 0)
        {
            Report(Diagnostic.Error(DiagnosticCode.BadArguments, term.Span,
                $"the positional argument {term} stands after a column reference", "put positions first, or name the column"));
        }

        arguments.Add(term);
        return true;
    }

    private void CheckReference(NamedArgument argument, int positions, List<NamedArgument> named)
    {
        // A table with so many columns is refused anyway; to compare them all would take time in the square of their number.
        if (named.Count <= FormLimits.MaxArity && named.Exists(n => string.Equals(n.Column, argument.Column, StringComparison.Ordinal) && n.Position == argument.Position))
        {
            Report(Diagnostic.Error(DiagnosticCode.BadArguments, argument.Span,
                $"column {argument.Column ?? argument.Position.ToString(CultureInfo.InvariantCulture)} is given twice"));
        }
        else if (argument.Column is null && argument.Position < positions)
        {
            Report(Diagnostic.Error(DiagnosticCode.BadArguments, argument.Span,
                $"column {argument.Position} is given by position already"));
        }
    }

    private Aggregate? ParseAggregate()
    {
        var start = _token.Span;
        if (!Enum.TryParse<AggregateFunction>(_token.Text, ignoreCase: true, out var function)
            || !string.Equals(_token.Text, function.ToString().ToLowerInvariant(), StringComparison.Ordinal))
        {
            if (AtNextStatement)
            {
                Unexpected("a variable or a value");
                return null;
            }

            Report(Diagnostic.Error(DiagnosticCode.BadAggregate, _token.Span, $"'{_token.Text}' is not an aggregate",
                "the aggregates are count, sum, min, max and avg; a function is a literal of its own, such as plus(x, 1, y)"));
            return null;
        }

        Advance();
        Advance();
        var distinct = AtWord("distinct") && _next.Kind == TokenKind.Identifier;
        if (distinct)
        {
            if (function != AggregateFunction.Count)
            {
                Report(Diagnostic.Error(DiagnosticCode.BadAggregate, _token.Span, "only count takes 'distinct'",
                    "aggregate over a helper table that holds the distinct values"));
            }

            Advance();
        }

        if (ParseTerm() is not { } term)
        {
            return null;
        }

        if (term is not Variable variable)
        {
            Report(Diagnostic.Error(DiagnosticCode.BadAggregate, term.Span, "an aggregate is over one variable", "count(x) counts the rows, whatever x is"));
            return null;
        }

        return Expect(TokenKind.RightParenthesis, "')'") ? new(function, distinct, variable) { Span = start.To(_last) } : null;
    }

    private Term? ParseTerm()
    {
        var token = _token;
        if (token.Kind == TokenKind.Minus && _next.Kind is TokenKind.Integer or TokenKind.Real)
        {
            Advance();
            var number = _token.Value;
            Advance();
            var negative = number.Kind == ValueKind.Real ? Value.Of(-number.AsReal()) : Value.Of(-number.AsInteger());
            return new Constant(negative) { Span = token.Span.To(_last) };
        }

        Term? term = token.Kind switch
        {
            TokenKind.Integer or TokenKind.Real or TokenKind.Text => new Constant(token.Value) { Span = token.Span },
            TokenKind.Identifier when !AtReservedWord => token.Text switch
            {
                "true" => new Constant(Value.True) { Span = token.Span },
                "false" => new Constant(Value.False) { Span = token.Span },
                "null" => new Constant(Value.Null) { Span = token.Span },
                _ => new Variable(token.Text) { Span = token.Span },
            },
            _ => null,
        };
        if (term is null)
        {
            Unexpected("a variable or a value", AtReservedWord ? $"'{token.Text}' is a reserved word" : null);
            return null;
        }

        Advance();
        return term;
    }

    /// <summary>Reads <c>declare [policy:]table(column[:type], ...)</c>, or reads nothing when <c>declare</c> turns out to
    /// be a table, as in <c>declare p(x) :- q(x)</c>.</summary>
    private bool TryParseDeclaration(out Declaration? declaration)
    {
        declaration = null;
        if (_next.Kind != TokenKind.Identifier)
        {
            return false;
        }

        var (mark, token, next, last) = (_lexer.Mark, _token, _next, _last);
        var (errors, found) = (_errors, _diagnostics.Count);
        Advance();
        declaration = ParseDeclaration();
        if (declaration is not null && _token.Kind is not (TokenKind.If or TokenKind.Comma))
        {
            return true;
        }

        if (declaration is null && _token.Kind is not (TokenKind.Integer or TokenKind.Real or TokenKind.Text or TokenKind.Minus)
            && _errors > errors)
        {
            return true;   // a declaration with a mistake, which has been reported
        }

        declaration = null;
        _diagnostics.RemoveRange(found, _diagnostics.Count - found);
        (_token, _next, _last, _errors) = (token, next, last, errors);
        _lexer.Return(mark);
        return false;
    }

    private Declaration? ParseDeclaration()
    {
        if (ParseTableName() is not var (policy, table) || !Expect(TokenKind.LeftParenthesis, "'('"))
        {
            return null;
        }

        var columns = new List<Column>();
        if (!Accept(TokenKind.RightParenthesis))
        {
            do
            {
                var name = _token;
                if (!Expect(TokenKind.Identifier, "the name of a column"))
                {
                    return null;
                }

                if (columns.Count <= FormLimits.MaxArity && columns.Exists(c => string.Equals(c.Name, name.Text, StringComparison.Ordinal)))
                {
                    Report(Diagnostic.Error(DiagnosticCode.BadDeclaration, name.Span, $"column {name.Text} is declared twice"));
                }

                columns.Add(new(name.Text, Accept(TokenKind.Colon) ? ParseColumnType() : ColumnType.Any));
            }
            while (Accept(TokenKind.Comma));
            if (!Expect(TokenKind.RightParenthesis, "',' or ')'"))
            {
                return null;
            }
        }

        return new(policy, table, new([.. columns]));
    }

    private ColumnType ParseColumnType()
    {
        ColumnType? type = _token.Text switch
        {
            "any" => ColumnType.Any,
            "text" => ColumnType.Text,
            "int" => ColumnType.Int,
            "real" => ColumnType.Real,
            "bool" => ColumnType.Bool,
            _ => null,
        };
        if (type is null)
        {
            Report(Diagnostic.Error(DiagnosticCode.BadDeclaration, _token.Span, $"{_token.Described} is not a type",
                "the types are text, int, real, bool and any"));
        }

        Advance();
        return type ?? ColumnType.Any;
    }

    private bool TryParseAnnotations(out Annotations annotations)
    {
        annotations = Annotations.None;
        while (Accept(TokenKind.At))
        {
            var name = _token;
            if (!Expect(TokenKind.Identifier, "the name of an annotation") || !Expect(TokenKind.LeftParenthesis, "'('"))
            {
                return false;
            }

            var value = _token;
            if (value.Kind is not (TokenKind.Text or TokenKind.Identifier))
            {
                Unexpected("a string or a word");
                return false;
            }

            Advance();
            if (!Expect(TokenKind.RightParenthesis, "')'"))
            {
                return false;
            }

            annotations = Annotate(annotations, name, value.Kind == TokenKind.Text ? value.Value.AsText() : value.Text, value.Span);
        }

        return true;
    }

    private Annotations Annotate(Annotations annotations, Token name, string value, SourceSpan span)
    {
        switch (name.Text)
        {
            case "id" when annotations.Id is null:
                return annotations with { Id = value };
            case "message" when annotations.Message is null:
                _message = span;
                return annotations with { Message = value };
            case "severity" when annotations.Severity is null && value is "error" or "warning" or "info":
                return annotations with { Severity = value };
            case "severity" when annotations.Severity is null:
                Report(Diagnostic.Error(DiagnosticCode.BadAnnotation, span, $"'{value}' is not a severity", "write error, warning or info"));
                return annotations;
            case "id" or "message" or "severity":
                Report(Diagnostic.Error(DiagnosticCode.BadAnnotation, name.Span, $"@{name.Text} is given twice"));
                return annotations;
            default:
                Report(Diagnostic.Error(DiagnosticCode.BadAnnotation, name.Span, $"@{name.Text} is not an annotation",
                    "the annotations are @id, @severity and @message"));
                return annotations;
        }
    }

    /// <summary>Warns of names that OpenStack Congress reads as variables and we as values, or the other way round.</summary>
    private void WarnOfLiteralNames(Formula formula)
    {
        if (formula.IsFact)
        {
            return;
        }

        var terms = formula.Heads.SelectMany(h => h.Atom.Terms).Concat(formula.Body.SelectMany(TermsOf))
            .Where(t => t is Constant { Value.Kind: ValueKind.Boolean or ValueKind.Null } or Variable { Name: "True" or "False" or "None" }).ToArray();
        foreach (var group in terms.OfType<Constant>().GroupBy(c => c.Value))
        {
            if (group.Count() > 1)
            {
                Report(Diagnostic.Warning(DiagnosticCode.LiteralName, group.First().Span,
                    $"{group.Key} is a value here; in OpenStack Congress it was a variable, and this rule would join on it"));
            }
        }

        foreach (var variable in terms.OfType<Variable>())
        {
            Report(Diagnostic.Warning(DiagnosticCode.LiteralName, variable.Span, $"{variable.Name} is a variable and matches anything",
                $"write \"{variable.Name}\" for the text or {(variable.Name is "None" ? "null" : variable.Name.ToLowerInvariant())} for the value"));
        }
    }

    /// <summary>Warns of names in a message that stand for nothing: all variables of a rule have a value, of an
    /// aggregate's rule only those that are columns of the head.</summary>
    private void WarnOfMessageNames(Formula formula)
    {
        if (formula.IsFact || formula.Annotations.Message is not { } message)
        {
            return;
        }

        var head = formula.Head.Terms.ToArray();
        var terms = Array.Exists(head, t => t is Aggregate) ? head : head.Concat(formula.Body.SelectMany(TermsOf));
        var known = terms.OfType<Variable>().Where(v => !v.IsAnonymous).Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in MessageTemplate.NamesIn(message).Where(n => !known.Contains(n)).Distinct(StringComparer.Ordinal))
        {
            var isInBody = formula.Body.SelectMany(TermsOf).OfType<Variable>().Any(v => string.Equals(v.Name, name, StringComparison.Ordinal));
            Report(Diagnostic.Warning(DiagnosticCode.BadAnnotation, _message, isInBody && name != Variable.Anonymous
                ? $"the message names '{name}', which has many values for one row of an aggregate"
                : $"the message names '{name}', which is no variable of the rule",
                Spelling.Closest(name, known) is { } near ? $"did you mean {near}?"
                : known.Count > 0 ? $"it can name {string.Join(", ", known.Order(StringComparer.Ordinal))}" : null));
        }
    }

    private static IEnumerable<Term> TermsOf(Literal literal) => literal switch
    {
        AtomLiteral atom => atom.Atom.Terms,
        Comparison comparison => [comparison.Left, comparison.Right],
        _ => [],
    };

    private void Advance()
    {
        _last = _token.Span;
        _token = _next;
        _next = _lexer.Next();
    }

    private bool Accept(TokenKind kind)
    {
        if (_token.Kind != kind)
        {
            return false;
        }

        Advance();
        return true;
    }

    private bool Expect(TokenKind kind, string expected, string? hint = null)
    {
        if (Accept(kind))
        {
            return true;
        }

        Unexpected(expected, hint);
        return false;
    }

    /// <summary>Reports a token that the grammar does not want here; what follows from a broken token is not reported.</summary>
    private void Unexpected(string expected, string? hint = null)
    {
        if (_lastBreak < _statementStart || _lastBreak > _token.Span.Start)
        {
            Report(Diagnostic.Error(DiagnosticCode.UnexpectedToken, _token.Span, $"expected {expected}, found {_token.Described}",
                hint ?? (_token.Kind is TokenKind.Plus or TokenKind.Minus ? ArithmeticHint : null)));
        }
        else
        {
            _errors++;
        }
    }

    private void ReportBreak(Diagnostic diagnostic)
    {
        _lastBreak = diagnostic.Severity == DiagnosticSeverity.Error ? diagnostic.Span.Start : _lastBreak;
        Report(diagnostic);
    }

    private void Report(Diagnostic diagnostic)
    {
        _errors += diagnostic.Severity == DiagnosticSeverity.Error ? 1 : 0;
        if (_diagnostics.Count < 2 * MaxErrors)
        {
            _diagnostics.Add(diagnostic);
        }
    }

    /// <summary>Whether a statement seems to begin here, at the start of a line, before the last one has ended.</summary>
    private bool AtNextStatement => _token is { StartsLine: true, Kind: TokenKind.Identifier or TokenKind.At, Span.Column: 1 }
        && _token.Span.Start > _statementStart;

    private bool CanBeginStatement => _token.Kind is TokenKind.End or TokenKind.Identifier or TokenKind.Not or TokenKind.At;

    /// <summary>After an error, goes on behind the next terminator or at the next line that begins a statement.</summary>
    private void SkipToNextStatement()
    {
        while (_token.Kind != TokenKind.End && !AtNextStatement)
        {
            var isEnd = _token.Kind is TokenKind.Dot or TokenKind.Semicolon;
            Advance();
            if (isEnd && CanBeginStatement)
            {
                return;
            }
        }
    }
}
