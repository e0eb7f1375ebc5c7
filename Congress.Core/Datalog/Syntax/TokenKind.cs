namespace Congress.Datalog.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    Integer,
    Real,
    Text,
    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    Comma,
    Semicolon,
    Dot,
    Colon,
    If,
    Plus,
    Minus,
    At,
    Not,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
