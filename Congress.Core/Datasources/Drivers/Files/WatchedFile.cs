using System.Globalization;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Follows the file of one table: reads it when it is another than the last time.</summary>
internal sealed class WatchedFile
{
    private const int Tries = 3;
    private readonly string _table;
    private readonly FilesOptions _options;
    private readonly bool _isDeclared;
    private FileStamp? _read;           // of what was read last; null when it has to be read again in any case

    /// <summary>Makes one that has read nothing yet.</summary>
    /// <param name="table">The table.</param>
    /// <param name="options">What is read.</param>
    /// <exception cref="DriverException">The columns are not declared, and the file does not tell them.</exception>
    public WatchedFile(string table, FilesOptions options)
    {
        (_table, _options) = (table, options);
        var declared = options.Tables.FirstOrDefault(schema => schema.Table == table);
        _isDeclared = declared is not null;
        Schema = declared ?? new(table, ColumnsOf(Find()));
    }

    /// <summary>The table.</summary>
    public TableSchema Schema { get; }

    /// <summary>The rows; null when the file is the same as the last time.</summary>
    /// <param name="isForced">Whether it is read all the same.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DriverException">There is no file, or it is not what it should be. The last rows that were read stay true.</exception>
    public IReadOnlyCollection<Row>? Read(bool isForced, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var file = Find();
            var stamp = FileStamp.Of(file.Path);
            var now = _options.Time.GetUtcNow();
            if (!isForced && (stamp == _read || IsUnsettled(stamp, now)))
            {
                return null;
            }

            try
            {
                var rows = Rows(file, stamp, cancellationToken);
                if (FileStamp.Of(file.Path) == stamp)
                {
                    _read = stamp.IsFresh(now) ? null : stamp;
                    return rows;
                }
            }
            catch (DriverException) when (attempt < Tries && FileStamp.Of(file.Path) != stamp)
            {
                // It was read while somebody wrote it.
            }

            if (attempt == Tries)
            {
                throw new DriverException($"{file.Path} is written again and again while it is read");
            }
        }
    }

    private bool IsUnsettled(FileStamp stamp, DateTimeOffset now) =>
        _read is not null && now.UtcDateTime - stamp.Written is var age && age >= TimeSpan.Zero && age < _options.Settle;

    private FactsFile Find()
    {
        if (_options.Files.TryGetValue(_table, out var path))
        {
            return FactsFolder.FormatOf(path) is { } format ? new(null, _table, path, format)
                : throw new DriverException($"{path} has no extension of facts; there are .csv, .tsv, .facts, .json and .jsonl");
        }

        FactsFile[] found;
        try
        {
            found = [.. Directory.EnumerateFiles(_options.Folder ?? "", _table + ".*")
                .Where(candidate => Path.GetFileNameWithoutExtension(candidate) == _table && FactsFolder.FormatOf(candidate) is not null)
                .Order(StringComparer.Ordinal).Select(candidate => new FactsFile(null, _table, candidate, FactsFolder.FormatOf(candidate)!.Value))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"folder {_options.Folder} cannot be read: {exception.Message}", exception);
        }

        return found.Length == 1 ? found[0]
            : throw new DriverException(found.Length == 0
                ? $"there is no file of table '{_table}' in {_options.Folder}; expected {_table}.csv, .tsv, .facts, .json or .jsonl"
                : $"table '{_table}' has more than one file: {string.Join(", ", found.Select(file => file.Path))}");
    }

    private HashSet<Row> Rows(FactsFile file, FileStamp stamp, CancellationToken cancellationToken)
    {
        if (stamp.Length == 0 && file.Format is FactsFormat.Csv or FactsFormat.Json)
        {
            // A writer that does not replace its file begins so.
            throw new DriverException($"{file.Path} is empty; a file without rows has {(file.Format == FactsFormat.Csv ? "its header" : "[]")}");
        }

        try
        {
            var order = _isDeclared ? null : Order(file);
            using var reader = file.Open(_isDeclared ? Schema : null);
            var rows = new HashSet<Row>();
            while (reader.Read())
            {
                if (reader.Width != Schema.Arity)
                {
                    throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"{file.Path} has {reader.Width} columns, expected {Schema.Arity} for {Schema}"));
                }

                if (rows.Add(InOrder(reader.Current, order)) && rows.Count > _options.MaxRows)
                {
                    throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"{file.Path} has more than {_options.MaxRows} rows"));
                }

                cancellationToken.ThrowIfCancellationRequested();
            }

            return rows;
        }
        catch (PolicyException exception)
        {
            throw new DriverException(exception.Message, exception);
        }
    }

    /// <summary>For each column its place in the file as it names them now; null for a file that names none.</summary>
    private int[]? Order(FactsFile file)
    {
        if (file.Columns()?.ToList() is not { } names)
        {
            return null;
        }

        var places = Schema.Columns.Select(column => names.IndexOf(column.Name)).ToArray();
        return places.Length == names.Count && !places.Contains(-1) ? places
            : throw new DriverException($"{file.Path} has columns {string.Join(", ", names)}, expected those of {Schema}, as when the datasource was made");
    }

    private static Row InOrder(ReadOnlySpan<Value> values, int[]? order)
    {
        if (order is null)
        {
            return new(values);
        }

        var row = new Value[order.Length];
        for (var column = 0; column < row.Length; column++)
        {
            row[column] = values[order[column]];
        }

        return Row.Owning(row);
    }

    private static IReadOnlyList<Column> ColumnsOf(FactsFile file)
    {
        try
        {
            if (file.Columns() is { } names)
            {
                return [.. names.Select(name => new Column(name))];
            }

            using var reader = file.Open();
            return reader.Width > 0 ? TableColumns.Unnamed(reader.Width) : throw new DriverException($"{file.Path} does not tell its columns; declare them in option 'tables'");
        }
        catch (PolicyException exception)
        {
            throw new DriverException(exception.Message, exception);
        }
    }
}
