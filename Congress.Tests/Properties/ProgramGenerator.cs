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

        var start = new ProgramState([.. _declarations, .. _rules.DistinctBy(r => r.Key)], [.. _rows]);
        return new(seed, [.. _policies], [.. _tables.Select(t => t.Name)], start, [.. MakeBatches(start)], [.. _features])
        {
            Arities = _tables.ToImmutableDictionary(t => t.Name, t => t.Arity),
        };
    }

    private RandomTable NewTable(string prefix, string? policy = null)
    {
        var arity = _random.Next(100) switch { < 8 => 0, < 30 => 1, < 65 => 2, < 85 => 3, < 93 => 4, _ => 5 };
        var columns = Enumerable.Range(0, arity).Select(_ => (Sort)Math.Min(_random.Next(4), 2)).ToArray();
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

    /// <summary>Adds one derived table, or two that use each other.</summary>
    private void AddComponent()
    {
        var usable = _tables.ToArray();
        var recursive = _policies.Where(p => p.Kind == PolicyKind.Recursive).Select(p => p.Name).ToArray();
        var isRecursive = recursive.Length > 0 && Chance(40);
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

        var rows = state.Rows.OrderBy(r => r.Table).ThenBy(r => r.Row).ToArray();
        return Chance(50) && rows.Length > 0 ? new(false, rows[_random.Next(rows.Length)], null)
            : new(true, RowOf(_tables[_random.Next(_tables.Count)]), null);
    }

    private bool Chance(int percent) => _random.Next(100) < percent;
}
