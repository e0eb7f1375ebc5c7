using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Computes derived tables from scratch, one component after the other.</summary>
/// <remarks>
/// A component without recursion needs one pass over its rules. A recursive one is evaluated semi-naively: each round
/// reads the rows of the last one as a delta, in one literal at a time (F. Bancilhon, Naive Evaluation of Recursively
/// Defined Relations, 1986), and gives its rows the number of the round as their height.
/// </remarks>
internal sealed class Evaluator(Tables tables, EvaluationContext context) : ITables
{
    private const int FewInputs = 256;
    private const long MaxBits = 1L << 28;
    private const long BitsPerInput = 1L << 12;         // of a recursion, which mostly gives far more rows than it reads
    private const long BitsPerInputOnce = 1L << 6;      // of other rules: 1,500 rules cleared gigabytes of bits, a quarter of their time
    private const int InputsPerGroup = 2;   // where keys are numbered by their place

    private readonly Dictionary<TableName, RecursiveTable> _growing = [];
    private TableStatistics? _statistics;
    private int _maxBindings;      // of a block
    private long _inputs;          // rows that the component reads
    private HeadRanges? _ranges;   // null where there are few

    /// <summary>Called with each plan after its last run; set to learn what was done.</summary>
    public Action<Component, Plan, Pipeline>? OnExecuted { get; init; }

    /// <summary>Called with the groups of each rule with aggregates; set to keep them.</summary>
    public Action<Rule, GroupTable>? OnGrouped { get; init; }

    /// <summary>The number of rounds that the last component took; the greatest height of its rows.</summary>
    public int Rounds { get; private set; }

    private TableStatistics Statistics => _statistics ??= new(table => _growing.TryGetValue(table, out var growing) ? growing.Rows : tables.LargestPartOf(table));

    private Planner Planner => new(Statistics);

    /// <summary>Computes the tables of a component; those that it depends on are at hand.</summary>
    /// <returns>The rows of each table, facts included.</returns>
    public IEnumerable<(TableName Table, Relation Rows)> Evaluate(Component component)
    {
        _growing.Clear();
        Rounds = 0;
        foreach (var table in component.Tables)
        {
            var arity = component.Rules.First(r => r.Head == table).Terms.Length;
            var rows = new Relation(arity);
            var facts = tables.FactsOf(table, arity);
            if (facts.Second.Relation is null && facts.First.IsWhole)
            {
                rows = facts.First.Relation.Copy();
            }
            else
            {
                facts.First.CopyTo(rows);
                (facts.Second.Relation is null ? default(TablePart?) : facts.Second)?.CopyTo(rows);
            }

            _growing[table] = new(rows);
        }

        ChooseWriters(component);
        if (component.IsRecursive)
        {
            Iterate(component);
        }
        else
        {
            foreach (var rule in component.Rules)
            {
                RunOnce(component, rule, Planner.ForHead(rule));
            }

            foreach (var growing in _growing.Values)
            {
                growing.Writer.Settle();
            }
        }

        var result = _growing.Select(g => (g.Key, g.Value.Rows)).ToArray();
        _growing.Clear();
        return result;
    }

    /// <summary>The bindings of all variables of a rule, one column for each slot; its tables are at hand.</summary>
    public Relation BindingsOf(Rule rule)
    {
        var bindings = new Relation(rule.Variables.Length);
        var plan = Planner.ForBindings(rule);
        new Pipeline(plan, plan.IsSmall ? Block.SmallRun : Block.LargeRun).Run(bindings, context, this);
        return bindings;
    }

    /// <summary>The rows that a rule derives from the bindings of its variables.</summary>
    public Relation Project(Rule rule, Relation bindings)
    {
        var rows = new Relation(rule.Terms.Length);
        if (rule.IsAggregate)
        {
            GroupTable.Of(rule, bindings, context).AddRows(rows, rule, context);
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
    public TableView ViewOf(TableName table, int arity, RowRange range)
    {
        if (!_growing.TryGetValue(table, out var growing))
        {
            return tables.ViewOf(table, arity, range);
        }

        var (from, to) = range switch
        {
            RowRange.Old => (0, growing.DeltaStart),
            RowRange.Delta => (growing.DeltaStart, growing.DeltaEnd),
            RowRange.OldAndDelta => (0, growing.DeltaEnd),
            _ => (0, growing.Rows.Count),
        };
        return new(new(growing.Rows, from, to));
    }

    /// <inheritdoc/>
    public RelationIndex IndexOn(Relation relation, int[] columns) => tables.IndexOn(relation, columns);

    /// <summary>Decides for each table how rows that come twice are told from new ones.</summary>
    private void ChooseWriters(Component component)
    {
        _inputs = component.Rules.SelectMany(r => r.Tables).Select(t => t.Table).Distinct().Sum(t => (long)(tables.LargestPartOf(t)?.Count ?? 0));
        (_maxBindings, _ranges) = (_inputs < FewInputs ? Block.SmallRun : Block.LargeRun, null);
        if (_inputs < FewInputs)
        {
            return;   // thousands of small rules must not clear sets, nor blocks
        }

        _ranges = new HeadRanges(component, _growing.Select(g => (g.Key, g.Value.Rows)), (table, arity) => tables.ViewOf(table, arity, RowRange.All), context.Symbols);
        foreach (var (table, growing) in _growing)
        {
            var (rows, rules) = (growing.Rows, component.Rules.Where(r => r.Head == table).ToArray());
            if (rows.Count == 0 && !component.IsRecursive && rules is [{ GivesDistinctRows: true }])
            {
                growing.Writer = new(rows, areDistinct: true);
            }
            else if (DenseSet.TryMake(_ranges.Of(table), Math.Min(MaxBits, _inputs * (component.IsRecursive ? BitsPerInput : BitsPerInputOnce))) is { } seen)
            {
                for (var row = 0; row < rows.Count; row++)
                {
                    seen.Add(rows[row]);
                }

                growing.Writer = new(rows, seen);
            }
            else
            {
                growing.Writer = new(rows, mayWait: !component.IsRecursive);
            }
        }
    }

    private void RunOnce(Component component, Rule rule, Plan plan)
    {
        var pipeline = new Pipeline(plan, _maxBindings);
        if (rule.IsAggregate)
        {
            var groups = new GroupTable(rule, context.Symbols);
            if (_ranges is { } ranges)
            {
                groups.Expect(term => ranges.Of(term, rule), _inputs / InputsPerGroup);
            }

            if (rule.GivesDistinctBindings)
            {
                pipeline.Run(groups, context, this);
            }
            else
            {
                var bindings = new Relation(rule.Variables.Length);
                pipeline.Run(bindings, context, this);
                groups.Change(bindings, 1, context);
            }

            groups.WriteRows(_growing[rule.Head].Writer, rule, context);
            OnGrouped?.Invoke(rule, groups);
        }
        else
        {
            pipeline.Run(_growing[rule.Head].Writer, context, this);
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
                RunOnce(component, rule, Planner.ForHead(rule));
                continue;
            }

            foreach (var position in positions)
            {
                var plan = Planner.ForDelta(rule, position, _growing.ContainsKey);
                recursive.Add((new Pipeline(plan, _maxBindings), plan));
            }
        }

        var byDelta = recursive.GroupBy(r => _growing[((TableLiteral)r.Plan.Rule.Body[r.Plan.DeltaPosition]).Table])
            .Select(g => (Table: g.Key, Uses: g.ToArray())).ToArray();
        var maker = component.Rules.FirstOrDefault(r => r.MakesValues && r.Tables.Any(t => _growing.ContainsKey(t.Table)));
        for (; NextRound(Rounds); Rounds++)
        {
            if (maker is not null)
            {
                context.CheckMade(maker, Rounds + 1, _growing.Values.Sum(t => (long)t.Rows.Count));
            }

            // Of a long cycle of rules most have nothing to do in a round.
            foreach (var (table, uses) in byDelta)
            {
                if (table.HasDelta)
                {
                    foreach (var (pipeline, plan) in uses)
                    {
                        pipeline.Run(_growing[plan.Rule.Head].Writer, context, this);
                    }
                }
            }
        }

        foreach (var (pipeline, plan) in recursive)
        {
            OnExecuted?.Invoke(component, plan, pipeline);
        }
    }

    private bool NextRound(int height)
    {
        var any = false;
        foreach (var table in _growing.Values)
        {
            any |= table.NextRound(height);
        }

        return any;
    }

    /// <summary>A table while its component is evaluated: its rows, and which of them are the delta of this round.</summary>
    private sealed class RecursiveTable(Relation rows)
    {
        public Relation Rows => rows;

        /// <summary>What adds rows.</summary>
        public HeadWriter Writer { get; set; } = new(rows);

        public int DeltaStart { get; private set; }

        public int DeltaEnd { get; private set; }

        public bool HasDelta => DeltaStart < DeltaEnd;

        /// <summary>Makes the rows of the last round the delta of the next.</summary>
        /// <returns>False when there are none.</returns>
        public bool NextRound(int height)
        {
            (DeltaStart, DeltaEnd) = (DeltaEnd, rows.Count);
            rows.SetHeights(DeltaStart, height);
            return HasDelta;
        }
    }
}
