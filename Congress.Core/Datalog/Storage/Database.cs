using Congress.Data;

namespace Congress.Datalog.Storage;

/// <summary>The committed state: the rows that were given, and those of the derived tables that are kept up to date.</summary>
internal sealed class Database
{
    private readonly Dictionary<TableName, Relation> _facts = [];
    private readonly Dictionary<TableName, DerivedTable> _derived = [];

    public SymbolTable Symbols { get; } = new();

    /// <summary>The tables that have facts.</summary>
    public IEnumerable<TableName> TablesWithFacts => _facts.Where(f => f.Value.Count > 0).Select(f => f.Key);

    /// <summary>The derived tables that are kept up to date.</summary>
    public IReadOnlyDictionary<TableName, DerivedTable> Derived => _derived;

    /// <summary>The facts of a table; null when it has none.</summary>
    public Relation? FactsOf(TableName table) => _facts.GetValueOrDefault(table) is { Count: > 0 } facts ? facts : null;

    /// <summary>The rows of a derived table, facts included; null when they are not kept.</summary>
    public DerivedTable? DerivedOf(TableName table) => _derived.GetValueOrDefault(table);

    /// <summary>The rows of a table: facts and, where they are kept, derived ones; null when it has none.</summary>
    public Relation? RowsOf(TableName table) => _derived.TryGetValue(table, out var derived) ? derived.Rows : FactsOf(table);

    /// <summary>Changes the facts of a table.</summary>
    public void ChangeFacts(TableName table, Relation removed, Relation added)
    {
        if (!_facts.TryGetValue(table, out var facts) || facts.Count == removed.Count)
        {
            // All rows are new. Those of a table that held much are not kept in its large arrays.
            if (added.Count == 0)
            {
                _facts.Remove(table);
            }
            else
            {
                _facts[table] = added.Share();
            }

            return;
        }

        facts.Change(removed, added);
    }

    /// <summary>Keeps the rows of a derived table.</summary>
    public void SetDerived(TableName table, DerivedTable rows)
    {
        rows.Rows.Share();
        _derived[table] = rows;
    }

    /// <summary>No longer keeps the rows of a derived table.</summary>
    public void ForgetDerived(TableName table) => _derived.Remove(table);

    /// <summary>All relations, for a walk over every handle in use.</summary>
    public IEnumerable<Relation> Relations => _facts.Values.Concat(_derived.Values.Select(d => d.Rows));
}
