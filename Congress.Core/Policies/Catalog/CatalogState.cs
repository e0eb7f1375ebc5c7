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
        .. RulesOf(policy).SelectMany(r => Parser.Parse(r.Text, null).Statements).OfType<Formula>()
            .SelectMany(f => f.Heads.Concat(f.Body.OfType<AtomLiteral>())).Select(l => l.Atom)
            .Where(a => a.Modal == Modal.None && !IsBuiltin(a, builtins))
            .Select(a => a.Policy == policy ? a.Table : a.FullName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
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

    private static bool IsBuiltin(Atom atom, BuiltinRegistry builtins) =>
        (atom.Policy is null or "builtin") && builtins.TryGet(atom.Table, out _);

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
    private static string MeaningOf(string text) => Parser.Parse(text, null).Statements is [Formula formula] ? formula.Identity : text;

    /// <param name="Next">The order of the rule that comes next.</param>
    /// <param name="InOrder">The rules by order.</param>
    /// <param name="Orders">Their orders by identity.</param>
    /// <param name="Meanings">Their orders by what they mean.</param>
    private sealed record PolicyRules(
        long Next, ImmutableSortedDictionary<long, RuleRecord> InOrder, ImmutableDictionary<string, long> Orders, ImmutableDictionary<string, long> Meanings)
    {
        public static PolicyRules None { get; } = new(0, ImmutableSortedDictionary<long, RuleRecord>.Empty,
            ImmutableDictionary.Create<string, long>(StringComparer.Ordinal), ImmutableDictionary.Create<string, long>(StringComparer.Ordinal));

        public PolicyRules With(RuleRecord rule) =>
            new(Next + 1, InOrder.Add(Next, rule), Orders.Add(rule.Id, Next), Meanings.SetItem(MeaningOf(rule.Text), Next));

        public PolicyRules Without(string id) =>
            new(Next, InOrder.Remove(Orders[id]), Orders.Remove(id), Meanings.Remove(MeaningOf(InOrder[Orders[id]].Text)));
    }
}
