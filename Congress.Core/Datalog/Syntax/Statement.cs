using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>One statement of a policy.</summary>
internal abstract record Statement : SyntaxNode;

/// <summary>A rule, or a fact, which has no body.</summary>
/// <param name="Heads">The heads; more than one, or a negated one, parses but is refused in a policy.</param>
/// <param name="Body">The conditions.</param>
/// <param name="Annotations">What stands before the rule.</param>
internal sealed record Formula(NodeList<AtomLiteral> Heads, NodeList<Literal> Body, Annotations Annotations) : Statement
{
    public bool IsFact => Body.Count == 0;

    public Atom Head => Heads[0].Atom;

    /// <summary>The names of the variables, once for each place where one stands.</summary>
    public IEnumerable<string> Variables => Heads.Concat(Body).SelectMany(l => l.Terms).OfType<Variable>().Where(v => !v.IsAnonymous).Select(v => v.Name);

    /// <summary>Where the rule itself stands, without its annotations.</summary>
    public SourceSpan Place => Heads[0].Span.To(Span);

    /// <summary>The identity of a rule in its policy: heads and conditions, whatever their order.</summary>
    public string Identity =>
        string.Join(", ", Heads.Select(h => h.ToString()).Order(StringComparer.Ordinal))
        + (IsFact ? "" : " :- " + string.Join(", ", Body.Select(b => b.ToString()).Order(StringComparer.Ordinal)));
}

/// <summary>What an author says about a rule.</summary>
/// <param name="Id">The rule's name.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Message">The text for a violation, with variables of the rule in braces.</param>
internal sealed record Annotations(string? Id, string? Severity, string? Message)
{
    public static Annotations None { get; } = new(null, null, null);
}

/// <summary>The schema of a table: <c>declare nova:servers(id, name:text).</c></summary>
internal sealed record Declaration(string? Policy, string Table, NodeList<Column> Columns) : Statement;

/// <summary>The insertion or deletion of a rule: <c>insert[p(x) :- q(x); "policy"]</c>. It parses, as in OpenStack
/// Congress, and is refused in a policy.</summary>
internal sealed record Event(bool IsInsert, Formula Rule, string? Policy) : Statement;
