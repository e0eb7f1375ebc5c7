using System.Globalization;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Drivers.Files;

namespace Congress.Datasources;

/// <summary>The columns of tables as a configuration writes them, <c>{"servers": ["id:int", "name"]}</c>, and whether values fit them.</summary>
internal static class TableColumns
{
    /// <summary>What an option says that names columns.</summary>
    public const string Form = "each column as NAME or NAME:TYPE, of type any, text, int, real or bool";

    /// <summary>The most columns of a table.</summary>
    public const int Most = FactsInput.MaxFields;

    /// <summary>The tables of an option that gives each its columns.</summary>
    /// <exception cref="DriverException">It does not.</exception>
    public static IReadOnlyList<TableSchema> ReadAll(DriverSettings settings, string option) =>
        [.. Tables(settings, option).Select(table => new TableSchema(table.Name, Read($"option '{option}.{table.Name}' of datasource '{settings.Datasource}'", table.Value)))];

    /// <summary>The entries of an option that is an object, each named after a table.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="option">The option.</param>
    /// <param name="isName">Tells a good name; by default those that a rule can write.</param>
    /// <exception cref="DriverException">It is none, or a name is not good or stands twice.</exception>
    public static IReadOnlyList<(string Name, JsonElement Value)> Tables(DriverSettings settings, string option, Func<string, bool>? isName = null)
    {
        if (Structure(settings, option) is not { } tables)
        {
            return [];
        }

        if (tables.ValueKind != JsonValueKind.Object)
        {
            throw settings.Wrong(option, "an object with an entry for each table", tables);
        }

        var entries = tables.EnumerateObject().Select(entry => (Name: JsonValues.NameOf(entry), entry.Value)).ToArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in entries)
        {
            if (!(isName ?? FactsName.IsValid)(name))
            {
                throw new DriverException($"option '{option}' of datasource '{settings.Datasource}': '{name}' cannot name a table; {FactsName.Rule}");
            }

            if (!seen.Add(name))
            {
                throw new DriverException($"option '{option}' of datasource '{settings.Datasource}' has table '{name}' twice");
            }
        }

        return entries;
    }

    /// <summary>The columns of a table.</summary>
    /// <exception cref="DriverException">They are not written as columns are, or a name stands twice.</exception>
    public static IReadOnlyList<Column> Read(string where, JsonElement columns) =>
        columns.ValueKind == JsonValueKind.Array && columns.EnumerateArray().All(column => column.ValueKind == JsonValueKind.String)
            ? Distinct(where, [.. columns.EnumerateArray().Select(column => Parse(where, JsonValues.Of(column).AsText()))])
            : throw new DriverException($"{where}: expected an array of columns, {Form}; found {JsonValues.Describe(columns)}");

    /// <summary>A column as it is written.</summary>
    /// <exception cref="DriverException">It has no name, or a type that there is not.</exception>
    public static Column Parse(string where, string text)
    {
        var colon = text.LastIndexOf(':');
        var (name, type) = colon < 0 ? (text, "any") : (text[..colon], text[(colon + 1)..]);
        return new(
            name.Length > 0 ? name : throw new DriverException($"{where}: column '{text}' has no name; write {Form}"),
            type switch
            {
                "any" => ColumnType.Any,
                "text" => ColumnType.Text,
                "int" => ColumnType.Int,
                "real" => ColumnType.Real,
                "bool" => ColumnType.Bool,
                _ => throw new DriverException($"{where}: there is no type '{type}'; write {Form}"),
            });
    }

    /// <summary>Columns that nobody names: <c>c0</c>, <c>c1</c> and so on.</summary>
    public static IReadOnlyList<Column> Unnamed(int count) => [.. Enumerable.Range(0, count).Select(i => new Column(string.Create(CultureInfo.InvariantCulture, $"c{i}")))];

    /// <summary>Columns whose names are distinct and not too many.</summary>
    /// <exception cref="DriverException">They are not.</exception>
    public static IReadOnlyList<Column> Distinct(string where, IReadOnlyList<Column> columns)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return columns.FirstOrDefault(column => !seen.Add(column.Name)) is { } twice ? throw new DriverException($"{where}: column '{twice.Name}' stands twice")
            : columns.Count > Most ? throw new DriverException($"{where}: there are more than 10,000 columns")
            : columns;
    }

    /// <summary>A value as it is stored in a column.</summary>
    /// <exception cref="DriverException">It does not fit.</exception>
    public static Value Fit(Column column, Value value) => column.TryFit(value, out var stored) ? stored
        : throw new DriverException($"column '{column.Name}' takes {Wanted(column.Type)}, found {Shown(value)}");

    /// <summary>An option that is a list of texts; null when it is not there.</summary>
    /// <exception cref="DriverException">It is something else.</exception>
    public static IReadOnlyList<string>? Texts(DriverSettings settings, string option) =>
        Structure(settings, option) is not { } list ? null
        : list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : throw settings.Wrong(option, "a list of texts", list);

    /// <summary>An option that is a structure, or the text of one, as a command line gives it; null when it is not there.</summary>
    /// <exception cref="DriverException">It is the text of none.</exception>
    public static JsonElement? Structure(DriverSettings settings, string option)
    {
        if (settings.Find(option) is not { ValueKind: JsonValueKind.String } text)
        {
            return settings.Find(option);
        }

        try
        {
            using var document = JsonDocument.Parse(text.GetString()!);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw settings.Wrong(option, "JSON", text);
        }
    }

    private static string Shown(Value value)
    {
        var text = value.ToString();
        return text.Length <= 80 ? text : text[..80] + "...";
    }

    private static string Wanted(ColumnType type) => type switch
    {
        ColumnType.Any => "any value",
        ColumnType.Text => "a text",
        ColumnType.Int => "an integer",
        ColumnType.Real => "a number",
        ColumnType.Bool => "true or false",
    };
}
