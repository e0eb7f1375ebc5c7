using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Programs;
using Congress.Datalog.Syntax;

namespace Congress.Policies.WhatIf;

/// <summary>What actions do, as an action policy describes it.</summary>
/// <remarks>
/// As in OpenStack Congress (<c>Runtime.project</c>) the action policy sees the tables of the policy that is changed as its
/// own, and its heads with a sign tell the changes: an insertion wins over a deletion of the same row, and a variable that
/// nothing binds stands for a new value. But a condition acts for every binding, not for whichever is found first.
/// </remarks>
internal sealed partial class SimulationRun
{
    private const string Result = "result";

    private void Act(Formula formula, string actionPolicy, string policy)
    {
        var actions = Stage(actionPolicy, policy, formula, []).Query(Atom("action", [new Variable("x")]), actionPolicy).Rows;
        var name = formula.Head.FullName;
        if (!actions.Any(row => row.Count == 1 && row[0].ToPlainText() == name))
        {
            throw Wrong(formula.Span, $"{name} is neither a change nor an action of {actionPolicy}",
                Diagnostics.Spelling.Closest(name, actions.Select(r => r[0].ToPlainText())) is { } near ? $"did you mean {near}?"
                : $"policy {actionPolicy} lists its actions as action(\"{name}\")");
        }

        if (formula.IsFact)
        {
            Act([Ground(formula.Heads) ?? throw Wrong(formula.Span, $"{formula.Head} has a variable", "give all arguments values, or a condition that binds them")],
                actionPolicy, policy, formula);
            return;
        }

        var bound = formula.Body.Where(l => l is not AtomLiteral { Negated: true }).SelectMany(l => l.Terms)
            .OfType<Variable>().Where(v => !v.IsAnonymous).Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var variables = formula.Heads.SelectMany(h => h.Atom.Terms).OfType<Variable>().Select(v => v.Name).Where(bound.Contains).Distinct(StringComparer.Ordinal).ToArray();
        var question = Atom("binding", variables.Select(v => (Term)new Variable(v))) with { Body = formula.Body, Span = formula.Span };
        var bindings = Stage(actionPolicy, policy, formula, _results).Query(question, actionPolicy).Rows;
        Act([.. bindings.Order().Select(binding => Ground(formula.Heads.Select(h => h with { Atom = h.Atom.With(name =>
                Array.IndexOf(variables, name) is var i and >= 0 ? binding[i] : default(Value?)) }))).OfType<IReadOnlyList<Formula>>()],
            actionPolicy, policy, formula);
    }

    /// <summary>Does an action, with its supporting facts, for each binding of its condition.</summary>
    private void Act(IReadOnlyList<IReadOnlyList<Formula>> bindings, string actionPolicy, string policy, Formula formula)
    {
        var (updates, results) = (new HashSet<(TableName Table, Row Row)>(), new HashSet<(TableName, Row)>());
        foreach (var facts in bindings)
        {
            request.CancellationToken.ThrowIfCancellationRequested();
            var unknowns = new Dictionary<string, Value>(StringComparer.Ordinal);
            var described = Rows(Stage(actionPolicy, policy, formula, [], facts), t => t.Table[^1] is '+' or '-').ToHashSet();
            (TableName Table, Row Row)[] effects = [.. described
                .Where(u => u.Table.Table[^1] == '+' || !described.Contains((Added(u.Table), u.Row)))
                .Select(u => (u.Table, new Row([.. u.Row.Select(v => Known(v, unknowns))])))];
            updates.UnionWith(effects);
            results.UnionWith(Rows(Stage(actionPolicy, policy, formula, effects, facts), t => t.Table == Result)
                .Where(r => r.Row.All(v => v.Kind != ValueKind.Unknown)));
        }

        if (bindings.Count > 0)
        {
            _results = [.. results];
        }

        foreach (var (table, row) in updates.OrderBy(u => u.Table.Table[^1] == '-'))
        {
            var target = TableName.Parse(table.Table[..^1], policy);
            if (table.Table[^1] == '+' || !updates.Contains((Added(table), row)))
            {
                Apply(transaction => transaction.Change(target, row.AsSpan(), table.Table[^1] == '+', formula.Span));
            }
        }

        // The table in which a change that an action describes as a loss would be a gain.
        static TableName Added(TableName table) => new(table.Policy, $"{table.Table[..^1]}+", table.IsAction);

        IEnumerable<(TableName Table, Row Row)> Rows(View view, Func<TableName, bool> isWanted) => view.AllTables
            .Where(t => t.Policy == actionPolicy && isWanted(t))
            .SelectMany(t => view.SortedRowsOf(t).Select(row => (t, row)));
    }

    /// <summary>The state so far, in which the action policy sees the tables of the policy as its own, with more facts.</summary>
    private View Stage(
        string actionPolicy, string policy, Formula formula, IReadOnlyList<(TableName Table, Row Row)> rows, IReadOnlyList<Formula>? facts = null)
    {
        var transaction = engine.Suppose();
        foreach (var change in _changes)
        {
            change(transaction);
        }

        if (transaction.KindOf(policy) is null)
        {
            throw Wrong(formula.Span, $"there is no policy {policy}");
        }

        var used = engine.Program.Policies[actionPolicy].Rules.Values.SelectMany(r => r.Formula.Body).Concat(formula.Body)
            .OfType<AtomLiteral>().Select(l => l.Atom).Where(a => a is { Policy: null, Modal: Modal.None }).Select(a => a.Table).ToHashSet(StringComparer.Ordinal);
        var shared = actionPolicy == policy ? [] : transaction.TablesOf(policy).Where(used.Contains).ToArray();
        IReadOnlyList<Statement> bridges = [.. shared.Where(t => transaction.ArityOf(new(policy, t)) is not null)
            .Select(t => Bridge(policy, t, transaction.ArityOf(new(policy, t))!.Value))];
        IReadOnlyList<Statement> all = [.. bridges, .. facts ?? []];
        transaction.Announce(actionPolicy, all);
        transaction.Define(actionPolicy, all);
        foreach (var (table, row) in rows)
        {
            transaction.Change(table, row.AsSpan(), isInsert: true, formula.Span);
        }

        return engine.Read(Propose(transaction), request);
    }

    private static Formula Bridge(string policy, string table, int arity)
    {
        NodeList<Term> variables = new([.. Enumerable.Range(0, arity).Select(i => new Variable($"v{i}"))]);
        var body = new Atom(Modal.None, policy, table, variables, NodeList<NamedArgument>.Empty);
        return Atom(table, variables) with { Body = new(new AtomLiteral(body, false)) };
    }

    private static Formula Atom(string table, IEnumerable<Term> arguments) => new(
        new(new AtomLiteral(new(Modal.None, null, table, new([.. arguments]), NodeList<NamedArgument>.Empty), false)), NodeList<Literal>.Empty, Annotations.None);

    /// <summary>Heads as facts; null when a variable is left.</summary>
    private static Formula[]? Ground(IEnumerable<AtomLiteral> heads)
    {
        var all = heads.Where(h => h.Atom.Terms.All(t => t is Constant)).ToArray();
        return all.Length == 0 || all[0] is null ? null : Array.ConvertAll(all, h => new Formula(new(h), NodeList<Literal>.Empty, Annotations.None) { Span = h.Span });
    }

    /// <summary>A value for an unknown: a new one for each name, so that what belongs together stays together.</summary>
    private static Value Known(Value value, Dictionary<string, Value> unknowns)
    {
        if (value.Kind != ValueKind.Unknown)
        {
            return value;
        }

        if (!unknowns.TryGetValue(value.ToString(), out var known))
        {
            known = unknowns[value.ToString()] = Value.Of(Guid.NewGuid().ToString());
        }

        return known;
    }
}
