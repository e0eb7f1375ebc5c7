using System.Collections.Immutable;
using System.Globalization;
using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>Makes the program of a seed: policies, base tables with rows, and derived tables, each using those before it,
/// so that every program is safe and stratified.</summary>
internal sealed class ProgramGenerator
{
    private readonly Random _random;
    private readonly HashSet<string> _features = new(StringComparer.Ordinal);
    private readonly List<(string Name, PolicyKind Kind)> _policies = [];
    private readonly List<RandomTable> _tables = [];
    private readonly HashSet<GivenRow> _rows = [];
    private readonly List<GivenRule> _declarations = [];
    private readonly List<GivenRule> _rules = [];
    private readonly List<GivenRule> _spare = [];

    private ProgramGenerator(int seed) => _random = new(seed);

    public static RandomProgram Generate(int seed) => new ProgramGenerator(seed).Make(seed);

    private RandomProgram Make(int seed)
    {
        for (var count = _random.Next(1, 4); _policies.Count < count;)
        {
            _policies.Add(($"p{_policies.Count}", Chance(60) ? PolicyKind.Recursive : PolicyKind.Nonrecursive));
        }

        for (var count = _random.Next(3, 6); _tables.Count < count;)
        {
            var table = NewTable("e");
            AddRows(table, Chance(8) ? 0 : _random.Next(3, 13));
        }

        for (var count = _random.Next(2, 6); count > 0; count--)
        {
            AddComponent();
        }

        var start = new ProgramState([.. _declarations, .. _rules.DistinctBy(r => r.Key)], GivenRow.None.Union(_rows));
        return new(seed, [.. _policies], [.. _tables.Select(t => t.Name)], start, [.. MakeBatches(start)], [.. _features])
        {
            Arities = _tables.ToImmutableDictionary(t => t.Name, t => t.Arity),
        };
    }

    private RandomTable NewTable(string prefix, string? policy = null, Sort[]? columns = null)
    {
        var arity = _random.Next(100) switch { < 8 => 0, < 30 => 1, < 65 => 2, < 85 => 3, < 93 => 4, _ => 5 };
        columns ??= [.. Enumerable.Range(0, arity).Select(_ => (Sort)Math.Min(_random.Next(4), 2))];
        policy ??= _policies[_random.Next(_policies.Count)].Name;
        var table = new RandomTable(new(policy, string.Create(CultureInfo.InvariantCulture, $"{prefix}{_tables.Count}")), columns, Chance(35));
        _tables.Add(table);
        if (table.IsDeclared)
        {
            _features.Add("declaration");
            _declarations.Add(new(policy, table.Declaration));
        }

        return table;
    }

    private void AddRows(RandomTable table, int count)
    {
        for (; count > 0; count--)
        {
            _rows.Add(RowOf(table));
        }
    }

    private GivenRow RowOf(RandomTable table) => new(table.Name, new([.. table.Columns.Select(sort => Domain.Pick(_random, sort))]));

    /// <summary>Adds the paths of a graph, derived in one of the ways that people write, so that recursion takes many rounds.</summary>
    private void AddPaths(string policy)
    {
        var edges = NewTable("e", columns: [Sort.Node, Sort.Node]);
        AddRows(edges, _random.Next(8, 15));
        var (path, other) = (NewTable("d", policy, edges.Columns), Chance(40) ? NewTable("d", policy, edges.Columns) : null);
        var (p, q) = (path.Name.Table, (other ?? path).Name.Table);
        string[] steps = ["d(x, z) :- d(x, y), d(y, z)", "d(x, z) :- e(x, y), d(y, z)", "d(x, z) :- d(x, y), e(y, z)", "d(x, z) :- d(x, y), d(y, w), d(w, z)"];
        var step = steps[_random.Next(steps.Length)];
        _features.Add(step.Split("d(").Length > 3 ? "non-linear recursion" : "linear recursion");
        _features.Add(other is null ? "linear recursion" : "mutual recursion");
        foreach (var text in new[] { "d(x, y) :- e(x, y)", step })
        {
            var body = text[(text.IndexOf(":-", StringComparison.Ordinal) + 3)..].Replace("e(", $"{edges.Name}(", StringComparison.Ordinal);
            _rules.Add(new(policy, $"{q}({text[2..6]}) :- {body.Replace("d(", $"{p}(", StringComparison.Ordinal)}"));
            _rules.Add(new(policy, $"{p}({text[2..6]}) :- {body.Replace("d(", $"{q}(", StringComparison.Ordinal)}"));
        }

        _spare.Add(new(policy, $"{p}(x, y) :- {q}(y, x), {edges.Name}(x, _)"));
    }

    /// <summary>Adds one derived table, or two that use each other.</summary>
    private void AddComponent()
    {
        var usable = _tables.ToArray();
        var recursive = _policies.Where(p => p.Kind == PolicyKind.Recursive).Select(p => p.Name).ToArray();
        var isRecursive = recursive.Length > 0 && Chance(40);
        if (isRecursive && Chance(25))
        {
            AddPaths(recursive[_random.Next(recursive.Length)]);
            return;
        }

        string? Policy() => isRecursive ? recursive[_random.Next(recursive.Length)] : null;
        var members = new List<RandomTable> { NewTable("d", Policy()) };
        if (isRecursive && Chance(40))
        {
            members.Add(NewTable("d", Policy()));
            _features.Add("mutual recursion");
        }

        foreach (var table in members)
        {
            for (var count = _random.Next(1, 4); count > 0; count--)
            {
                _rules.Add(new(table.Name.Policy, new RuleGenerator(_random, _features, table).Make(usable, [])));
            }

            if (isRecursive)
            {
                _rules.Add(Recursive(table, usable, members));
            }

            _spare.Add(isRecursive && Chance(50) ? Recursive(table, usable, members)
                : new(table.Name.Policy, new RuleGenerator(_random, _features, table).Make(usable, [])));
            if (Chance(30))
            {
                _features.Add("row of a derived table");
                AddRows(table, 1);
            }
        }
    }

    private GivenRule Recursive(RandomTable table, RandomTable[] usable, List<RandomTable> members)
    {
        var uses = new List<RandomTable> { members[^1] == table ? members[0] : members[^1] };
        if (Chance(40))
        {
            uses.Add(members[_random.Next(members.Count)]);
        }

        _features.Add(uses.Count > 1 ? "non-linear recursion" : "linear recursion");
        return new(table.Name.Policy, new RuleGenerator(_random, _features, table).Make(usable, uses));
    }

    private IEnumerable<ImmutableArray<Change>> MakeBatches(ProgramState state)
    {
        for (var count = _random.Next(3, 9); count > 0; count--)
        {
            var batch = ImmutableArray.CreateBuilder<Change>();
            for (var size = Chance(60) ? 1 : _random.Next(2, 6); size > 0; size--)
            {
                batch.Add(MakeChange(state));
                state = state.After(batch[^1]);
            }

            yield return batch.ToImmutable();
        }
    }

    private Change MakeChange(ProgramState state)
    {
        if (Chance(30))
        {
            var rule = Chance(50) ? _spare[_random.Next(_spare.Count)] : _rules[_random.Next(_rules.Count)];
            return new(!state.Rules.Exists(r => r.Key == rule.Key), null, rule);
        }

        var rows = state.Rows;
        return Chance(50) && rows.Count > 0 ? new(false, rows[_random.Next(rows.Count)], null)
            : new(true, RowOf(_tables[_random.Next(_tables.Count)]), null);
    }

    private bool Chance(int percent) => _random.Next(100) < percent;
}
