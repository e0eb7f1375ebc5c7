using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Datasources.Drivers.Files;
using Congress.Diagnostics;
using Congress.Policies.Explaining;

namespace Congress.Cli;

/// <summary>What a folder of facts tells of its tables before its rows are read: their columns, or how many there are.</summary>
internal sealed class FactsTables : IFactOrigins
{
    private readonly string _defaultPolicy;
    private readonly Dictionary<TableName, TableSchema> _schemas;
    private readonly HashSet<TableName> _learned = [];
    private readonly Dictionary<FactsFile, IReadOnlyList<string>> _columns = [];
    private readonly Dictionary<TableName, int> _widths = [];

    private FactsTables(FactsFolder folder, string defaultPolicy, Dictionary<TableName, TableSchema> declared) =>
        (Folder, _defaultPolicy, _schemas) = (folder, defaultPolicy, declared);

    public FactsFolder Folder { get; }

    /// <summary>The number of columns of tables whose columns have no names.</summary>
    public IReadOnlyDictionary<TableName, int> Widths => _widths;

    /// <summary>The columns of tables: declared ones, and those that files name.</summary>
    public IReadOnlyDictionary<TableName, TableSchema> Schemas => _schemas;

    /// <summary>Looks into each file of a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="defaultPolicy">The policy of files in no sub-folder.</param>
    /// <param name="declared">The tables that the policies declare.</param>
    /// <exception cref="PolicyException">Files cannot be read that far; the errors of all are listed.</exception>
    public static FactsTables Learn(string path, string defaultPolicy, Dictionary<TableName, TableSchema> declared)
    {
        var tables = new FactsTables(FactsFolder.Scan(path), defaultPolicy, declared);
        var errors = new List<Diagnostic>();
        tables.ForEach(tables.LearnColumns, errors);
        tables.ForEach(tables.LearnWidth, errors);
        return errors.Count == 0 ? tables : throw new PolicyException(errors);
    }

    public TableName TableOf(FactsFile file) => new(file.Policy ?? _defaultPolicy, file.Table);

    /// <summary>The declarations of the tables whose columns were learned from a file, each at the head of that file.</summary>
    public IEnumerable<(string Policy, Declaration Declaration)> Declarations => Folder.Files
        .Where(f => _columns.ContainsKey(f) && _learned.Contains(TableOf(f)))
        .DistinctBy(TableOf)
        .Select(f => (Schema: _schemas[TableOf(f)], Table: TableOf(f), File: f))
        .Select(t => (t.Table.Policy, new Declaration(null, t.Table.Table, new([.. t.Schema.Columns])) { Span = new(t.File.Path, 0, 0, 1, 1) }));

    /// <summary>Opens a file under the schema of its table.</summary>
    public RowReader Open(FactsFile file)
    {
        // A file in the order that was learned needs no schema; without one its later objects may lack a key.
        var schema = _schemas.GetValueOrDefault(TableOf(file));
        var isAsLearned = schema is not null && _learned.Contains(TableOf(file))
            && _columns.TryGetValue(file, out var columns) && columns.SequenceEqual(schema.Columns.Select(c => c.Name), StringComparer.Ordinal);
        return file.Open(isAsLearned ? null : schema);
    }

    /// <inheritdoc/>
    /// <remarks>The files are read again, until the rows are found: that costs nothing where nobody asks.</remarks>
    public IReadOnlyDictionary<Row, FactOrigin> Find(TableName table, IReadOnlySet<Row> rows, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Row, FactOrigin>();
        foreach (var file in Folder.Files.Where(f => TableOf(f) == table))
        {
            using var reader = Open(file);
            while (found.Count < rows.Count && reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var row = new Row(reader.Current);
                if (rows.Contains(row) && reader.RowOrigin is { } origin)
                {
                    found.TryAdd(row, origin);
                }
            }
        }

        return found;
    }

    private void LearnColumns(FactsFile file)
    {
        if (file.Columns() is not { } columns)
        {
            return;
        }

        _columns[file] = columns;
        if (_schemas.TryAdd(TableOf(file), new(file.Table, [.. columns.Select(name => new Column(name))])))
        {
            _learned.Add(TableOf(file));
        }
    }

    private void LearnWidth(FactsFile file)
    {
        if (_schemas.ContainsKey(TableOf(file)) || _widths.ContainsKey(TableOf(file)))
        {
            return;
        }

        using var reader = file.Open();
        if (reader.Width > 0)
        {
            _widths[TableOf(file)] = reader.Width;
        }
    }

    private void ForEach(Action<FactsFile> learn, List<Diagnostic> errors)
    {
        foreach (var file in Folder.Files)
        {
            try
            {
                learn(file);
            }
            catch (PolicyException exception)
            {
                errors.AddRange(exception.Diagnostics);
            }
        }
    }
}
