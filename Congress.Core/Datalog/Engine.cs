using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Builtins;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Planning;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog;

/// <summary>Holds all rules of all policies as one program, with its rows, and answers questions about it.</summary>
/// <remarks>
/// Not thread safe; synchronous; without clock or I/O. A derived table is computed when it is asked for and kept until
/// something that it depends on changes.
/// </remarks>
internal sealed partial class Engine(BuiltinRegistry builtins, EvaluationLimits limits)
{
    private readonly Database _database = new();
    private string _clockText = "";
    private long _order;

    /// <summary>The program as it is.</summary>
    public PolicyProgram Program { get; private set; } = new();

    public BuiltinRegistry Builtins => builtins;

    /// <summary>Makes changes, all or none.</summary>
    /// <param name="change">Tells the transaction what to change.</param>
    /// <returns>Whether the changes took effect, and what there is to say about them.</returns>
    public (bool Permitted, IReadOnlyList<Diagnostic> Diagnostics) Apply(Action<Transaction> change)
    {
        var transaction = new Transaction(Program, _database, builtins, _order);
        change(transaction);
        transaction.Complete();
        if (transaction.HasErrors)
        {
            return (false, transaction.Diagnostics);
        }

        (Program, var changed, _order) = transaction.Commit();
        Invalidate(changed);
        return (true, transaction.Diagnostics);
    }

    /// <summary>Checks a question.</summary>
    /// <returns>The rule whose rows answer it; null when it is wrong.</returns>
    private Rule? Check(Formula query, string policy, Findings findings)
    {
        var scope = Scope;
        return query.IsFact ? QueryAnalyzer.Check(query.Head, policy, scope, findings) : RuleAnalyzer.CheckQuery(query, policy, scope, findings);
    }

    /// <summary>The bindings of all variables of each rule that derives a table.</summary>
    public IReadOnlyList<(Rule Rule, Relation Bindings)> BindingsFor(TableName table, EvaluationRequest request)
    {
        var evaluator = Prepare([table], request);
        var rules = (Program.Graph.ComponentOf(table)?.Rules ?? []).Where(r => r.Head == table);
        return [.. rules.Select(r => (r, evaluator.BindingsOf(r)))];
    }

    /// <summary>The rows of a table, facts and derived; null when it has none.</summary>
    public Relation? RowsOf(TableName table, EvaluationRequest request)
    {
        Prepare([table], request);
        return _database.DerivedOf(table) ?? _database.FactsOf(table);
    }

    /// <summary>The plans by which all rules would be evaluated with the rows there are, in the order of evaluation; of a
    /// recursive rule one for each literal that reads a delta.</summary>
    public IEnumerable<(Component Component, Plan Plan)> Plans()
    {
        var planner = new Planner(new TableStatistics(t => _database.DerivedOf(t) ?? _database.FactsOf(t)));
        foreach (var component in Program.Graph.Components)
        {
            foreach (var rule in component.Rules)
            {
                var deltas = Enumerable.Range(0, component.IsRecursive ? rule.Body.Length : 0)
                    .Where(i => rule.Body[i] is TableLiteral { Negated: false } t && component.Tables.Contains(t.Table)).ToArray();
                foreach (var plan in deltas.Length == 0
                    ? [planner.ForHead(rule)] : deltas.Select(d => planner.ForDelta(rule, d, component.Tables.Contains)))
                {
                    yield return (component, plan);
                }
            }
        }
    }

    /// <summary>Evaluates all rules, also those whose tables are up to date.</summary>
    public void EvaluateAnew(EvaluationRequest request)
    {
        var tables = DerivedTables.ToArray();
        Invalidate(tables);
        Prepare(tables, request);
    }

    /// <summary>What a statement that is not stored can refer to.</summary>
    public IProgramScope Scope => new Transaction(Program, _database, builtins, _order);

    /// <summary>The given rows of a table, without derived ones; null when it has none.</summary>
    public Relation? FactsOf(TableName table) => _database.FactsOf(table);

    /// <summary>All tables that have facts or rules.</summary>
    public IEnumerable<TableName> Tables => _database.TablesWithFacts.Concat(DerivedTables).Distinct();

    /// <summary>All tables that rules derive.</summary>
    public IEnumerable<TableName> DerivedTables => Program.Graph.Components.SelectMany(c => c.Tables);

    /// <summary>Calls a builtin outside of an evaluation.</summary>
    public IReadOnlyList<Row> Call(Builtin builtin, Value[] inputs, Rule rule, EvaluationRequest request)
    {
        var (values, count) = new EvaluationContext(_database.Symbols, request.Now, limits, request.CancellationToken).Call(builtin, inputs, rule);
        return [.. Enumerable.Range(0, count).Select(i => new Row([.. values.Skip(i * builtin.Outputs).Take(builtin.Outputs)]))];
    }

    public Value ValueOf(int handle) => _database.Symbols.ValueOf(handle);

    public Row RowOf(ReadOnlySpan<int> handles)
    {
        var values = new Value[handles.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(handles[i]);
        }

        return new(values);
    }

    public bool TryFind(Value value, out int handle) => _database.Symbols.TryFind(value, out handle);

    /// <summary>Brings the given tables, and all that they depend on, up to date.</summary>
    private Evaluator Prepare(IEnumerable<TableName> tables, EvaluationRequest request)
    {
        FollowClock(request.Now);
        var context = new EvaluationContext(_database.Symbols, request.Now, limits, request.CancellationToken) { Clock = request.Clock };
        var evaluator = new Evaluator(_database, context) { OnExecuted = request.OnExecuted };
        if (Program.Uses.Count == 0)
        {
            return evaluator;
        }

        var needed = Program.Graph.WithUses(tables);
        foreach (var component in Program.Graph.Components)
        {
            if (component.Tables.Any(t => needed.Contains(t) && _database.DerivedOf(t) is null))
            {
                request.CancellationToken.ThrowIfCancellationRequested();
                evaluator.Evaluate(component);
            }
        }

        return evaluator;
    }

    /// <summary>Forgets the derived tables that depend on changed ones.</summary>
    private void Invalidate(IEnumerable<TableName> changed)
    {
        if (!_database.HasDerived)
        {
            return;
        }

        // What depends on a table that is not up to date is not up to date either, so the search need not go on there.
        var stack = new Stack<TableName>(changed);
        var seen = new HashSet<TableName>(stack);
        while (stack.TryPop(out var table))
        {
            _database.Invalidate(table);
            foreach (var dependent in Program.Graph.DependentsOf(table))
            {
                if (_database.DerivedOf(dependent) is not null && seen.Add(dependent))
                {
                    stack.Push(dependent);
                }
            }
        }
    }

    /// <summary>The builtin <c>now</c> gives whole seconds: tables that read it are computed again when the second changes.</summary>
    private void FollowClock(DateTimeOffset now)
    {
        var text = now.ToString("yyyy-MM-dd HH:mm:ss zzz", System.Globalization.CultureInfo.InvariantCulture);
        if (text != _clockText)
        {
            _clockText = text;
            Invalidate(Program.ClockTables);
        }
    }
}
