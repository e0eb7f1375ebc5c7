using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>Brings the groups of a component's rules with aggregates up to date, and tells which of their rows come and go.</summary>
/// <remarks>Every column of a positive literal in such a body is a variable or a constant, so a binding belongs to one row of
/// each. What follows from a row that goes is therefore gone, and what follows from one that comes is new: no search is needed.</remarks>
internal sealed class GroupUpdate(
    EngineState state, StateChange next, MaintenanceRequest request, ChangeTables tables, EvaluationContext context, EvaluationContext before, PlanCache plans)
{
    // none, for most changes
    private Dictionary<TableName, Relation>? _lost;
    private Dictionary<TableName, Relation>? _gained;
    private Dictionary<TableName, Rule[]>? _aggregates;

    /// <summary>The rows that groups of a table gave and may give no more; null for none.</summary>
    public Relation? LostOf(TableName table) => _lost?.GetValueOrDefault(table);

    /// <summary>The rows that groups of a table give now; null for none.</summary>
    public Relation? GainedOf(TableName table) => _gained?.GetValueOrDefault(table);

    /// <summary>Works out the groups of rules with aggregates.</summary>
    /// <param name="component">The component.</param>
    /// <param name="rules">The rules of the component through which it may change.</param>
    public void Update(AffectedComponent component, IReadOnlyList<Rule> rules)
    {
        foreach (var rule in rules)
        {
            if (!rule.IsAggregate)
            {
                continue;
            }

            if (request.AddedRules.Contains(rule) || request.ClockRules.Contains(rule) || !state.Groups.ContainsKey(rule))
            {
                Replace(rule);
            }
            else
            {
                Change(rule);
            }
        }

        foreach (var rule in request.RemovedRules)
        {
            if (rule.IsAggregate && component.Tables.Contains(rule.Head) && state.Groups.TryGetValue(rule, out var groups))
            {
                groups.AddRows(RowsIn(ref _lost, rule), rule, context);
            }
        }
    }

    /// <summary>Whether a group of a rule gives a row.</summary>
    public bool Gives(TableName table, ReadOnlySpan<int> row)
    {
        if (state.Groups.Count + next.Groups.Count == 0)
        {
            return false;
        }

        if (!(_aggregates ??= []).TryGetValue(table, out var rules))
        {
            rules = _aggregates[table] = [.. request.Program.DefinitionsOf(table).Where(r => r.IsAggregate)];
        }

        foreach (var rule in rules)
        {
            if (Gives(rule, row))
            {
                return true;
            }
        }

        return false;
    }

    private bool Gives(Rule rule, ReadOnlySpan<int> row)
    {
        var committed = state.Groups.GetValueOrDefault(rule);
        var (changed, isNew) = next.Groups.GetValueOrDefault(rule);
        var shape = changed ?? committed!;
        Span<int> key = stackalloc int[shape.Keys.Arity];
        Span<int> result = stackalloc int[row.Length];
        shape.KeyOfRow(row, key);
        var groups = changed is not null && changed.Find(key) >= 0 ? changed : isNew ? null : committed;
        return groups is not null && groups.Find(key) is var group and >= 0 && groups.TryRow(group, result, context.Symbols) && row.SequenceEqual(result);
    }

    /// <summary>Computes all groups of a rule anew.</summary>
    private void Replace(Rule rule)
    {
        var bindings = new Relation(rule.Variables.Length);
        plans.Run(rule, PlanKind.Whole, 0, int.MaxValue, bindings, context, tables);
        var groups = GroupTable.Of(rule, bindings, context);
        next.Groups[rule] = (groups, true);
        groups.AddRows(RowsIn(ref _gained, rule), rule, context);
        state.Groups.GetValueOrDefault(rule)?.AddRows(RowsIn(ref _lost, rule), rule, context);
    }

    /// <summary>Changes the groups to which bindings come or from which they go.</summary>
    private void Change(Rule rule)
    {
        var gone = Bindings(rule, isInsert: false);
        var come = Bindings(rule, isInsert: true);
        if (gone.Count + come.Count == 0)
        {
            return;
        }

        var committed = state.Groups[rule];
        var changed = new GroupTable(rule, context.Symbols);
        Add(gone, -1);
        Add(come, 1);
        AddLost(rule, changed);
        next.Groups[rule] = (changed, false);
        Span<int> row = stackalloc int[rule.Terms.Length];
        for (var i = 0; i < changed.Count; i++)
        {
            if (committed.Find(changed.Keys[i]) is var old and >= 0 && committed.TryRow(old, row, context.Symbols))
            {
                RowsIn(ref _lost, rule).Add(row);
            }

            if (changed.TryRow(i, row, context.Symbols))
            {
                RowsIn(ref _gained, rule).Add(row);
            }
        }

        void Add(Relation bindings, int sign)
        {
            var keys = changed.KeysOf(bindings);
            for (var i = 0; i < keys.Count; i++)
            {
                if (changed.Find(keys[i]) < 0)
                {
                    changed.Adopt(keys[i], committed);
                }
            }

            changed.Change(bindings, sign, context);
        }
    }

    /// <summary>Adds up anew the groups whose least or greatest value has gone.</summary>
    private void AddLost(Rule rule, GroupTable changed)
    {
        var lost = new Relation(changed.Keys.Arity);
        for (var i = 0; i < changed.Count; i++)
        {
            if (changed.IsLost(i))
            {
                lost.Add(changed.Keys[i]);
                changed.StartAgain(i);
            }
        }

        if (lost.Count > 0)
        {
            var bindings = new Relation(rule.Variables.Length);
            tables.Candidates = lost;
            plans.Run(rule, PlanKind.Bindings, 0, lost.Count, bindings, context, tables);
            changed.Change(bindings, 1, context);
        }
    }

    private Relation Bindings(Rule rule, bool isInsert)
    {
        var bindings = new Relation(rule.Variables.Length);
        for (var position = 0; position < rule.Body.Length; position++)
        {
            if (rule.Body[position] is TableLiteral literal && next.Rows.Of(literal.Table) is { } change
                && (isInsert != literal.Negated ? change.Inserted : change.Deleted) is { Count: > 0 } rows)
            {
                plans.Run(rule, isInsert ? PlanKind.Inserted : PlanKind.Deleted, position, rows.Count, bindings, isInsert ? context : before, tables);
            }
        }

        return bindings;
    }

    private static Relation RowsIn(ref Dictionary<TableName, Relation>? rows, Rule rule)
    {
        if (!(rows ??= []).TryGetValue(rule.Head, out var found))
        {
            found = rows[rule.Head] = new(rule.Terms.Length);
        }

        return found;
    }
}
