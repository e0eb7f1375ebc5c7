using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Analysis;

namespace Congress.Datalog.Programs;

/// <summary>All policies as one program. It never changes; a <see cref="Transaction"/> makes the next one.</summary>
internal sealed record PolicyProgram
{
    private DependencyGraph? _graph;

    public ImmutableDictionary<string, ProgramPolicy> Policies { get; init; } =
        ImmutableDictionary.Create<string, ProgramPolicy>(StringComparer.Ordinal);

    /// <summary>How the active rules use the tables.</summary>
    public ImmutableDictionary<TableName, TableUse> Uses { get; init; } = ImmutableDictionary<TableName, TableUse>.Empty;

    /// <summary>The active rules, oldest first.</summary>
    public IEnumerable<Rule> ActiveRules =>
        Policies.Values.SelectMany(p => p.Rules.Values).Where(r => r.Checked is not null).OrderBy(r => r.Order).Select(r => r.Checked!);

    /// <summary>The active rules that derive a table.</summary>
    public Rule[] DefinitionsOf(TableName table) => Uses.TryGetValue(table, out var use) ? use.DefinitionList : [];

    /// <summary>The active rules that read a table.</summary>
    public Rule[] UsersOf(TableName table) => Uses.TryGetValue(table, out var use) ? use.UserList : [];

    /// <summary>Which table depends on which; worked out on first use.</summary>
    public DependencyGraph Graph => _graph ??= new(ActiveRules);

    /// <summary>The active rules that read the clock.</summary>
    public ImmutableHashSet<Rule> ClockRules { get; init; } = [];

    /// <summary>Whether the tables <c>error</c>, <c>warning</c> and the action heads of a policy say what is wrong and what to do:
    /// those of a datasource or an action policy do not.</summary>
    public bool IsJudging(string policy) =>
        Policies.TryGetValue(policy, out var found) && found.Kind is not (PolicyKind.Action or PolicyKind.Datasource);

    /// <summary>The columns of a table or action, when they are declared.</summary>
    public TableSchema? SchemaOf(TableName table)
    {
        if (!table.IsAction)
        {
            return Policies.GetValueOrDefault(table.Policy)?.Tables.GetValueOrDefault(table.Table);
        }

        var action = TableName.Parse(table.Table, table.Policy);
        return Policies.GetValueOrDefault(action.Policy)?.Actions.GetValueOrDefault(action.Table);
    }

    public bool Equals(PolicyProgram? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
