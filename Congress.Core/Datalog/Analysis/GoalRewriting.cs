using Congress.Data;

namespace Congress.Datalog.Analysis;

/// <summary>Makes of a question, and of the rules that it needs, rules that derive little more than what answers it.</summary>
/// <remarks>
/// Magic sets (C. Beeri, R. Ramakrishnan, On the Power of Magic, J. Logic Programming 10, 1991): of a table that is asked
/// with some columns known, a goal table holds the values that are asked for, and every rule of the table reads it first.
/// What a body knows before a literal makes the goals for that literal. A goal may follow from other goal-directed tables, too;
/// where that would send a negation or an aggregate in a circle, it follows from plain tables only, which is always stratified.
/// </remarks>
internal sealed class GoalRewriting
{
    private const int MaxAdornments = 16;   // of one table; beyond, all columns count as unknown
    private const string Own = "";          // the policy of the tables made here, which no policy is named

    private readonly Func<TableName, IReadOnlyCollection<Rule>> _definitionsOf;
    private readonly Func<TableName, bool> _isOpen;
    private readonly bool _goalsFollowGoals;
    private readonly List<Rule> _rules = [];
    private readonly Dictionary<TableName, TableName> _facts = [];
    private readonly Dictionary<TableName, HashSet<string>> _adornments = [];
    private readonly Queue<(TableName Table, string Adornment, int Arity)> _waiting = [];

    private GoalRewriting(Func<TableName, IReadOnlyCollection<Rule>> definitionsOf, Func<TableName, bool> isOpen, bool goalsFollowGoals) =>
        (_definitionsOf, _isOpen, _goalsFollowGoals) = (definitionsOf, isOpen, goalsFollowGoals);

    /// <summary>Rewrites a question.</summary>
    /// <param name="query">The rule whose bindings answer it.</param>
    /// <param name="definitionsOf">The rules of a table.</param>
    /// <param name="isOpen">Whether a table has rules and its rows are not at hand.</param>
    /// <returns>The rule to ask instead, with the rules that it needs and the tables that stand for the facts of others;
    /// null when nothing is known of any table, so that all of it is needed.</returns>
    public static GoalProgram? Of(Rule query, Func<TableName, IReadOnlyCollection<Rule>> definitionsOf, Func<TableName, bool> isOpen)
    {
        if (!query.Tables.Any(t => isOpen(t.Table) && t.Arguments.Any(a => a.IsConstant)) && !query.Tables.Any(t => !isOpen(t.Table)))
        {
            return null;
        }

        var strong = new GoalRewriting(definitionsOf, isOpen, goalsFollowGoals: true).Rewrite(query);
        return IsStratified(strong.Graph) ? strong : new GoalRewriting(definitionsOf, isOpen, goalsFollowGoals: false).Rewrite(query);
    }

    private static bool IsStratified(DependencyGraph graph) => graph.Components.All(c => !c.IsRecursive || c.Rules.All(r =>
        r.Tables.All(t => (!t.Negated && !r.IsAggregate) || !c.Tables.Contains(t.Table))));

    private GoalProgram Rewrite(Rule query)
    {
        var asked = query with { Body = RewriteBody(query, null, []) };
        while (_waiting.TryDequeue(out var next))
        {
            var goal = GoalOf(next.Table, next.Adornment);
            foreach (var rule in _definitionsOf(next.Table))
            {
                var known = KnownOf(next.Adornment);
                var reads = goal is null ? null : new TableLiteral(goal.Value, [.. known.Select(i => rule.Terms[i].Operand)], false, rule.Formula.Heads[0]);
                _rules.Add(rule with { Head = Adorned(next.Table, next.Adornment), Body = RewriteBody(rule, reads, known.Select(i => rule.Terms[i].Operand)) });
            }

            AddFacts(next.Table, next.Adornment, next.Arity, goal);
        }

        return new(asked, new(_rules), _facts);
    }

    /// <summary>The body with goal-directed tables; the rules that make their goals are added on the way.</summary>
    private BodyLiteral[] RewriteBody(Rule rule, TableLiteral? goal, IEnumerable<Operand> known)
    {
        var bound = known.Where(o => o.IsVariable).Select(o => o.Slot).ToHashSet();
        var waiting = rule.Body.ToList();
        var prefix = new List<BodyLiteral>();   // what a goal can follow from
        var body = new List<BodyLiteral>();
        if (goal is not null)
        {
            prefix.Add(goal);
            body.Add(goal);
        }

        while (waiting.Count > 0)
        {
            var literal = Next(waiting, bound);
            waiting.Remove(literal);
            if (literal is not TableLiteral table || !_isOpen(table.Table))
            {
                body.Add(literal);
                if (literal is not TableLiteral { Negated: true } && SafetyOrder.IsReady(literal, bound))
                {
                    prefix.Add(literal);
                    bound.UnionWith(literal.Slots);
                }

                continue;
            }

            var adorned = Ask(rule, table, bound, prefix);
            body.Add(adorned);
            if (!table.Negated && _goalsFollowGoals)
            {
                prefix.Add(adorned);
                bound.UnionWith(table.Slots);
            }
        }

        return [.. body];
    }

    /// <summary>The next literal to look at: what filters, then tables at hand and goal-directed ones of which something is known.</summary>
    private BodyLiteral Next(List<BodyLiteral> waiting, HashSet<int> bound)
    {
        bool IsKnown(TableLiteral t) => t.Arguments.Any(a => a.IsConstant || (a.IsVariable && bound.Contains(a.Slot)));
        return waiting.Find(l => l is not TableLiteral && SafetyOrder.IsReady(l, bound))
            ?? waiting.Find(l => l is TableLiteral { Negated: false } t && !_isOpen(t.Table) && IsKnown(t))
            ?? waiting.Find(l => l is TableLiteral { Negated: false } t && IsKnown(t))
            ?? waiting.Find(l => l is TableLiteral { Negated: false } t && !_isOpen(t.Table))
            ?? waiting.Find(l => l is TableLiteral { Negated: false })
            ?? waiting[0];
    }

    /// <summary>The literal of the goal-directed table, after its goals have been seen to.</summary>
    private TableLiteral Ask(Rule rule, TableLiteral literal, HashSet<int> bound, List<BodyLiteral> prefix)
    {
        var plain = _definitionsOf(literal.Table).Where(r => r.IsAggregate).ToArray();
        var adornment = string.Concat(literal.Arguments.Select((a, i) =>
            (a.IsConstant || (a.IsVariable && bound.Contains(a.Slot))) && Array.TrueForAll(plain, r => r.Terms[i].Function is null) ? 'b' : 'f'));
        if (!_adornments.TryGetValue(literal.Table, out var adornments))
        {
            adornments = _adornments[literal.Table] = new(StringComparer.Ordinal);
        }

        if (adornments.Count >= MaxAdornments && !adornments.Contains(adornment))
        {
            adornment = new string('f', literal.Arguments.Length);
        }

        if (adornments.Add(adornment))
        {
            _waiting.Enqueue((literal.Table, adornment, literal.Arguments.Length));
        }

        if (GoalOf(literal.Table, adornment) is { } goal)
        {
            var terms = KnownOf(adornment).Select(i => new HeadTerm(literal.Arguments[i])).ToArray();
            BodyLiteral[] body = prefix.Count > 0 ? [.. prefix] : [new TruthLiteral(true, literal.Source)];
            _rules.Add(new(rule.Formula, rule.Policy, goal, terms, body, rule.Variables));
        }

        return literal with { Table = Adorned(literal.Table, adornment) };
    }

    /// <summary>The given rows of a table are among its rows: those that are asked for.</summary>
    private void AddFacts(TableName table, string adornment, int arity, TableName? goal)
    {
        var example = _definitionsOf(table).First();
        var columns = Enumerable.Range(0, arity).Select(Operand.Variable).ToArray();
        var facts = _facts[table] = new(Own, $"facts of {table}");
        BodyLiteral[] body = [new TableLiteral(facts, columns, false, example.Formula.Heads[0])];
        if (goal is not null)
        {
            body = [new TableLiteral(goal.Value, [.. KnownOf(adornment).Select(i => columns[i])], false, example.Formula.Heads[0]), .. body];
        }

        _rules.Add(new(example.Formula, example.Policy, Adorned(table, adornment), Array.ConvertAll(columns, c => new HeadTerm(c)), body,
            [.. columns.Select((_, i) => $"v{i}")]));
    }

    private static IEnumerable<int> KnownOf(string adornment) => Enumerable.Range(0, adornment.Length).Where(i => adornment[i] == 'b');

    private static TableName Adorned(TableName table, string adornment) => new(Own, $"{table} {adornment}");

    private static TableName? GoalOf(TableName table, string adornment) =>
        adornment.Contains('b', StringComparison.Ordinal) ? new(Own, $"goals of {table} {adornment}") : null;
}

/// <summary>A question with the rules that derive what answers it.</summary>
/// <param name="Query">The rule whose bindings answer the question.</param>
/// <param name="Graph">The rules.</param>
/// <param name="Facts">By table, the one that stands for its given rows.</param>
internal sealed record GoalProgram(Rule Query, DependencyGraph Graph, IReadOnlyDictionary<TableName, TableName> Facts);
