using System.Collections.Immutable;
using Congress.Datalog.Builtins;
using Congress.Datalog.Syntax;

namespace Congress.Policies.Catalog;

/// <summary>All policies and rules at one version. It never changes; <see cref="With"/> makes the next one.</summary>
public sealed record CatalogState
{
    private CatalogState()
    {
    }

    /// <summary>No policies.</summary>
    public static CatalogState Empty { get; } = new();

    /// <summary>The version.</summary>
    public long Version { get; private init; }

    /// <summary>The policies by name.</summary>
    public ImmutableSortedDictionary<string, PolicyRecord> Policies { get; private init; } = ImmutableSortedDictionary.Create<string, PolicyRecord>(StringComparer.Ordinal);

    /// <summary>The rules of a policy, in the order in which they came, by the name of the policy.</summary>
    private ImmutableDictionary<string, PolicyRules> Rules { get; init; } = ImmutableDictionary.Create<string, PolicyRules>(StringComparer.Ordinal);

    /// <summary>The rules of a policy, in the order in which they came.</summary>
    public IEnumerable<RuleRecord> RulesOf(string policy) => Rules.TryGetValue(policy, out var rules) ? rules.InOrder.Values : [];

    /// <summary>How many rules a policy has.</summary>
    public int CountOf(string policy) => Rules.TryGetValue(policy, out var rules) ? rules.InOrder.Count : 0;

    /// <summary>A rule of a policy; null when there is none.</summary>
    public RuleRecord? RuleOf(string policy, string id) =>
        Rules.TryGetValue(policy, out var rules) && rules.Orders.TryGetValue(id, out var order) ? rules.InOrder[order] : null;

    /// <summary>The rule of a policy that means the same as a text of one rule; null when there is none.</summary>
    public RuleRecord? SameAs(string policy, string text) =>
        Rules.TryGetValue(policy, out var rules) && rules.Meanings.TryGetValue(MeaningOf(text), out var order) ? rules.InOrder[order] : null;

    /// <summary>The tables that the rules of a policy define and read, calls of actions aside: those of other policies with their names.</summary>
    /// <param name="policy">The name of the policy.</param>
    /// <param name="builtins">What is no table.</param>
    public IReadOnlyList<string> TablesOf(string policy, BuiltinRegistry builtins) =>
    [
        .. (Rules.GetValueOrDefault(policy) ?? PolicyRules.None).Uses.Keys.Where(u => !(u.Policy is null or "builtin" && builtins.TryGet(u.Table, out _)))
            .Select(u => u.Policy is null || u.Policy == policy ? u.Table : $"{u.Policy}:{u.Table}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>A policy by its name or its identity; null when there is none.</summary>
    public PolicyRecord? Find(string nameOrId) =>
        Policies.TryGetValue(nameOrId, out var policy) ? policy : Policies.Values.FirstOrDefault(p => p.Id == nameOrId);

    /// <summary>The changes that lead from nothing to this state.</summary>
    public IReadOnlyList<CatalogChange> ToChanges() =>
    [
        .. Policies.Values.Select(p => new CatalogChange.PolicyCreated(p)),
        .. Policies.Keys.SelectMany(RulesOf).Select(r => new CatalogChange.RuleInserted(r)),
    ];

    /// <summary>The state after changes that fit this one.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="version">The version that they make.</param>
    public CatalogState With(IReadOnlyList<CatalogChange> changes, long version)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.Aggregate(this, (state, change) => state.After(change)) with { Version = version };
    }

    private CatalogState After(CatalogChange change) => change switch
    {
        CatalogChange.PolicyCreated { Policy: var policy } => this with
        {
            Policies = Policies.SetItem(policy.Name, policy),
            Rules = Rules.SetItem(policy.Name, PolicyRules.None),
        },
        CatalogChange.PolicyDeleted { Policy.Name: var name } => this with { Policies = Policies.Remove(name), Rules = Rules.Remove(name) },
        CatalogChange.RuleInserted { Rule: var rule } => this with { Rules = Rules.SetItem(rule.Policy, Rules[rule.Policy].With(rule)) },
        CatalogChange.RuleDeleted { Rule: var rule } => this with { Rules = Rules.SetItem(rule.Policy, Rules[rule.Policy].Without(rule.Id)) },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What two texts of one rule have in common that mean the same; the text itself when it is none.</summary>
    private static string MeaningOf(string text) => MeaningOf(Parser.Parse(text, null).Statements, text);

    private static string MeaningOf(IReadOnlyList<Statement> statements, string text) => statements is [Formula formula] ? formula.Identity : text;

    /// <param name="Next">The order of the rule that comes next.</param>
    /// <param name="InOrder">The rules by order.</param>
    /// <param name="Orders">Their orders by identity.</param>
    /// <param name="Meanings">Their orders by what they mean.</param>
    /// <param name="Uses">The tables that they define and read, as they name them, and how many rules do; builtins are among them.</param>
    private sealed record PolicyRules(
        long Next, ImmutableSortedDictionary<long, RuleRecord> InOrder, ImmutableDictionary<string, long> Orders, ImmutableDictionary<string, long> Meanings,
        ImmutableDictionary<(string? Policy, string Table), int> Uses)
    {
        public static PolicyRules None { get; } = new(0, ImmutableSortedDictionary<long, RuleRecord>.Empty,
            ImmutableDictionary.Create<string, long>(StringComparer.Ordinal), ImmutableDictionary.Create<string, long>(StringComparer.Ordinal),
            ImmutableDictionary<(string?, string), int>.Empty);

        public PolicyRules With(RuleRecord rule)
        {
            var statements = Parser.Parse(rule.Text, null).Statements;
            return new(Next + 1, InOrder.Add(Next, rule), Orders.Add(rule.Id, Next), Meanings.SetItem(MeaningOf(statements, rule.Text), Next), Counted(statements, 1));
        }

        public PolicyRules Without(string id)
        {
            var text = InOrder[Orders[id]].Text;
            var statements = Parser.Parse(text, null).Statements;
            return new(Next, InOrder.Remove(Orders[id]), Orders.Remove(id), Meanings.Remove(MeaningOf(statements, text)), Counted(statements, -1));
        }

        private ImmutableDictionary<(string? Policy, string Table), int> Counted(IReadOnlyList<Statement> statements, int step)
        {
            var uses = Uses;
            foreach (var use in statements.OfType<Formula>().SelectMany(f => f.Heads.Concat(f.Body.OfType<AtomLiteral>())).Select(l => l.Atom)
                .Where(a => a.Modal == Modal.None).Select(a => (a.Policy, a.Table)).Distinct())
            {
                var count = uses.GetValueOrDefault(use) + step;
                uses = count == 0 ? uses.Remove(use) : uses.SetItem(use, count);
            }

            return uses;
        }
    }
}
