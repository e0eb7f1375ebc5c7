using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>Brings the tables of a component up to date by deltas.</summary>
/// <remarks>
/// First what may be lost: every row with a derivation from something that goes is a candidate, and goes unless it is given
/// or another derivation is found (backward search: B. Motik et al., Incremental Update of Datalog Materialisation: the
/// Backward/Forward Algorithm, AAAI 2015). In a recursion a derivation counts only when its rows of the same component are
/// lower than the candidate; candidates are decided from the lowest up, so a row never supports itself, and a row that
/// fails may make higher ones candidates. Then what is gained, the lost rows that can be derived after all among it, by
/// semi-naive rounds; each round's rows are higher than all before. No counts are kept, so existential conditions cost
/// nothing, and any rule can come or go.
/// </remarks>
internal sealed partial class ComponentUpdate(
    EngineState state, StateChange next, MaintenanceRequest request, ChangeTables tables, EvaluationContext context, PlanCache plans)
{
    private const int MaxHeight = 1 << 30;

    private readonly EvaluationContext _before = context with { Now = state.Now };
    private AffectedComponent _component = null!;
    private IReadOnlyList<Rule> _rules = null!;   // those through which the component may change: they read what has changed, or are new, or read the clock
    private Rule[] _inside = null!;          // those that read tables of the component
    private Recursion? _recursion;
    private GroupUpdate _groups = null!;
    private int[] _numbers = [];

    /// <summary>Whether deltas are possible and worth it: the tables are kept, in the same shape, and little of what they read has changed.</summary>
    /// <param name="component">The component.</param>
    /// <param name="touched">Its rules that read tables which have changed.</param>
    public bool CanUseDeltas(AffectedComponent component, Rule[] touched)
    {
        _recursion = null;
        foreach (var table in component.Tables)
        {
            if (state.Database.DerivedOf(table) is not { } kept || !HasItsShape(table, kept.Rows))
            {
                return false;
            }

            if (component.IsRecursive)
            {
                _recursion ??= kept.Recursion;
                if (_recursion is null || _recursion.Tables != component.Tables.Length || _recursion.Height > MaxHeight || kept.Recursion != _recursion || !kept.Rows.HasHeights)
                {
                    return false;
                }
            }
        }

        return !IsLarge(component, touched);
    }

    private bool HasItsShape(TableName table, Relation rows) =>
        request.Program.DefinitionsOf(table) is [var first, ..] && first.Terms.Length == rows.Arity;

    /// <summary>Whether much of what a component reads has changed.</summary>
    private bool IsLarge(AffectedComponent component, Rule[] touched)
    {
        long changed = 0;
        foreach (var rule in touched)
        {
            changed += ChangedIn(rule);
        }

        if (changed < request.LargeChange)
        {
            return false;   // a table that several rules read has been counted several times
        }

        var read = touched.SelectMany(r => r.Tables).Select(t => t.Table).Where(t => !component.Tables.Contains(t)).Distinct().ToArray();
        changed = read.Sum(t => next.Rows.Of(t) is { } change ? (long)change.Inserted.Count + change.Deleted.Count : 0);
        return changed >= request.LargeChange && changed * 4 >= read.Sum(t => (long)(tables.LargestPartOf(t)?.Count ?? 0));
    }

    private long ChangedIn(Rule rule)
    {
        long changed = 0;
        foreach (var literal in rule.Body)
        {
            if (literal is TableLiteral table && next.Rows.Of(table.Table) is { } change)
            {
                changed += change.Inserted.Count + change.Deleted.Count;
            }
        }

        return changed;
    }

    /// <summary>Brings a component up to date.</summary>
    /// <returns>False when so much goes that it is better computed anew.</returns>
    public bool TryUpdate(AffectedComponent component, Rule[] touched)
    {
        _component = component;
        _rules = request.ChangesRowsOnly ? touched : [.. touched.Union(request.AddedRules.Concat(request.ClockRules).Where(r => component.Tables.Contains(r.Head)))];
        _inside = component.IsRecursive ? [.. component.Tables.SelectMany(request.Program.UsersOf).Where(r => component.Tables.Contains(r.Head)).Distinct()] : [];
        tables.Component.Clear();
        foreach (var table in component.Tables)
        {
            var rows = state.Database.DerivedOf(table)!.Rows;
            var change = new TableChange(rows, new(rows.Arity), new(rows.Arity));
            next.Rows.Derived[table] = change;
            tables.Component[table] = new(change);
        }

        _groups = new(state, next, request, tables, context, _before, plans);
        _groups.Update(component, _rules);
        var finished = TryLose();
        if (finished)
        {
            Gain();
        }

        tables.Component.Clear();
        foreach (var table in component.Tables)
        {
            next.Rows.Derived[table].Touch();
        }

        return finished;
    }

    /// <summary>Derives the rows that come.</summary>
    private void Gain()
    {
        foreach (var table in _component.Tables)
        {
            Admit(table, next.Rows.Facts.GetValueOrDefault(table)?.Inserted);
            Admit(table, _groups.GainedOf(table));
        }

        foreach (var rule in _rules)
        {
            if (rule.IsAggregate)
            {
                continue;
            }

            if (IsWhole(rule))
            {
                Admit(rule.Head, Derive(rule, PlanKind.Whole, 0, int.MaxValue, context));
                continue;
            }

            for (var position = 0; position < rule.Body.Length; position++)
            {
                if (ChangedIn(rule, position, isInsert: true) is { } rows)
                {
                    Admit(rule.Head, Derive(rule, PlanKind.Inserted, position, rows.Count, context));
                }
            }
        }

        if (_recursion is not null)
        {
            Return();
            Spread();
        }
    }

    /// <summary>Brings back the rows that were lost and can be derived from what is left.</summary>
    private void Return()
    {
        foreach (var (table, working) in tables.Component)
        {
            if (working.Change.Removed.Count > 0)
            {
                Admit(table, Derivable(table, working.Change.Removed, PlanKind.Check));
            }
        }
    }

    /// <summary>Derives, round by round, what follows within the component from the rows that have come.</summary>
    private void Spread()
    {
        var maker = Array.Find(_inside, r => r.MakesValues);
        var height = _recursion!.Height;
        for (var round = 1; NextRound(height + 1); round++)
        {
            height++;
            if (maker is not null)
            {
                context.CheckMade(maker, round, tables.Component.Values.Sum(t => (long)t.Change.Before!.Count - t.Change.Removed.Count + t.Change.Added.Count));
            }

            foreach (var rule in _inside)
            {
                for (var position = 0; position < rule.Body.Length; position++)
                {
                    if (InsideOf(rule, position) is { } working && working.AddedTo - working.AddedFrom is var rows and > 0)
                    {
                        Admit(rule.Head, Derive(rule, PlanKind.Inserted, position, rows, context));
                    }
                }
            }
        }

        foreach (var table in _component.Tables)
        {
            next.Rows.Recursions[table] = (_recursion, height);
        }
    }

    private bool NextRound(int height)
    {
        var any = false;
        foreach (var working in tables.Component.Values)
        {
            any |= working.NextAdded(height);
        }

        return any;
    }

    /// <summary>Adds the rows that the table will not have otherwise.</summary>
    private void Admit(TableName table, Relation? rows)
    {
        if (rows is null)
        {
            return;
        }

        var change = tables.Component[table].Change;
        var numbers = NumbersIn(change.Before!, rows);
        for (var row = 0; row < rows.Count; row++)
        {
            if (numbers[row] < 0 || change.Removed.Contains(rows[row]))
            {
                change.Added.Add(rows[row]);
            }
        }
    }

    /// <summary>The numbers that rows have in another relation, looked up together, as each waits for memory; -1 for those that are not there.</summary>
    /// <returns>An array that the next call uses again.</returns>
    private int[] NumbersIn(Relation relation, Relation rows)
    {
        if (_numbers.Length < rows.Count)
        {
            _numbers = new int[Math.Max(rows.Count, 2 * _numbers.Length)];
        }

        if (rows.Arity == relation.Arity)
        {
            relation.Find(rows.Cells.AsSpan(0, rows.Count * rows.Arity), _numbers.AsSpan(0, rows.Count));
        }
        else
        {
            Array.Fill(_numbers, -1);
        }

        return _numbers;
    }

    private Relation Derive(Rule rule, PlanKind kind, int position, int inputs, EvaluationContext evaluation)
    {
        var rows = new Relation(rule.Terms.Length);
        plans.Run(rule, kind, position, inputs, rows, evaluation, tables);
        return rows;
    }

    /// <summary>Whether all of a rule counts as new: it has become active, or it reads the clock, which has moved on.</summary>
    private bool IsWhole(Rule rule) => request.AddedRules.Contains(rule) || request.ClockRules.Contains(rule);

    /// <summary>The rows of a literal, of a table outside of the component, through which a rule gains or loses rows; null for none.</summary>
    private Relation? ChangedIn(Rule rule, int position, bool isInsert) =>
        rule.Body[position] is TableLiteral literal && !tables.Component.ContainsKey(literal.Table) && next.Rows.Of(literal.Table) is { } change
            && (isInsert != literal.Negated ? change.Inserted : change.Deleted) is { Count: > 0 } rows ? rows : null;

    /// <summary>The table of the component that a literal reads; null when it reads another.</summary>
    private WorkingTable? InsideOf(Rule rule, int position) =>
        rule.Body[position] is TableLiteral { Negated: false } literal ? tables.Component.GetValueOrDefault(literal.Table) : null;
}
