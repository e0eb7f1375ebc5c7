using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Programs;

/// <summary>What a transaction does with rules.</summary>
internal sealed partial class Transaction
{
    private void InsertRule(string policy, Formula formula, ImmutableDictionary<string, ProgramRule>.Builder rules)
    {
        var identity = formula.Identity;
        if (rules.ContainsKey(identity))
        {
            return;
        }

        var rule = Check(formula, policy, _order++, out var findings);
        foreach (var diagnostic in findings.Diagnostics)
        {
            Report(diagnostic);
        }

        if (findings.HasErrors)
        {
            return;
        }

        rules.Add(identity, rule);
        if (rule.Checked is { } active)
        {
            var wasDefined = IsDefined(active.Head);
            Count(active, 1);
            NoteDefinition(active.Head, wasDefined);
        }
    }

    private void DeleteRule(string policy, Formula formula)
    {
        var identity = formula.Identity;
        if (!_policies[policy].Rules.TryGetValue(identity, out var rule))
        {
            return;
        }

        _policies[policy] = _policies[policy] with { Rules = _policies[policy].Rules.Remove(identity) };
        if (rule.Checked is { } active)
        {
            Count(active, -1);
            NoteDefinition(active.Head, wasDefined: true);
        }
    }

    /// <summary>A bare name that a builtin has means the builtin until a table of that name is defined, and again after:
    /// when that changes, rules are checked again.</summary>
    private void NoteDefinition(TableName table, bool wasDefined)
    {
        if (Builtins.TryGet(table.Table, out _) && wasDefined != IsDefined(table))
        {
            _checksAll = true;
        }
    }

    private ProgramRule Check(Formula formula, string policy, long order, out Findings findings)
    {
        findings = new Findings();
        var rule = RuleAnalyzer.Check(formula, policy, this, findings);
        return new(formula, policy, order, rule, findings.WaitsFor, findings.Diagnostics);
    }

    private void Count(Rule rule, int sign)
    {
        Note(rule, sign > 0);
        CountUses(rule, sign);
    }

    private void Note(Rule rule, bool isNew)
    {
        _changedHeads.Add(rule.Head);
        if (!(isNew ? _removedRules : _addedRules).Remove(rule))
        {
            (isNew ? _addedRules : _removedRules).Add(rule);
        }

        if (rule.ReadsClock)
        {
            _clockRules = isNew ? _clockRules.Add(rule) : _clockRules.Remove(rule);
        }
    }

    private void CountUses(Rule rule, int sign)
    {
        SetUse(rule.Head, rule.Terms.Length, use => use with
        {
            Definitions = sign > 0 ? use.Definitions.Add(rule) : use.Definitions.Remove(rule),
        });
        foreach (var literal in rule.Tables.DistinctBy(l => l.Table))
        {
            SetUse(literal.Table, literal.Arguments.Length, use => use with { Users = sign > 0 ? use.Users.Add(rule) : use.Users.Remove(rule) });
        }
    }

    private void SetUse(TableName table, int arity, Func<TableUse, TableUse> change)
    {
        var use = change(_uses.GetValueOrDefault(table) ?? new(arity));
        if (use.IsUsed)
        {
            _uses[table] = use;
        }
        else
        {
            _uses.Remove(table);
        }
    }

    /// <summary>Checks every rule again, as policies or schemas have changed. One that was active and no longer fits is set
    /// aside with a warning; one that waited may become active.</summary>
    private void CheckAllRules()
    {
        var rules = _policies.Values.SelectMany(p => p.Rules.Select(r => (Identity: r.Key, Rule: r.Value))).OrderBy(r => r.Rule.Order).ToArray();
        var before = _uses.Values.SelectMany(u => u.Definitions).ToHashSet();

        // No rule counts while all are checked, so that a width which only a rule tells can change with that rule.
        _uses.Clear();
        foreach (var (_, rule) in rules)
        {
            if (rule.Checked is { } active)
            {
                _expectedArity.TryAdd(active.Head, active.Terms.Length);
            }
        }

        foreach (var (identity, old) in rules)
        {
            var rule = Check(old.Formula, old.Policy, old.Order, out var findings);
            if (findings.HasErrors && old.Checked is not null)
            {
                foreach (var finding in findings.Diagnostics)
                {
                    Report(finding with
                    {
                        Severity = DiagnosticSeverity.Warning,
                        Message = $"rule {old.Formula} of {old.Policy} is set aside: {finding.Message}",
                    });
                }
            }

            if (rule.Checked is { } active && old.Checked is { } same && active.MeansAs(same))
            {
                rule = rule with { Checked = same };
            }

            var policy = _policies[old.Policy];
            _policies[old.Policy] = policy with { Rules = policy.Rules.SetItem(identity, rule) };
            if (rule.Checked is { } counted)
            {
                CountUses(counted, 1);
                if (!before.Remove(counted))
                {
                    Note(counted, isNew: true);
                }
            }
        }

        foreach (var gone in before)
        {
            Note(gone, isNew: false);
        }
    }
}
