using System.Collections.Frozen;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Reads tables from files: CSV, tab-separated, JSON and JSON Lines. A file that has not changed is not read again.</summary>
/// <remarks>Each file is read alone. One that is missing or not what it should be, as somebody is writing it, fails and leaves the others alone; a writer that
/// replaces its file by renaming another is never seen half done.</remarks>
public sealed class FilesDriver : IGroupedTables
{
    private readonly FrozenDictionary<string, WatchedFile> _files;

    /// <summary>Makes a driver, and reads what tells the columns that are not declared.</summary>
    /// <exception cref="DriverException">There is no such folder, a name cannot be one of a table, or a file does not tell its columns.</exception>
    public FilesDriver(FilesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var tables = options.Tables.Select(schema => schema.Table).Concat(options.Files.Keys).Concat(TablesIn(options.Folder)).Distinct(StringComparer.Ordinal);
        var files = tables.Select(table => new WatchedFile(table, options)).ToArray();
        Schema = [.. files.Select(file => file.Schema)];
        Groups = [.. Schema.Select(schema => new TableGroup(schema.Table, [schema.Table]))];
        _files = files.ToFrozenDictionary(file => file.Schema.Table, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TableGroup> Groups { get; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default) => await Task.Run(
        () => _files.ToDictionary(file => file.Key, file => file.Value.Read(isForced: true, cancellationToken)!, StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        var rows = await Task.Run(() => _files[group.Name].Read(isForced: false, cancellationToken), cancellationToken).ConfigureAwait(false);
        return rows is null ? null : new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal) { [group.Name] = rows };
    }

    private static IEnumerable<string> TablesIn(string? folder)
    {
        if (folder is null)
        {
            return [];
        }

        try
        {
            return FactsFolder.Scan(folder).Files.Where(file => file.Policy is null).Select(file => file.Table);
        }
        catch (PolicyException exception)
        {
            throw new DriverException(exception.Message, exception);
        }
    }
}
