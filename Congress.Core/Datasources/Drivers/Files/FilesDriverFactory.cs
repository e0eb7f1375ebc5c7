using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Makes datasources that read files.</summary>
public sealed class FilesDriverFactory : IDriverFactory
{
    /// <inheritdoc/>
    public string Name => "files";

    /// <inheritdoc/>
    public string Description => "Tables in files: CSV, tab-separated, JSON and JSON Lines. A file is read again when it has changed.";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new("folder", "a folder whose files are tables, each named after its file"),
        new("files", "a list of files, each a table of its name, or an object with the file of each table"),
        new("tables", $"an object with the columns of each table, {{\"servers\": [\"id:int\", \"name\"]}}; {TableColumns.Form}; those of other tables are read from the files when the datasource is made"),
        new("settle", "seconds that a file must have been left alone to be read again; 0 when it is not there"),
        new("max_rows", "the most rows of a file; 10,000,000 when it is not there"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables => [];

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var options = new FilesOptions
        {
            Folder = settings.Text("folder"),
            Files = FilesOf(settings),
            Tables = TableColumns.ReadAll(settings, "tables"),
            Settle = TimeSpan.FromSeconds(settings.Number("settle", 0, 0, 86_400)),
            MaxRows = (int)settings.Number("max_rows", 10_000_000, 1, int.MaxValue),
            Time = settings.Time,
        };
        return options.Folder is { Length: > 0 } || options.Files.Count > 0 ? new FilesDriver(options)
            : throw new DriverException($"{DriverRegistry.MissingOptions}folder or files");
    }

    private static Dictionary<string, string> FilesOf(DriverSettings settings)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        if (TableColumns.Structure(settings, "files") is { ValueKind: JsonValueKind.Array })
        {
            foreach (var path in TableColumns.Texts(settings, "files")!)
            {
                var table = Path.GetFileNameWithoutExtension(path);
                if (!FactsName.IsValid(table) || !files.TryAdd(table, path))
                {
                    throw new DriverException(FactsName.IsValid(table)
                        ? $"option 'files' of datasource '{settings.Datasource}' has two files of table '{table}'"
                        : $"option 'files' of datasource '{settings.Datasource}': '{table}' cannot name a table; {FactsName.Rule}, or write an object with the file of each table");
                }
            }

            return files;
        }

        foreach (var (table, path) in TableColumns.Tables(settings, "files"))
        {
            files[table] = path.ValueKind == JsonValueKind.String ? path.GetString()! : throw settings.Wrong("files", $"the path of a file for table '{table}'", path);
        }

        return files;
    }
}
