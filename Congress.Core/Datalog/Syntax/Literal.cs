namespace Congress.Datalog.Syntax;

/// <summary>What stands in brackets around an atom, if anything does.</summary>
internal enum Modal
{
    None,
    Execute,
    Insert,
    Delete,
}

/// <summary>A table and its arguments.</summary>
/// <param name="Modal">The modal around the atom.</param>
/// <param name="Policy">The policy that is named before the first colon; null when there is none.</param>
/// <param name="Table">The rest of the name, with its sign: <c>p</c>, <c>b:c</c>, <c>p+</c>.</param>
/// <param name="Arguments">The positional arguments.</param>
/// <param name="Named">The column references, which follow them.</param>
internal sealed record Atom(
    Modal Modal, string? Policy, string Table, NodeList<Term> Arguments, NodeList<NamedArgument> Named) : SyntaxNode
{
    /// <summary>The name with its policy, without its modal.</summary>
    public string FullName => Policy is null ? Table : $"{Policy}:{Table}";

    /// <summary>Whether the name ends in a sign, as the changes that an action policy describes.</summary>
    public bool IsUpdate => Table[^1] is '+' or '-';

    /// <summary>The text of the atom with other arguments in its parentheses.</summary>
    public string WithArguments(string arguments) =>
        Modal == Modal.None ? $"{FullName}({arguments})" : $"{Printer.Name(Modal)}[{FullName}({arguments})]";

    public IEnumerable<Term> Terms => Named.Count == 0 ? Arguments : Arguments.Concat(Named.Select(n => n.Term));
}

/// <summary>One condition of a body, or one head.</summary>
internal abstract record Literal : SyntaxNode
{
    /// <summary>All terms, in order.</summary>
    public abstract IEnumerable<Term> Terms { get; }
}

/// <summary>An atom, or the negation of one.</summary>
internal sealed record AtomLiteral(Atom Atom, bool Negated) : Literal
{
    public override IEnumerable<Term> Terms => Atom.Terms;
}

/// <summary>Two terms compared.</summary>
internal sealed record Comparison(Term Left, ComparisonOperator Operator, Term Right) : Literal
{
    public override IEnumerable<Term> Terms => [Left, Right];
}

/// <summary>The infix operators; <see cref="Equal"/> binds when one side is unbound.</summary>
internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
