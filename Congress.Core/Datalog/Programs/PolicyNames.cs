using Congress.Datalog.Syntax;

namespace Congress.Datalog.Programs;

/// <summary>Which names a policy can have: those that can stand before a colon in a rule.</summary>
internal static class PolicyNames
{
    public static bool IsValid(string name) =>
        name != "builtin" && Parser.Parse($"p() :- {name}:q()") is { HasErrors: false, Statements: [Formula { Body: [AtomLiteral { Atom: { Policy: not null } atom }] }] }
        && atom.FullName == $"{name}:q";
}
