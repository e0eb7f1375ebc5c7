using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>Works out the next version: what a change of rows, rules and time does to every derived table that is kept.</summary>
/// <remarks>
/// It goes through the affected components in order, and leaves the present version as it is. A component is either
/// brought up to date by deltas or, when its rules have changed shape or much of its input has changed, computed anew.
/// </remarks>
internal sealed class Maintainer
{
    private readonly EngineState _state;
    private readonly MaintenanceRequest _request;
    private readonly StateChange _next;
    private readonly ChangeTables _tables;
    private readonly EvaluationContext _context;
    private readonly ComponentUpdate _update;
    private readonly Dictionary<TableName, List<Rule>> _touched = [];   // by head, the rules that read a table which has changed, once for each
    private int _changed;                                               // the number of tables that have changed and are read

    private Maintainer(EngineState state, MaintenanceRequest request, EvaluationContext context, PlanCache plans)
    {
        (_state, _request, _context) = (state, request, context);
        _next = new(request.Program, new(request.RowChanges), context.Now);
        _tables = new(state.Database, _next.Rows, request.IsWriter, state.Wish);
        _update = new(state, _next, request, _tables, context, plans);
    }

    /// <summary>Works out a change.</summary>
    /// <exception cref="Diagnostics.PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public static (StateChange Change, ChangeTables Tables) Run(EngineState state, MaintenanceRequest request, EvaluationContext context, PlanCache plans)
    {
        var maintainer = new Maintainer(state, request, context, plans);
        maintainer.Run();
        return (maintainer._next, maintainer._tables);
    }

    private void Run()
    {
        var components = _request.ChangesRowsOnly && _next.Rows.Facts.Count == 1 ? ComponentsAfter(_next.Rows.Facts.Keys.First()) : FindComponents();
        foreach (var table in _next.Rows.Facts.Keys)
        {
            if (!Array.Exists(components, c => c.Tables.Contains(table)))
            {
                Touch(table);
            }
        }

        foreach (var component in components)
        {
            _context.CancellationToken.ThrowIfCancellationRequested();
            var touched = TouchedIn(component);
            if (!_update.CanUseDeltas(component, touched) || !_update.TryUpdate(component, touched))
            {
                Compute(component);
            }

            foreach (var table in component.Tables)
            {
                Touch(table);
            }
        }
    }

    /// <summary>The components that change with one table; remembered until rules or demands change.</summary>
    private AffectedComponent[] ComponentsAfter(TableName table)
    {
        if (_state.ComponentsAfter.TryGetValue(table, out var known))
        {
            return known;
        }

        return _state.ComponentsAfter[table] = FindComponents();
    }

    private AffectedComponent[] FindComponents() => [.. InOrder(Affected(FindDemand()))];

    private Rule[] TouchedIn(AffectedComponent component)
    {
        if (component.Tables is [var only] && _changed == 1)
        {
            return _touched.TryGetValue(only, out var rules) ? [.. rules] : [];
        }

        return [.. component.Tables.SelectMany(t => _touched.GetValueOrDefault(t) ?? []).Distinct()];
    }

    /// <summary>Notes which rules read a table, when its rows change.</summary>
    private void Touch(TableName table)
    {
        if (_next.Rows.Of(table) is { IsEmpty: false })
        {
            _changed++;
            foreach (var rule in _request.Program.UsersOf(table))
            {
                if (!_touched.TryGetValue(rule.Head, out var rules))
                {
                    rules = _touched[rule.Head] = [];
                }

                rules.Add(rule);
            }
        }
    }

    private Demand FindDemand()
    {
        var demand = new Demand(_request.Program, _state.Database, _request.IsWanted);
        foreach (var table in _request.NewlyWanted)
        {
            demand.Add(table);
        }

        foreach (var rule in _request.AddedRules)
        {
            demand.Add(rule);
        }

        if (_request.RemovedRules.Count > 0 || _request.IsDemandDropped)
        {
            _next.Rows.Forgotten.UnionWith(demand.Outdated());
        }

        _next.GoneRules.AddRange(_request.RemovedRules.Where(_state.Groups.ContainsKey));
        foreach (var table in _next.Rows.Forgotten)
        {
            _next.GoneRules.AddRange(_state.Program.DefinitionsOf(table).Where(_state.Groups.ContainsKey));
        }

        return demand;
    }

    /// <summary>The derived tables that may change: those that rules or the clock change, and all kept ones that depend on what changes.</summary>
    private HashSet<TableName> Affected(Demand demand)
    {
        var affected = new HashSet<TableName>(demand.New);
        var queue = new Queue<TableName>(_next.Rows.Facts.Keys.Concat(demand.New));
        foreach (var rule in _request.AddedRules.Concat(_request.RemovedRules).Concat(_request.ClockRules))
        {
            Visit(rule.Head);
        }

        foreach (var table in _next.Rows.Facts.Keys)
        {
            Visit(table);
        }

        while (queue.TryDequeue(out var table))
        {
            foreach (var user in _request.Program.UsersOf(table))
            {
                Visit(user.Head);
            }
        }

        return affected;

        void Visit(TableName table)
        {
            if (_state.Database.DerivedOf(table) is not null && !_next.Rows.Forgotten.Contains(table) && affected.Add(table))
            {
                queue.Enqueue(table);
            }
        }
    }

    /// <summary>The components of some tables, each after all that it depends on.</summary>
    private IEnumerable<AffectedComponent> InOrder(HashSet<TableName> affected)
    {
        var tables = affected.Order().ToArray();
        var numbers = tables.Index().ToDictionary(t => t.Item, t => t.Index);
        var uses = Array.ConvertAll(tables, _ => new List<int>()).ToList();
        foreach (var (number, table) in tables.Index())
        {
            foreach (var user in _request.Program.UsersOf(table))
            {
                if (numbers.TryGetValue(user.Head, out var head) && (uses[head].Count == 0 || uses[head][^1] != number))
                {
                    uses[head].Add(number);
                }
            }
        }

        return StronglyConnected.Of(uses).Select(nodes => new AffectedComponent(
            [.. nodes.Select(n => tables[n])], nodes.Count > 1 || uses[nodes[0]].Contains(nodes[0])));
    }

    /// <summary>Computes the tables of a component from scratch.</summary>
    private void Compute(AffectedComponent affected)
    {
        foreach (var table in affected.Tables)
        {
            _next.Rows.Derived.Remove(table);
        }

        var component = new Component(affected.Tables, [.. affected.Tables.SelectMany(t => _request.Program.DefinitionsOf(t))], affected.IsRecursive);
        if (component.Rules.Count == 0)
        {
            Abandon(component.Tables[0]);
            return;
        }

        foreach (var rule in component.Rules)
        {
            _next.Groups.Remove(rule);
        }

        var evaluator = new Evaluator(_tables, _context) { OnGrouped = (rule, groups) => _next.Groups[rule] = (groups, true) };
        var recursion = component.IsRecursive ? new Recursion(component.Tables.Count) : null;
        foreach (var (table, rows) in evaluator.Evaluate(component))
        {
            _next.Rows.Derived[table] = new(_state.Database.RowsOf(table), rows);
            if (recursion is not null)
            {
                _next.Rows.Recursions[table] = (recursion, evaluator.Rounds);
            }
        }
    }

    /// <summary>Leaves a table that has lost its last rule with its facts alone.</summary>
    private void Abandon(TableName table)
    {
        var before = _state.Database.DerivedOf(table)!.Rows;
        var arity = _next.Rows.Facts.GetValueOrDefault(table) is { Added.Count: > 0 } facts ? facts.Added.Arity : before.Arity;
        _next.Rows.Derived[table] = new(before, _tables.FactsOf(table, arity).ToRelation());
        _next.Rows.Forgotten.Add(table);
    }
}

/// <summary>Derived tables that depend on each other, or one that does not, which may change.</summary>
internal sealed record AffectedComponent(TableName[] Tables, bool IsRecursive);

/// <summary>What changes in a version, to be worked out.</summary>
/// <param name="Program">The program as it will be.</param>
/// <param name="RowChanges">The changes of given rows.</param>
/// <param name="AddedRules">The rules that become active.</param>
/// <param name="RemovedRules">The rules that are no longer active.</param>
/// <param name="IsWanted">Whether somebody depends on a table.</param>
internal sealed record MaintenanceRequest(
    PolicyProgram Program, Dictionary<TableName, TableChange> RowChanges,
    IReadOnlySet<Rule> AddedRules, IReadOnlySet<Rule> RemovedRules, Func<TableName, bool> IsWanted)
{
    /// <summary>The tables that somebody depends on from now on.</summary>
    public IReadOnlyList<TableName> NewlyWanted { get; init; } = [];

    /// <summary>Whether somebody no longer depends on a table.</summary>
    public bool IsDemandDropped { get; init; }

    /// <summary>The rules that read the clock, when it has moved on.</summary>
    public IReadOnlySet<Rule> ClockRules { get; init; } = System.Collections.Frozen.FrozenSet<Rule>.Empty;

    /// <summary>Whether the change may be committed; a what-if may not touch what is shared, its indexes included.</summary>
    public bool IsWriter { get; init; }

    /// <summary>Whether neither rules nor demands change.</summary>
    public bool ChangesRowsOnly => AddedRules.Count + RemovedRules.Count + NewlyWanted.Count + ClockRules.Count == 0 && !IsDemandDropped;

    /// <summary>How many rows must change before computing anew is considered.</summary>
    public int LargeChange { get; init; } = 1000;
}
