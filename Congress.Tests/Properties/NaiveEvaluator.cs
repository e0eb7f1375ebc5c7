using System.Diagnostics;
using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Syntax;
using Binding = System.Collections.Generic.Dictionary<string, Congress.Data.Value>;

namespace Congress.Tests.Properties;

/// <summary>What a program means, computed in the simplest way: nested loops over rows, stratum after stratum, each to its fixpoint.</summary>
/// <remarks>It works on syntax trees and shares only values, trees and builtins with the engine.</remarks>
internal sealed class NaiveEvaluator
{
    private readonly Dictionary<TableName, HashSet<Row>> _tables = [];
    private readonly DateTimeOffset _now;
    private readonly List<NaiveRule> _rules;
    private readonly HashSet<(TableName, Row)> _facts;

    public NaiveEvaluator(
        IEnumerable<(string Policy, Statement Statement)> statements, IEnumerable<(TableName Table, Row Row)> facts, DateTimeOffset now = default)
    {
        _now = now;
        var all = statements.ToList();
        var reader = new NaiveReader(all.Where(s => s.Statement is Declaration).Select(s => (s.Policy, (Declaration)s.Statement)));
        var rules = all.Where(s => s.Statement is Formula { IsFact: false }).Select(s => reader.Read((Formula)s.Statement, s.Policy)).ToList();
        _rules = rules;
        _facts = [.. facts];
        foreach (var (table, row) in _facts)
        {
            RowsOf(table).Add(row);
        }

        foreach (var stratum in rules.GroupBy(StrataOf(rules)).OrderBy(g => g.Key))
        {
            while (stratum.Sum(rule => Derive(rule).ToList().Count(RowsOf(rule.Head).Add)) > 0)
            {
            }
        }
    }

    public HashSet<Row> RowsOf(TableName table) => _tables.TryGetValue(table, out var rows) ? rows : _tables[table] = [];

    /// <summary>The least height of a derivation of each row: 0 for a fact, else one more than the highest row that a rule needs.</summary>
    public IReadOnlyDictionary<(TableName, Row), int> Heights()
    {
        var instances = _rules.SelectMany(Instances).ToArray();
        var heights = _facts.ToDictionary(f => f, _ => 0);
        for (var isLower = true; isLower;)
        {
            isLower = false;
            foreach (var (head, body) in instances)
            {
                var height = body.All(heights.ContainsKey) ? 1 + body.Max(b => (int?)heights[b]).GetValueOrDefault() : int.MaxValue;
                if (height < heights.GetValueOrDefault(head, int.MaxValue))
                {
                    heights[head] = height;
                    isLower = true;
                }
            }
        }

        return heights;
    }

    /// <summary>What a rule gives, each time with the rows it needs; an aggregate those of its whole group.</summary>
    private IEnumerable<((TableName, Row) Head, HashSet<(TableName, Row)> Body)> Instances(NaiveRule rule)
    {
        IEnumerable<(TableName, Row)> Needs(Binding binding) => rule.Body.Where(g => g.Table is not null && !g.Negated)
            .Select(g => (g.Table!.Value, new Row([.. g.Arguments.Select(t => ValueOf(t, binding)!.Value)])));
        var bindings = Solve(rule.Body, []).ToList();
        if (!rule.IsAggregate)
        {
            return bindings.Select(b => ((rule.Head, Derive(rule, b)), Needs(b).ToHashSet()));
        }

        return bindings.GroupBy(b => Derive(rule, b)).SelectMany(group => NaiveAggregate
            .RowOf(rule.Terms, group.Key, v => group.DistinctBy(b => new Row([.. b.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => x.Value)])).Select(b => b[v]))
            .Select(row => ((rule.Head, row), group.SelectMany(Needs).ToHashSet())));
    }

    private static Row Derive(NaiveRule rule, Binding binding) => new([.. rule.Terms.Where(t => t is not Aggregate).Select(t => ValueOf(t, binding)!.Value)]);

    /// <summary>The least numbers such that no rule uses a table of a higher stratum, nor negates or aggregates one of its own.</summary>
    private static Func<NaiveRule, int> StrataOf(List<NaiveRule> rules)
    {
        var strata = rules.Select(r => r.Head).Distinct().ToDictionary(t => t, _ => 0);
        int Wanted(NaiveRule rule) => rule.Body.Where(g => g.Table is { } t && strata.ContainsKey(t))
            .Max(g => (int?)strata[g.Table!.Value] + (g.Negated || rule.IsAggregate ? 1 : 0)) ?? 0;
        while (rules.Find(r => Wanted(r) > strata[r.Head]) is { } rule)
        {
            strata[rule.Head] = Wanted(rule);
            Assert.True(strata[rule.Head] <= rules.Count, "the program is not stratified");
        }

        return rule => strata[rule.Head];
    }

    private IEnumerable<Row> Derive(NaiveRule rule)
    {
        var bindings = Solve(rule.Body, []);
        Row Plain(Binding binding) => Derive(rule, binding);
        if (!rule.IsAggregate)
        {
            return bindings.Select(Plain);
        }

        var distinct = bindings.DistinctBy(b => new Row([.. b.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value)]));
        return distinct.GroupBy(Plain).SelectMany(group => NaiveAggregate.RowOf(rule.Terms, group.Key, v => group.Select(b => b[v])));
    }

    private IEnumerable<Binding> Solve(NaiveGoal[] goals, Binding binding)
    {
        if (goals.Length == 0)
        {
            return [binding];
        }

        // Filters and calls as soon as they can be made, then tables; '=' gives a variable its value only when nothing else does.
        var next = goals.FirstOrDefault(g => g.IsReady(binding)) ?? goals.FirstOrDefault(g => g.Table is not null && !g.Negated)
            ?? goals.Where(g => g.CanAssign(binding)).MinBy(g => g.Text, StringComparer.Ordinal) ?? throw new UnreachableException("unsafe rule");
        return Extend(next, binding).SelectMany(b => Solve([.. goals.Where(g => g != next)], b));
    }

    private IEnumerable<Binding> Extend(NaiveGoal goal, Binding binding)
    {
        if (goal.Operator is { } comparison)
        {
            return goal.CanAssign(binding) ? [goal.Assign(binding)] : goal.Compares(comparison, binding) ? [binding] : [];
        }

        var found = goal.Holds is { } holds ? (holds ? [binding] : Enumerable.Empty<Binding>())
            : (goal.Builtin is null ? RowsOf(goal.Table!.Value) : Call(goal, binding)).Select(row => Match(goal.Arguments, row, binding)).OfType<Binding>();
        return !goal.Negated ? found : found.Any() ? [] : [binding];
    }

    private IEnumerable<Row> Call(NaiveGoal goal, Binding binding)
    {
        var results = new List<Value>();
        var inputs = goal.Arguments.Take(goal.Builtin!.Inputs).Select(t => ValueOf(t, binding)!.Value).ToArray();
        var call = new BuiltinCall(inputs, _now, new EvaluationLimits().MaxTextLength, results);
        goal.Builtin.Evaluate(ref call);
        var outputs = goal.Builtin.Outputs;
        return Enumerable.Range(0, call.Count).Select(i => new Row([.. inputs, .. results.Skip(i * outputs).Take(outputs)]));
    }

    /// <summary>The binding extended by a row; null when the row does not fit. It is copied only for a row that may fit: most do not.</summary>
    private static Binding? Match(Term[] arguments, Row row, Binding binding)
    {
        if (arguments.Length != row.Count || !arguments.Zip(row).All(pair => IsOpen(pair.First, binding) || ValueOf(pair.First, binding) == pair.Second))
        {
            return null;
        }

        var result = binding;
        foreach (var (term, value) in arguments.Zip(row).Where(pair => pair.First is Variable { IsAnonymous: false } && IsOpen(pair.First, binding)))
        {
            result = ReferenceEquals(result, binding) ? new(binding, StringComparer.Ordinal) : result;
            if (!result.TryAdd(((Variable)term).Name, value) && result[((Variable)term).Name] != value)
            {
                return null;
            }
        }

        return result;
    }

    private static bool IsOpen(Term term, Binding binding) => term is Variable { IsAnonymous: true } || ValueOf(term, binding) is null;

    internal static Value? ValueOf(Term term, Binding binding) =>
        term is Constant constant ? constant.Value : binding.TryGetValue(((Variable)term).Name, out var value) ? value : default(Value?);
}
