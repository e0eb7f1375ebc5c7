using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Analysis;
using Congress.Datalog.Answers;
using Congress.Datalog.Syntax;

namespace Congress.Policies.Explaining;

/// <summary>A change or an action.</summary>
/// <param name="Text">The step as a sequence of a what-if has it.</param>
/// <param name="ActionPolicy">The policy that describes the action; null for a change.</param>
internal sealed record RemedyStep(string Text, string? ActionPolicy);

/// <summary>Finds the steps that could end a derivation of a row, in one version.</summary>
/// <remarks>Whatever takes the row away must end each of its derivations: by taking away one of its facts, or by making hold what must be absent. So the steps for one derivation
/// are enough to begin with, and after each the next derivation shows what else is needed.</remarks>
internal sealed class RemedyCandidates(View view, string policy, IReadOnlySet<TableName> changeable, IReadOnlyList<string> actionPolicies, CancellationToken cancellationToken)
{
    private const int MaxDepth = 3;
    private const int MaxBindings = 32;

    private readonly Conditions _conditions = new(view);
    private readonly HashSet<RemedyStep> _steps = [];
    private readonly HashSet<(TableName, Row)> _broken = [];

    /// <summary>The steps; null when the row is not there.</summary>
    public IReadOnlyCollection<RemedyStep>? Of(TableName table, Row row)
    {
        if (new DerivationSearch(view, cancellationToken).Run(table, row) is not { } derivation)
        {
            return null;
        }

        Break(derivation, 0);
        return _steps;
    }

    /// <summary>Takes away a fact of a derivation, or makes hold what must be absent.</summary>
    private void Break(DerivationNode node, int depth)
    {
        if (!_broken.Add((node.Table, node.Row)))
        {
            return;
        }

        if (node.Lowest is not { } instance)
        {
            Want(node.Table, node.Row, isInsert: false);
            return;
        }

        foreach (var row in instance.Rows.SelectMany(r => r))
        {
            Break(row, depth);
        }

        foreach (var literal in instance.Rule.Opened.Body.OfType<TableLiteral>().Where(l => l.Negated))
        {
            Make(literal with { Arguments = Array.ConvertAll(literal.Arguments, a => a.IsVariable ? Operand.Of(ValueIn(instance, a)) : a) }, depth);
        }
    }

    private static Value ValueIn(RuleInstance instance, Operand operand)
    {
        if (!instance.Rule.Rule.IsAggregate)
        {
            return instance.Binding[operand.Slot];
        }

        var column = Array.FindIndex(instance.Rule.Opened.Terms, t => t.Operand == operand);
        return column >= 0 ? instance.Binding[column] : Value.Null;   // one of the values of the group
    }

    /// <summary>Makes a row be there: by itself, or by what a rule for it lacks.</summary>
    private void Make(TableLiteral wanted, int depth)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Want(wanted.Table, new([.. wanted.Arguments.Select(a => a.IsConstant ? a.Constant : Value.Null)]), isInsert: true);
        if (depth == MaxDepth)
        {
            return;
        }

        foreach (var rule in view.Program.DefinitionsOf(wanted.Table).Where(r => !r.IsAggregate))
        {
            if (Conditions.Unify(rule, wanted, out _) is not { } values)
            {
                continue;
            }

            var body = Conditions.With(rule, values);
            for (var first = 0; first < body.Length; first++)
            {
                Supply(rule, body, [first], depth);
                for (var second = first + 1; second < body.Length; second++)
                {
                    Supply(rule, body, [first, second], depth);
                }
            }
        }
    }

    /// <summary>Makes hold the conditions that a rule lacks, where the others hold.</summary>
    private void Supply(Rule rule, Literal[] body, int[] lacking, int depth)
    {
        foreach (var values in _conditions.All(rule.Policy, [.. body.Where((_, i) => !lacking.Contains(i))], MaxBindings))
        {
            foreach (var literal in lacking.Select(i => body[i].With(values)))
            {
                if (_conditions.TableOf(rule.Policy, literal) is not { } table)
                {
                    continue;
                }

                if (literal is AtomLiteral { Negated: false })
                {
                    Make(table, depth + 1);
                    continue;
                }

                foreach (var against in NearestRows.Matching(view, table).Order().Take(MaxBindings).ToArray())
                {
                    Break(new DerivationSearch(view, cancellationToken).Run(table.Table, against)!, depth + 1);
                }
            }
        }
    }

    /// <summary>The steps that insert or delete a row: the change itself, and the actions whose described effect it is.</summary>
    private void Want(TableName table, Row row, bool isInsert)
    {
        var sign = isInsert ? '+' : '-';
        if (changeable.Contains(table))
        {
            _steps.Add(new($"{table.In(policy)}{sign}{row}", null));
        }

        foreach (var describing in actionPolicies)
        {
            foreach (var rule in view.Program.Policies[describing].Rules.Values.Select(r => r.Checked).OfType<Rule>().Where(r => Affects(r, table, sign)))
            {
                Act(rule, table, row);
            }
        }
    }

    private bool Affects(Rule rule, TableName table, char sign) => rule.Formula.Head is { IsUpdate: true } head
        && head.Table[^1] == sign && TableName.Parse($"{head.FullName[..^1]}", policy) == table;

    /// <summary>The calls of an action one of whose effects a rule describes.</summary>
    private void Act(Rule rule, TableName table, Row row)
    {
        var known = rule.Terms.Length == row.Count ? new TableLiteral(table, [.. row.Select((v, i) => rule.Terms[i].Operand is { IsConstant: true, Constant.Kind: ValueKind.Unknown } ? Operand.Anything : Operand.Of(v))], false, rule.Formula.Heads[0]) : null;
        if (known is null || Conditions.Unify(rule, known, out _) is not { } values)
        {
            return;
        }

        var actions = view.SortedRowsOf(new(rule.Policy, "action")).Where(r => r.Count == 1).Select(r => r[0].ToPlainText()).ToHashSet(StringComparer.Ordinal);
        var body = Conditions.With(rule, values);
        foreach (var call in body.OfType<AtomLiteral>().Where(l => !l.Negated && actions.Contains(l.Atom.FullName)))
        {
            var others = body.Where(l => !ReferenceEquals(l, call)).ToArray();
            IEnumerable<Func<string, Value?>> bindings = call.Terms.All(t => t is Constant) ? [_ => null]
                : _conditions.All(rule.Policy, others, MaxBindings).Concat(_conditions.All(policy, others, MaxBindings));
            foreach (var atom in bindings.Select(call.Atom.With).Where(a => a.Terms.All(t => t is Constant)))
            {
                _steps.Add(new(new AtomLiteral(atom, false).ToString(), rule.Policy));
            }
        }
    }
}
