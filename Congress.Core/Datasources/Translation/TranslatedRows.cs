using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>The rows that translations give, table by table.</summary>
public sealed class TranslatedRows
{
    private readonly Dictionary<string, IReadOnlyCollection<Row>> _tables = new(StringComparer.Ordinal);

    /// <summary>Begins with no rows.</summary>
    /// <param name="tables">The tables of the translators that will be used.</param>
    public TranslatedRows(IEnumerable<TableSchema> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        foreach (var table in tables)
        {
            _tables.Add(table.Table, new HashSet<Row>());
        }
    }

    /// <summary>The distinct rows of each table; those that have none are there too.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<Row>> Tables => _tables;

    internal void Add(string table, Row row) => ((HashSet<Row>)_tables[table]).Add(row);
}
