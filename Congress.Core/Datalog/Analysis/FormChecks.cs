using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Analysis;

/// <summary>What a statement of a policy may look like, before its names are resolved.</summary>
internal static class FormChecks
{
    /// <summary>The truth value that an atom is, or null when it is none: <c>true</c> and <c>false</c> without arguments.</summary>
    public static bool? Truth(Atom atom) =>
        atom is { Policy: null, Modal: Modal.None, Arguments.Count: 0, Named.Count: 0 } && atom.Table is "true" or "false"
            ? atom.Table is "true" : null;

    /// <summary>Whether a rule is small enough to be planned and evaluated.</summary>
    public static bool HasRoom(Formula formula, Findings findings)
    {
        if (formula.Body.Count > FormLimits.MaxLiterals)
        {
            findings.Error(DiagnosticCode.TooMuch, formula.Span, $"the rule has {formula.Body.Count} literals; at most {FormLimits.MaxLiterals} are allowed",
                "let helper tables hold parts of the body");
        }

        foreach (var atom in formula.Heads.Concat(formula.Body.OfType<AtomLiteral>()).Select(l => l.Atom)
            .Where(a => a.Arguments.Count + a.Named.Count > FormLimits.MaxArity))
        {
            findings.Error(DiagnosticCode.WrongArity, atom.Span,
                $"{atom.FullName} has {atom.Arguments.Count + atom.Named.Count} arguments; at most {FormLimits.MaxArity} are allowed");
        }

        return !findings.HasErrors;
    }

    /// <summary>Whether a policy can hold the rule, as far as its form tells.</summary>
    public static bool IsOneRule(Formula formula, string policy, IProgramScope scope, Findings findings)
    {
        var kind = scope.KindOf(policy) ?? PolicyKind.Nonrecursive;
        if (formula.Heads.Count != 1 || formula.Heads[0].Negated)
        {
            findings.Error(DiagnosticCode.NotAFormula, formula.Span, formula.Heads.Count != 1
                ? "a rule has one head; this one has several" : "a head cannot be negated", formula.Heads.Count != 1
                ? "write one rule for each head" : null);
            return false;
        }

        if (kind is PolicyKind.Database or PolicyKind.Datasource)
        {
            findings.Error(DiagnosticCode.NotPermitted, formula.Span,
                $"policy {policy} is of kind {kind.ToString().ToLowerInvariant()} and holds no rules", "put the rule into another policy");
            return false;
        }

        return HeadIsAllowed(formula, policy, kind, scope, findings);
    }

    /// <summary>The fact's arguments if it is one that a policy can hold; null after an error.</summary>
    public static bool IsFact(Formula formula, string policy, IProgramScope scope, Findings findings)
    {
        var atom = formula.Head;
        if (atom.Policy is not null)
        {
            findings.Error(DiagnosticCode.HeadNamesPolicy, atom.Span, $"the fact {atom} names a policy",
                atom.Modal != Modal.None ? $"write {atom} :- true"
                : string.Equals(atom.Policy, policy, StringComparison.Ordinal) ? $"write {atom.Table}" : $"insert {atom.Table} into policy {atom.Policy}");
        }

        if (atom.Modal is Modal.Insert or Modal.Delete && scope.KindOf(policy) != PolicyKind.Action)
        {
            findings.Error(DiagnosticCode.BadModal, atom.Span, $"'{Printer.Name(atom.Modal)}' is not allowed in a fact");
        }

        CheckName(atom, scope, findings);
        foreach (var term in atom.Terms.Where(t => t is not Constant))
        {
            findings.Error(term is Aggregate ? DiagnosticCode.BadAggregate : DiagnosticCode.FactNotGround, term.Span,
                $"the fact {atom} has {(term is Aggregate ? "the aggregate" : "the variable")} {term}",
                term is Aggregate ? "an aggregate needs a body" : $"facts hold values only; a text is written \"{term}\"");
        }

        return !findings.HasErrors;
    }

    private static bool HeadIsAllowed(Formula formula, string policy, PolicyKind kind, IProgramScope scope, Findings findings)
    {
        var head = formula.Head;
        var isAction = kind == PolicyKind.Action;
        if (head is { Policy: not null, Modal: Modal.None } && !(isAction && head.IsUpdate))
        {
            findings.Error(DiagnosticCode.HeadNamesPolicy, head.Span, $"the head {head} names policy {head.Policy}",
                string.Equals(head.Policy, policy, StringComparison.Ordinal) ? $"write {head.Table}" : $"put the rule into policy {head.Policy}");
        }

        if (!isAction)
        {
            CheckModals(formula, findings);
            CheckName(head, scope, findings);
        }

        if (Truth(head) is not null)
        {
            findings.Warning(DiagnosticCode.BuiltinName, head.Span, $"{head.Table} is always {head.Table}; the rule has no effect");
        }

        return true;   // an error here does not keep the body from being checked too
    }

    private static void CheckModals(Formula formula, Findings findings)
    {
        if (formula.Head.Modal is Modal.Insert or Modal.Delete)
        {
            findings.Error(DiagnosticCode.BadModal, formula.Head.Span,
                $"only 'execute' is allowed in a head, not '{Printer.Name(formula.Head.Modal)}'");
        }

        foreach (var literal in formula.Body.OfType<AtomLiteral>().Where(l => l.Atom.Modal != Modal.None))
        {
            findings.Error(DiagnosticCode.BadModal, literal.Span, $"'{Printer.Name(literal.Atom.Modal)}' is not allowed in a body");
        }
    }

    private static void CheckName(Atom head, IProgramScope scope, Findings findings)
    {
        if (scope.Builtins.TryGet(head.Table, out var builtin) && builtin!.IsReserved)
        {
            findings.Error(DiagnosticCode.BuiltinName, head.Span, $"{head.Table} is a builtin and cannot be defined", "give the table another name");
        }
    }
}
