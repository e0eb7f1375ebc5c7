using System.Text.RegularExpressions;
using Congress.Datalog.Syntax;

namespace Congress.Tests.Conformance;

/// <summary>Statements in a form in which two that mean the same are the same text.</summary>
internal static class CaseText
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>One statement: strings in double quotes, <c>p()</c> for <c>p</c>, column references and conditions sorted.</summary>
    public static string Canonical(string text) => Canonical(Parse(text));

    /// <summary>As <see cref="Canonical(string)"/>, but that an unknown value, which an action policy can answer with, may have any name.</summary>
    public static string Answer(string text) =>
        Parse(text) is Formula { IsFact: true } fact && fact.Head.Terms.Any(t => t is Variable) ? UpToNames(text) : Canonical(text);

    /// <summary>As <see cref="Canonical(string)"/>, with the conditions in the order in which they stand.</summary>
    public static string InOrder(string text) => WithSortedColumns(Parse(text)).ToString();

    /// <summary>As <see cref="Canonical(string)"/>, with the variables named by order of appearance and without the prefix of builtins.</summary>
    public static string UpToNames(string text)
    {
        if (Parse(text.Replace("builtin:", "", StringComparison.Ordinal)) is not Formula formula)
        {
            return Canonical(text);
        }

        // Which condition comes first decides the names: of all orders, the least text.
        return Orders([.. formula.Body]).Select(body => Renamed((formula with { Body = new([.. body]) }).ToString())).Min(StringComparer.Ordinal)!;
    }

    private static Statement Parse(string text)
    {
        // The reference prints an event with its policy behind the bracket.
        var parsed = Parser.Parse(Regex.Replace(text, @"\] for (?<policy>\S+)$", "; \"${policy}\"]", RegexOptions.None, Soon));
        Assert.False(parsed.HasErrors, $"{text}: {string.Join("; ", parsed.Diagnostics)}");
        return Assert.Single(parsed.Statements);
    }

    private static string Canonical(Statement statement) => WithSortedColumns(statement) is Formula formula ? formula.Identity : WithSortedColumns(statement).ToString();

    private static Statement WithSortedColumns(Statement statement) => statement switch
    {
        Formula formula => WithSortedColumns(formula),
        Event change => change with { Rule = WithSortedColumns(change.Rule) },
        _ => statement,
    };

    private static Formula WithSortedColumns(Formula formula) => formula with
    {
        Heads = new([.. formula.Heads.Select(h => (AtomLiteral)WithSortedColumns(h))]),
        Body = new([.. formula.Body.Select(WithSortedColumns)]),
    };

    private static Literal WithSortedColumns(Literal literal) => literal is AtomLiteral { Atom: var atom } plain
        ? plain with { Atom = atom with { Named = new([.. atom.Named.OrderBy(n => n.ToString(), StringComparer.Ordinal)]) } }
        : literal;

    private static string Renamed(string rule)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        return Regex.Replace(rule, "\"(?:[^\"\\\\]|\\\\.)*\"|(?<=[(,=] ?)[A-Za-z_]\\w*(?=[,)])", m =>
            m.Value[0] == '"' || m.Value is "true" or "false" or "null" ? m.Value
            : names.TryGetValue(m.Value, out var name) ? name : names[m.Value] = $"v{names.Count}", RegexOptions.None, Soon);
    }

    /// <summary>All orders of a few conditions; of many, the sorted one only.</summary>
    private static IEnumerable<IEnumerable<Literal>> Orders(Literal[] body) =>
        body.Length > 6 ? [body.OrderBy(l => l.ToString(), StringComparer.Ordinal)]
        : body.Length < 2 ? [body]
        : body.SelectMany((first, i) => Orders([.. body[..i], .. body[(i + 1)..]]).Select(rest => rest.Prepend(first)));
}
