using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;
using Congress.Diagnostics;

namespace Congress.Datalog.Answers;

/// <summary>A row while its derivations are looked for.</summary>
internal sealed class DerivationNode(TableName table, Row row, bool isFact)
{
    public TableName Table => table;

    public Row Row => row;

    public bool IsFact => isFact;

    /// <summary>The least height among the derivations that have been found; <see cref="int.MaxValue"/> for none.</summary>
    public int Height { get; set; } = isFact ? 0 : int.MaxValue;

    /// <summary>The ways in which rules give the row, by age of the rule.</summary>
    public List<RuleInstance> Instances { get; } = [];

    /// <summary>The ways in which the row helps to give others.</summary>
    public List<RuleInstance> Users { get; } = [];

    /// <summary>The first of the lowest ways to give the row.</summary>
    public RuleInstance? Lowest => Height == 0 && isFact ? null
        : Instances.Where(i => i.Height == Height).OrderBy(i => i.Order).ThenBy(i => i.Binding).First();
}

/// <summary>A rule with values for its variables.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Order">Its place among the rules of its table.</param>
/// <param name="Binding">The values of its variables, those of <c>_</c> included, by slot of the opened rule; of an aggregate those of the head.</param>
/// <param name="Head">The row that it gives.</param>
/// <param name="Rows">The rows it needs, by positive literal of a table; of an aggregate some from every binding of the group.</param>
/// <param name="More">The rows of an aggregate's group that are left out.</param>
internal sealed record RuleInstance(OpenedRule Rule, int Order, Row Binding, DerivationNode Head, IReadOnlyList<IReadOnlyList<DerivationNode>> Rows, long More)
{
    /// <summary>The height that the row has by it.</summary>
    public int Height
    {
        get
        {
            var height = 0;
            foreach (var rows in Rows)
            {
                foreach (var row in rows)
                {
                    height = Math.Max(height, row.Height);
                }
            }

            return height == int.MaxValue ? int.MaxValue : height + 1;
        }
    }

    public bool Equals(RuleInstance? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A rule whose every column of a positive condition has a slot, <c>_</c> and columns that were left out too.</summary>
/// <param name="Rule">The rule as it is evaluated.</param>
/// <param name="Opened">The same with all slots; of an aggregate the head is that of its groups.</param>
/// <param name="Whole">The same with its own head.</param>
internal sealed record OpenedRule(Rule Rule, Rule Opened, Rule Whole);

/// <summary>Finds a derivation of least height of a row.</summary>
/// <remarks>
/// From the row downwards, step by step, all ways in which rules give the rows are looked up; heights come up from the facts (as in D. E. Knuth,
/// A Generalization of Dijkstra's Algorithm, 1977). When everything within <c>n</c> steps has been looked up, every derivation up to height <c>n</c> is known: so the
/// search ends where the row's height is at most that, and does not see the rest of a large table.
/// </remarks>
internal sealed class DerivationSearch(View view, CancellationToken cancellationToken)
{
    private const int MaxGroupRows = 100;        // of an aggregate's group, for each condition
    private const long MaxInstances = 1_000_000;

    private readonly Dictionary<(TableName, Row), DerivationNode> _nodes = [];
    private readonly Dictionary<Rule, OpenedRule> _opened = [];
    private long _instances;

    /// <summary>Finds the derivation.</summary>
    /// <returns>The row with its lowest instance; null when it is not in the table.</returns>
    /// <exception cref="PolicyException">Too many rows help to derive it.</exception>
    public DerivationNode? Run(TableName table, Row row)
    {
        if (!Holds(table, row))
        {
            return null;
        }

        var goal = NodeOf(table, row);
        List<DerivationNode> open = goal.IsFact ? [] : [goal];
        for (var depth = 1; open.Count > 0 && goal.Height >= depth; depth++)
        {
            open = Expand(open);
        }

        return goal;
    }

    private bool Holds(TableName table, Row row)
    {
        var rows = view.RowsOf(table);
        var handles = new int[row.Count];
        for (var i = 0; i < handles.Length; i++)
        {
            if (!view.Symbols.TryFind(row[i], out handles[i]))
            {
                return false;
            }
        }

        return rows.First.Relation.Arity == row.Count && rows.Contains(handles);
    }

    /// <summary>Looks up the ways in which rules give some rows.</summary>
    /// <returns>The rows that these need and that were not met before.</returns>
    private List<DerivationNode> Expand(List<DerivationNode> open)
    {
        var next = new List<DerivationNode>();
        foreach (var group in open.GroupBy(n => n.Table))
        {
            var rules = view.Program.DefinitionsOf(group.Key);
            view.Prepare(rules.SelectMany(r => r.Tables).Select(t => t.Table));
            for (var order = 0; order < rules.Length; order++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var opened = Open(rules[order]);
                if (rules[order].IsAggregate)
                {
                    foreach (var node in group)
                    {
                        Add(AggregateInstance(opened, order, node, next));
                    }
                }
                else
                {
                    Match(opened, order, [.. group], next);
                }
            }
        }

        return next;
    }

    private void Match(OpenedRule rule, int order, DerivationNode[] heads, List<DerivationNode> next)
    {
        var bindings = view.BindingsOf(rule.Opened, Candidates(heads.Select(h => h.Row), rule.Opened.Terms.Length));
        for (var i = 0; i < bindings.Count; i++)
        {
            var binding = view.Symbols.RowOf(bindings[i]);
            var row = new Row([.. rule.Opened.Terms.Select(t => ValueOf(t.Operand, binding))]);
            var needed = rule.Opened.Tables.Where(t => !t.Negated).Select(t => (IReadOnlyList<DerivationNode>)[Reach(t, binding, next)]).ToArray();
            Add(new(rule, order, binding, _nodes[(heads[0].Table, row)], needed, 0));
        }
    }

    private RuleInstance? AggregateInstance(OpenedRule rule, int order, DerivationNode node, List<DerivationNode> next)
    {
        var group = new Row([.. rule.Rule.Terms.Select((t, i) => (t, i)).Where(t => t.t.Function is null).Select(t => node.Row[t.i])]);
        var bindings = view.BindingsOf(rule.Opened, Candidates([group], group.Count));
        if (!view.Project(rule.Whole, bindings).Contains(Handles(node.Row)))
        {
            return null;   // another rule gives the row
        }

        var sorted = new SortedSet<Row>();
        for (var i = 0; i < bindings.Count; i++)
        {
            sorted.Add(view.Symbols.RowOf(bindings[i]));
        }

        long more = 0;
        var needed = rule.Opened.Tables.Where(t => !t.Negated).Select(t =>
        {
            var rows = sorted.Select(b => RowOf(t, b)).Distinct().ToArray();
            more += Math.Max(0, rows.Length - MaxGroupRows);
            return (IReadOnlyList<DerivationNode>)[.. rows.Take(MaxGroupRows).Select(r => Reach(t.Table, r, next))];
        }).ToArray();
        return new(rule, order, group, node, needed, more);
    }

    private void Add(RuleInstance? instance)
    {
        if (instance is null)
        {
            return;
        }

        if (++_instances > MaxInstances)
        {
            throw new PolicyException(Diagnostic.Error(DiagnosticCode.BudgetExceeded, instance.Rule.Rule.Formula.Span,
                $"more than {MaxInstances} instances of rules help to derive the row", "ask why one of the rows below it holds"));
        }

        instance.Head.Instances.Add(instance);
        foreach (var row in instance.Rows.SelectMany(r => r).Distinct())
        {
            row.Users.Add(instance);
        }

        Lower(instance);
    }

    /// <summary>Takes a new or lower instance into account, and all that follows from it.</summary>
    private static void Lower(RuleInstance first)
    {
        var waiting = new Queue<RuleInstance>([first]);
        while (waiting.TryDequeue(out var instance))
        {
            if (instance.Height >= instance.Head.Height)
            {
                continue;
            }

            instance.Head.Height = instance.Height;
            instance.Head.Users.ForEach(waiting.Enqueue);
        }
    }

    private DerivationNode Reach(TableLiteral literal, Row binding, List<DerivationNode> next) =>
        Reach(literal.Table, RowOf(literal, binding), next);

    private DerivationNode Reach(TableName table, Row row, List<DerivationNode> next)
    {
        if (_nodes.TryGetValue((table, row), out var known))
        {
            return known;
        }

        var node = NodeOf(table, row);
        if (!node.IsFact)
        {
            next.Add(node);
        }

        return node;
    }

    private DerivationNode NodeOf(TableName table, Row row) =>
        _nodes[(table, row)] = new(table, row, IsFact(table, row));

    private bool IsFact(TableName table, Row row)
    {
        if (view.Program.DefinitionsOf(table).Length == 0)
        {
            return true;
        }

        var facts = view.FactsOf(table);
        return facts.First.Relation.Arity == row.Count && facts.Contains(Handles(row));
    }

    private int[] Handles(Row row) => [.. row.Select(view.Symbols.Intern)];

    private Relation Candidates(IEnumerable<Row> rows, int arity)
    {
        var candidates = new Relation(arity);
        foreach (var row in rows.Where(r => r.Count == arity))
        {
            candidates.Add(Handles(row));
        }

        return candidates;
    }

    private OpenedRule Open(Rule rule)
    {
        if (!_opened.TryGetValue(rule, out var opened))
        {
            var all = RuleAnalyzer.Open(rule.Formula, rule.Policy, view.Scope);
            opened = _opened[rule] = new(rule, all with { Terms = [.. all.Terms.Where(t => t.Function is null)] }, all);
        }

        return opened;
    }

    private static Row RowOf(TableLiteral literal, Row binding) => new([.. literal.Arguments.Select(a => ValueOf(a, binding))]);

    private static Value ValueOf(Operand operand, Row binding) => operand.IsConstant ? operand.Constant : binding[operand.Slot];
}
