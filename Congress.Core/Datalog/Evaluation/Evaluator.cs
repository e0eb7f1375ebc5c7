using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Computes derived tables from scratch, one component after the other.</summary>
/// <remarks>
/// A component without recursion needs one pass over its rules. A recursive one is evaluated semi-naively: each round
/// reads the rows of the last one as a delta, in one literal at a time (F. Bancilhon, Naive Evaluation of Recursively
/// Defined Relations, 1986). A table is published when its component is complete, so a failure leaves nothing half done.
/// </remarks>
internal sealed class Evaluator(Database database, EvaluationContext context) : IRowRanges
{
    private readonly Dictionary<TableName, RecursiveTable> _growing = [];
    private TableStatistics? _statistics;

    /// <summary>Called with each plan after its last run; set to learn what was done.</summary>
    public Action<Component, Plan, Pipeline>? OnExecuted { get; init; }

    private TableStatistics Statistics => _statistics ??= new(RelationOf);

    /// <summary>Computes the tables of a component; those that it depends on are up to date.</summary>
    public void Evaluate(Component component)
    {
        _growing.Clear();
        foreach (var table in component.Tables)
        {
            var arity = component.Rules.First(r => r.Head == table).Terms.Length;
            _growing[table] = new(database.FactsOf(table)?.Copy() ?? new Relation(arity));
        }

        if (component.IsRecursive)
        {
            Iterate(component);
        }
        else
        {
            foreach (var rule in component.Rules)
            {
                RunOnce(component, rule, new Planner(Statistics).ForHead(rule));
            }
        }

        foreach (var (table, rows) in _growing)
        {
            database.SetDerived(table, rows.Rows);
        }

        _growing.Clear();
    }

    /// <summary>The bindings of all variables of a rule, one column for each slot; its tables are up to date.</summary>
    public Relation BindingsOf(Rule rule)
    {
        var bindings = new Relation(rule.Variables.Length);
        new Pipeline(new Planner(Statistics).ForBindings(rule), context, this).Run(bindings);
        return bindings;
    }

    /// <summary>The rows that a rule derives from the bindings of its variables.</summary>
    public Relation Project(Rule rule, Relation bindings)
    {
        var rows = new Relation(rule.Terms.Length);
        if (rule.IsAggregate)
        {
            Aggregation.Run(rule, bindings, rows, context);
            return rows;
        }

        var constants = Array.ConvertAll(rule.Terms, t => t.Operand.IsConstant ? context.Symbols.Intern(t.Operand.Constant) : 0);
        Span<int> row = stackalloc int[rule.Terms.Length];
        for (var binding = 0; binding < bindings.Count; binding++)
        {
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = rule.Terms[i].Operand is { IsVariable: true } variable ? bindings[binding][variable.Slot] : constants[i];
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <inheritdoc/>
    public (Relation Relation, int From, int To) RangeOf(TableName table, int arity, RowRange range)
    {
        if (_growing.TryGetValue(table, out var growing))
        {
            return range switch
            {
                RowRange.Old => (growing.Rows, 0, growing.DeltaStart),
                RowRange.Delta => (growing.Rows, growing.DeltaStart, growing.DeltaEnd),
                RowRange.OldAndDelta => (growing.Rows, 0, growing.DeltaEnd),
                _ => (growing.Rows, 0, growing.Rows.Count),
            };
        }

        var relation = RelationOf(table) is { } known && known.Arity == arity ? known : new Relation(arity);
        return (relation, 0, relation.Count);
    }

    private Relation? RelationOf(TableName table) =>
        _growing.TryGetValue(table, out var growing) ? growing.Rows : database.DerivedOf(table) ?? database.FactsOf(table);

    private void RunOnce(Component component, Rule rule, Plan plan)
    {
        var pipeline = new Pipeline(plan, context, this);
        if (rule.IsAggregate)
        {
            var bindings = new Relation(rule.Variables.Length);
            pipeline.Run(bindings);
            Aggregation.Run(rule, bindings, _growing[rule.Head].Rows, context);
        }
        else
        {
            pipeline.Run(_growing[rule.Head].Rows);
        }

        OnExecuted?.Invoke(component, plan, pipeline);
    }

    private void Iterate(Component component)
    {
        var recursive = new List<(Pipeline Pipeline, Plan Plan)>();
        foreach (var rule in component.Rules)
        {
            var positions = Enumerable.Range(0, rule.Body.Length)
                .Where(i => rule.Body[i] is TableLiteral { Negated: false } t && _growing.ContainsKey(t.Table)).ToArray();
            if (positions.Length == 0)
            {
                RunOnce(component, rule, new Planner(Statistics).ForHead(rule));
                continue;
            }

            foreach (var position in positions)
            {
                var plan = new Planner(Statistics).ForDelta(rule, position, _growing.ContainsKey);
                recursive.Add((new Pipeline(plan, context, this), plan));
            }
        }

        var byDelta = recursive.GroupBy(r => _growing[((TableLiteral)r.Plan.Rule.Body[r.Plan.DeltaPosition]).Table])
            .Select(g => (Table: g.Key, Uses: g.ToArray())).ToArray();
        var maker = component.Rules.FirstOrDefault(r => r.MakesValues && r.Tables.Any(t => _growing.ContainsKey(t.Table)));
        for (var round = 1; NextRound(); round++)
        {
            if (maker is not null)
            {
                CheckMade(maker, round);
            }

            // Of a long cycle of rules most have nothing to do in a round.
            foreach (var (table, uses) in byDelta)
            {
                if (table.HasDelta)
                {
                    foreach (var (pipeline, plan) in uses)
                    {
                        pipeline.Run(_growing[plan.Rule.Head].Rows);
                    }
                }
            }
        }

        foreach (var (pipeline, plan) in recursive)
        {
            OnExecuted?.Invoke(component, plan, pipeline);
        }
    }

    private bool NextRound()
    {
        var any = false;
        foreach (var table in _growing.Values)
        {
            any |= table.NextRound();
        }

        return any;
    }

    /// <summary>A recursion that makes values may never end: it has a budget of its own.</summary>
    private void CheckMade(Rule maker, int round)
    {
        var limits = context.Limits;
        if (round > limits.MaxMadeRounds)
        {
            throw EvaluationContext.Exceeded(maker, $"a recursion that makes values took more than {limits.MaxMadeRounds} rounds");
        }

        if (_growing.Values.Sum(t => (long)t.Rows.Count) > limits.MaxMadeRows)
        {
            throw EvaluationContext.Exceeded(maker, $"a recursion that makes values derived more than {limits.MaxMadeRows} rows");
        }
    }

    /// <summary>A table while its component is evaluated: its rows, and which of them are the delta of this round.</summary>
    private sealed class RecursiveTable(Relation rows)
    {
        public Relation Rows => rows;

        public int DeltaStart { get; private set; }

        public int DeltaEnd { get; private set; }

        public bool HasDelta => DeltaStart < DeltaEnd;

        /// <summary>Makes the rows of the last round the delta of the next.</summary>
        /// <returns>False when there are none.</returns>
        public bool NextRound()
        {
            (DeltaStart, DeltaEnd) = (DeltaEnd, rows.Count);
            return HasDelta;
        }
    }
}
