using Congress.Data;

namespace Congress.Datalog.Storage;

/// <summary>All rows: those that were given, and those of derived tables that are up to date.</summary>
internal sealed class Database
{
    private readonly Dictionary<TableName, Relation> _facts = [];
    private readonly Dictionary<TableName, Relation> _derived = [];

    public SymbolTable Symbols { get; } = new();

    /// <summary>The tables that have facts.</summary>
    public IEnumerable<TableName> TablesWithFacts => _facts.Where(f => f.Value.Count > 0).Select(f => f.Key);

    /// <summary>The facts of a table; null when it has none.</summary>
    public Relation? FactsOf(TableName table) => _facts.GetValueOrDefault(table) is { Count: > 0 } facts ? facts : null;

    /// <summary>The facts of a table, for writing; made empty when there are none.</summary>
    public Relation FactsOf(TableName table, int arity)
    {
        if (!_facts.TryGetValue(table, out var facts) || (facts.Count == 0 && facts.Arity != arity))
        {
            facts = _facts[table] = new(arity);
        }

        return facts;
    }

    /// <summary>Gives a table that has no facts the rows of a relation.</summary>
    public void SetFacts(TableName table, Relation rows) => _facts[table] = rows;

    /// <summary>The rows of a derived table, facts included; null when they are not up to date.</summary>
    public Relation? DerivedOf(TableName table) => _derived.GetValueOrDefault(table);

    public void SetDerived(TableName table, Relation rows) => _derived[table] = rows;

    /// <summary>Forgets the rows of a derived table.</summary>
    /// <returns>False when they were not up to date anyway.</returns>
    public bool Invalidate(TableName table) => _derived.Remove(table);

    /// <summary>Whether any derived table is up to date.</summary>
    public bool HasDerived => _derived.Count > 0;
}
