using Congress.Data;

namespace Congress.Datalog.Syntax;

/// <summary>Puts values in the place of variables.</summary>
internal static class Substitution
{
    /// <summary>The literal with each variable that has a value replaced by it.</summary>
    public static Literal With(this Literal literal, Func<string, Value?> valueOf) => literal switch
    {
        AtomLiteral atom => atom with { Atom = atom.Atom.With(valueOf) },
        Comparison c => c with { Left = c.Left.With(valueOf), Right = c.Right.With(valueOf) },
        _ => literal,
    };

    /// <summary>The atom with each variable that has a value replaced by it.</summary>
    public static Atom With(this Atom atom, Func<string, Value?> valueOf) => atom with
    {
        Arguments = new([.. atom.Arguments.Select(t => t.With(valueOf))]),
        Named = new([.. atom.Named.Select(n => n with { Term = n.Term.With(valueOf) })]),
    };

    private static Term With(this Term term, Func<string, Value?> valueOf) =>
        term is Variable variable && valueOf(variable.Name) is { } value ? new Constant(value) { Span = term.Span } : term;
}
