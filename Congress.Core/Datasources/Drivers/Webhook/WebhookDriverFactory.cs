using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Webhook;

/// <summary>Makes datasources whose tables are filled by messages.</summary>
public sealed class WebhookDriverFactory : IDriverFactory
{
    /// <inheritdoc/>
    public string Name => "webhook";

    /// <inheritdoc/>
    public string Description => "Tables that a system fills by telling of its changes.";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new(
            "tables",
            "an object with an object for each table: columns (a list of NAME or NAME:TYPE, which are properties of the item, or an object that gives each its path in the item), "
            + "key (a list of columns; all when it is not there), items (the path of the item or the list of items in a message; the property named after the table when it is not there), "
            + "operation (the path of the word that tells what the items do; operation when it is not there), operations (an object that gives words their meaning: add, replace or remove), "
            + "time_to_live (seconds until a row goes that is not brought again) and max_rows (100,000 when it is not there). A path is a.b.0, or a JSON pointer",
            IsRequired: true),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables => [];

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new WebhookDriver([.. TableColumns.Tables(settings, "tables").Select(table => TableOf(settings, table.Name, table.Value))], settings.Time);
    }

    private static WebhookTable TableOf(DriverSettings settings, string name, JsonElement given)
    {
        var nested = new NestedOptions(settings, $"tables.{name}", given, "columns", "key", "items", "operation", "operations", "time_to_live", "max_rows");
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var schema = new TableSchema(name, ColumnsOf(nested, paths));
        var key = nested.Texts("key") ?? [];
        if (key.FirstOrDefault(column => schema.IndexOf(column) < 0) is { } unknown)
        {
            throw new DriverException($"{nested.Where("key")} has '{unknown}', which is no column of {schema}");
        }

        var table = new WebhookTable(schema) { Paths = paths, Key = key };
        return table with
        {
            Items = nested.Text("items"),
            Operation = nested.Text("operation") ?? table.Operation,
            Operations = nested.Find("operations") is { } words ? Meanings(nested, words) : table.Operations,
            TimeToLive = nested.Find("time_to_live") is null ? null : TimeSpan.FromSeconds(nested.Number("time_to_live", 0, 0.001, 1e9)),
            MaxRows = (int)nested.Number("max_rows", table.MaxRows, 1, int.MaxValue),
        };
    }

    private static IReadOnlyList<Column> ColumnsOf(NestedOptions nested, Dictionary<string, string> paths)
    {
        var where = nested.Where("columns");
        var given = nested.Find("columns") ?? throw new DriverException($"{where} is missing; write {TableColumns.Form}");
        if (given.ValueKind != JsonValueKind.Object)
        {
            return TableColumns.Read(where, given);
        }

        var columns = new List<Column>();
        foreach (var property in given.EnumerateObject())
        {
            var column = TableColumns.Parse(where, JsonValues.NameOf(property));
            paths[column.Name] = property.Value.ValueKind == JsonValueKind.String ? JsonValues.Of(property.Value).AsText() : throw nested.Wrong("columns", $"a path for column '{column.Name}'", property.Value);
            columns.Add(column);
        }

        return TableColumns.Distinct(where, columns);
    }

    private static Dictionary<string, WebhookOperation> Meanings(NestedOptions nested, JsonElement given)
    {
        var words = new Dictionary<string, WebhookOperation>(StringComparer.Ordinal);
        foreach (var word in given.ValueKind == JsonValueKind.Object ? given.EnumerateObject() : throw nested.Wrong("operations", "an object", given))
        {
            words[JsonValues.NameOf(word)] = word.Value.ValueKind == JsonValueKind.String && WebhookTable.Words.TryGetValue(JsonValues.Of(word.Value).AsText(), out var operation) ? operation
                : throw nested.Wrong("operations", $"add, replace or remove for '{JsonValues.NameOf(word)}'", word.Value);
        }

        return words;
    }
}
