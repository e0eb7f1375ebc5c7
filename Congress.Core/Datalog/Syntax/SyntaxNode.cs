using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>A part of a policy's text as a tree. Two nodes are equal when they say the same, wherever they stand.</summary>
/// <remarks><c>ToString</c> prints the node so that parsing it again gives an equal node.</remarks>
internal abstract record SyntaxNode
{
    /// <summary>Where the node stands; not part of its identity.</summary>
    public SourceSpan Span { get; init; }

    public virtual bool Equals(SyntaxNode? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    public sealed override string ToString() => Printer.Print(this);
}
