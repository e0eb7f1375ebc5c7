using Congress.Data;

namespace Congress.Datalog.Analysis;

/// <summary>Tables that depend on each other, with the rules that derive them; evaluated together.</summary>
/// <param name="Tables">The derived tables.</param>
/// <param name="Rules">All rules that derive them, in program order.</param>
/// <param name="IsRecursive">Whether a table depends on itself.</param>
internal sealed record Component(IReadOnlyList<TableName> Tables, IReadOnlyList<Rule> Rules, bool IsRecursive);

/// <summary>Which table depends on which, over all policies, and the order in which to evaluate them.</summary>
internal sealed class DependencyGraph
{
    private readonly Dictionary<TableName, int> _nodes = [];
    private readonly List<TableName> _tables = [];
    private readonly List<List<Rule>> _rules = [];
    private readonly List<List<int>> _uses = [];   // head -> body

    public DependencyGraph(IEnumerable<Rule> rules)
    {
        foreach (var rule in rules)
        {
            var head = NodeOf(rule.Head);
            _rules[head].Add(rule);
            foreach (var literal in rule.Tables)
            {
                _uses[head].Add(NodeOf(literal.Table));
            }
        }

        var components = StronglyConnected.Of(_uses);
        Components = [.. components.Where(c => c.Exists(n => _rules[n].Count > 0)).Select(Component)];
    }

    /// <summary>The derived tables in an order in which each comes after all that it depends on.</summary>
    public IReadOnlyList<Component> Components { get; }

    /// <summary>The tables and all that they depend on, directly or not.</summary>
    public HashSet<TableName> WithUses(IEnumerable<TableName> tables)
    {
        var reached = new HashSet<TableName>(tables);
        var stack = new Stack<int>(reached.Where(_nodes.ContainsKey).Select(t => _nodes[t]));
        while (stack.TryPop(out var node))
        {
            foreach (var next in _uses[node])
            {
                if (reached.Add(_tables[next]))
                {
                    stack.Push(next);
                }
            }
        }

        return reached;
    }

    /// <summary>A shortest cycle: rules, each of whose heads is used by the one before, the last one's by none but the first.</summary>
    /// <param name="component">A recursive component.</param>
    /// <param name="first">A rule of it that the cycle should begin with.</param>
    /// <param name="through">The table of the body through which the cycle should go.</param>
    public static IReadOnlyList<Rule> CycleThrough(Component component, Rule first, TableName through)
    {
        var cameBy = new Dictionary<TableName, (TableName From, Rule Rule)>();
        var rulesOf = component.Rules.ToLookup(r => r.Head);
        var queue = new Queue<TableName>([through]);
        while (queue.TryDequeue(out var table) && table != first.Head)
        {
            foreach (var rule in rulesOf[table])
            {
                foreach (var literal in rule.Tables.Where(l => rulesOf.Contains(l.Table) && l.Table != through))
                {
                    if (cameBy.TryAdd(literal.Table, (table, rule)))
                    {
                        queue.Enqueue(literal.Table);
                    }
                }
            }
        }

        var path = new List<Rule>();
        for (var table = first.Head; table != through; table = cameBy[table].From)
        {
            path.Add(cameBy[table].Rule);
        }

        path.Add(first);
        path.Reverse();
        return path;
    }

    private int NodeOf(TableName table)
    {
        if (!_nodes.TryGetValue(table, out var node))
        {
            node = _nodes[table] = _tables.Count;
            _tables.Add(table);
            _rules.Add([]);
            _uses.Add([]);
        }

        return node;
    }

    private Component Component(List<int> nodes) => new(
        [.. nodes.Where(n => _rules[n].Count > 0).Select(n => _tables[n])],
        [.. nodes.SelectMany(n => _rules[n])],
        nodes.Count > 1 || _uses[nodes[0]].Contains(nodes[0]));
}
