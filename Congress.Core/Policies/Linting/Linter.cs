using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Programs;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Policies.Linting;

/// <summary>Looks for what is permitted and probably not meant.</summary>
internal sealed class Linter(View view, Func<TableName, Row, SourceSpan?> placeOf)
{
    private readonly List<Diagnostic> _findings = [];

    /// <summary>The findings, in the order of the texts.</summary>
    public static IReadOnlyList<Diagnostic> Run(View view, Func<TableName, Row, SourceSpan?> placeOf)
    {
        var linter = new Linter(view, placeOf);
        linter.CheckAll();
        return [.. linter._findings.OrderBy(f => f.Span.Source, StringComparer.Ordinal).ThenBy(f => f.Span.Start).ThenBy(f => f.Code)];
    }

    private void CheckAll()
    {
        var rules = view.Program.Policies.Values.Where(p => p.Kind != PolicyKind.Datasource)
            .SelectMany(p => p.Rules.Values).OrderBy(r => r.Order).ToArray();
        foreach (var rule in rules)
        {
            CheckVariables(rule.Formula);
            CheckSeverity(rule);
            if (rule.Checked is { } active)
            {
                Add(RuleLint.NeverTrue(active));
                Add(RuleLint.CrossProduct(active));
            }
        }

        CheckDuplicates(rules);
        CheckUnused(rules);
        CheckShadowed(rules);
    }

    private void Add(Diagnostic? finding)
    {
        if (finding is not null)
        {
            _findings.Add(finding);
        }
    }

    private void Warn(DiagnosticCode code, SourceSpan place, string message, string? hint) => _findings.Add(Diagnostic.Warning(code, place, message, hint));

    private void CheckVariables(Formula formula)
    {
        var uses = formula.Heads.Concat(formula.Body).SelectMany(l => l.Terms)
            .Select(t => (Variable: t as Variable ?? (t as Aggregate)?.Variable, t.Span)).Where(u => u.Variable is { IsAnonymous: false })
            .GroupBy(u => u.Variable!.Name, u => u.Span, StringComparer.Ordinal).ToArray();
        var told = formula.Annotations.Message is { } message ? MessageTemplate.NamesIn(message) : [];
        foreach (var use in uses.Where(u => u.Count() == 1 && u.Key[0] != '_' && !told.Contains(u.Key, StringComparer.Ordinal)))
        {
            var (name, place) = (use.Key, use.Single());
            Warn(DiagnosticCode.SingleUse, place, $"variable '{name}' is used once",
                Spelling.Closest(name, uses.Select(u => u.Key).Where(n => n != name)) is { } near ? $"did you mean '{near}'? If any value will do, write _" : "if any value will do, write _");
        }
    }

    private void CheckSeverity(ProgramRule rule)
    {
        if (rule.Formula.Head is { Modal: Modal.None, Table: "error" or "warning" } && rule.Formula.Annotations.Severity is null && view.Program.IsJudging(rule.Policy))
        {
            Warn(DiagnosticCode.MissingSeverity, rule.Formula.Place, "the rule gives violations and does not say how bad they are", "write @severity(error), warning or info before it");
        }
    }

    private void CheckDuplicates(ProgramRule[] rules)
    {
        foreach (var same in rules.GroupBy(r => (r.Policy, RuleLint.Canonical(r.Formula))).Where(g => g.Count() > 1))
        {
            var first = same.First().Formula.Place;
            foreach (var rule in same.Skip(1))
            {
                Warn(DiagnosticCode.DuplicateRule, rule.Formula.Place, $"the rule says the same as the one at {first}", "delete one of the two");
            }
        }
    }

    private void CheckUnused(ProgramRule[] rules)
    {
        var read = rules.SelectMany(r => r.Checked?.Tables.Select(t => t.Table) ?? []).ToHashSet();
        var waiting = rules.Where(r => r.Checked is null).SelectMany(r => r.Formula.Body.OfType<AtomLiteral>().Select(l => TableName.Parse(l.Atom.FullName, r.Policy))).ToHashSet();
        foreach (var table in view.AllTables.Where(t => !t.IsAction && t.Table is not ("error" or "warning") && view.Program.IsJudging(t.Policy)).Order())
        {
            if (!read.Contains(table) && !waiting.Contains(table) && PlaceOf(table) is { } place)
            {
                Warn(DiagnosticCode.UnusedTable, place, $"nothing reads table {table.Table}", "delete it, or use it in a rule");
            }
        }
    }

    private SourceSpan? PlaceOf(TableName table) => view.Program.DefinitionsOf(table) is [var rule, ..] ? rule.Formula.Place
        : view.SortedRowsOf(table).Select(row => placeOf(table, row)).FirstOrDefault(p => p is not null);

    private void CheckShadowed(ProgramRule[] rules)
    {
        foreach (var policy in rules.GroupBy(r => r.Policy, StringComparer.Ordinal))
        {
            var foreign = policy.SelectMany(r => r.Checked?.Tables ?? []).Select(t => t.Table).Where(t => t.Policy != policy.Key && !t.IsAction).ToHashSet();
            foreach (var head in policy.Where(r => r.Checked is not null).DistinctBy(r => r.Checked!.Head))
            {
                if (foreign.FirstOrDefault(t => t.Table == head.Checked!.Head.Table) is { Table: not null } other)
                {
                    Warn(DiagnosticCode.ShadowedName, head.Formula.Place, $"table {head.Checked!.Head.Table} has the name of {other}, which the policy reads too", "give it a name of its own");
                }
            }
        }
    }
}
