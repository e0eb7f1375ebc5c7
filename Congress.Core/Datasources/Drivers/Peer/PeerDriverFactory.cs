using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Drivers.Files;

namespace Congress.Datasources.Drivers.Peer;

/// <summary>Makes datasources that follow tables of another Congress.</summary>
public sealed class PeerDriverFactory : IDriverFactory
{
    private const string Expected = "the number of columns, a list of them, or an object with columns, name and lazy";

    /// <inheritdoc/>
    public string Name => "congress";

    /// <inheritdoc/>
    public string Description => "Tables of another Congress, by its REST API.";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new("url", "the address of its API without /v1, http://host:1789", IsRequired: true),
        new(
            "tables",
            "an object with an entry for each table to follow, named POLICY:TABLE: the number of its columns, which are then c0, c1 and so on, or a list of them "
            + $"({TableColumns.Form}), or an object with columns, name (of the table here; POLICY:TABLE when it is not there) and lazy (true or false)",
            IsRequired: true),
        new("token", "what it knows us by", IsSecret: true),
        new("token_header", "the header that has the token; X-Auth-Token when it is not there"),
        new("timeout", "seconds that it may take to answer; 30 when it is not there"),
        new("max_bytes", "the longest answer; 64 MiB when it is not there"),
        new("max_rows", "the most rows of a table; 1,000,000 when it is not there"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables => [];

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var url = settings.RequiredText("url");
        var standard = new PeerOptions
        {
            Url = Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0 ? uri
                : throw settings.Wrong("url", "an address such as http://host:1789, without user, question mark and fragment", settings.Find("url")!.Value),
        };
        var options = standard with
        {
            Token = settings.Text("token"),
            TokenHeader = settings.Text("token_header") ?? standard.TokenHeader,
            Timeout = TimeSpan.FromSeconds(settings.Number("timeout", standard.Timeout.TotalSeconds, 0.001, 86_400)),
            MaxBytes = (int)settings.Number("max_bytes", standard.MaxBytes, 1, Array.MaxLength),
            MaxRows = (int)settings.Number("max_rows", standard.MaxRows, 1, int.MaxValue),
            Time = settings.Time,
        };
        var tables = TableColumns.Tables(settings, "tables", IsSource).Select(table => TableOf(settings, table.Name, table.Value)).ToArray();
        return tables.GroupBy(table => table.Schema.Table, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { } twice
            ? throw new DriverException($"option 'tables' of datasource '{settings.Datasource}': {string.Join(" and ", twice.Select(table => table.Source))} are both called '{twice.Key}'")
            : new PeerDriver(options, tables);
    }

    private static bool IsSource(string name) => name.Split(':', 2) is [var policy, var table] && FactsName.IsValid(policy) && table.Split(':').All(FactsName.IsValid);

    private static PeerTable TableOf(DriverSettings settings, string source, JsonElement given)
    {
        var path = $"tables.{source}";
        var table = new PeerTable(TableName.Parse(source, ""), new TableSchema(source, Array.Empty<Column>()));
        if (given.ValueKind is JsonValueKind.Number or JsonValueKind.Array)
        {
            return table with { Schema = new(source, ColumnsOf(settings, path, given)) };
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw settings.Wrong(path, Expected, given);
        }

        var nested = new NestedOptions(settings, path, given, "columns", "name", "lazy");
        var name = nested.Text("name") ?? source;
        if (name != source && !FactsName.IsValid(name))
        {
            throw new DriverException($"{nested.Where("name")}: '{name}' cannot name a table; {FactsName.Rule}");
        }

        var columns = nested.Find("columns") ?? throw new DriverException($"{nested.Where("columns")} is missing; expected their number, or a list of them");
        return table with { Schema = new(name, ColumnsOf(settings, path + ".columns", columns)), IsLazy = nested.Flag("lazy") };
    }

    private static IReadOnlyList<Column> ColumnsOf(DriverSettings settings, string path, JsonElement given) =>
        given.ValueKind == JsonValueKind.Array ? TableColumns.Read($"option '{path}' of datasource '{settings.Datasource}'", given)
        : given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var count) && count is >= 0 and <= TableColumns.Most ? TableColumns.Unnamed(count)
        : throw settings.Wrong(path, "a number of columns", given);
}
