using Congress.Data;

namespace Congress.Datalog.Syntax;

/// <summary>An argument of an atom, or a side of a comparison.</summary>
internal abstract record Term : SyntaxNode;

/// <summary>A variable; <c>_</c> is another one at every place.</summary>
internal sealed record Variable(string Name) : Term
{
    public const string Anonymous = "_";

    public bool IsAnonymous => string.Equals(Name, Anonymous, StringComparison.Ordinal);
}

/// <summary>A value written out.</summary>
internal sealed record Constant(Value Value) : Term;

/// <summary>An aggregate in a head, such as <c>count(vm)</c> or <c>count(distinct x)</c>.</summary>
internal sealed record Aggregate(AggregateFunction Function, bool Distinct, Variable Variable) : Term;

/// <summary>What an aggregate computes over the distinct bindings of its rule's body.</summary>
internal enum AggregateFunction
{
    Count,
    Sum,
    Min,
    Max,
    Avg,
}

/// <summary>A column reference and its term: <c>id=x</c> by name, or <c>0=x</c> by position.</summary>
internal sealed record NamedArgument(string? Column, int Position, Term Term) : SyntaxNode;
