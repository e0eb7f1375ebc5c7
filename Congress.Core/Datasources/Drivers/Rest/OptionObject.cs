using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Translation;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>An object within the options, with its place for messages.</summary>
internal sealed class OptionObject
{
    private readonly JsonElement _json;
    private readonly string _where;
    private readonly DriverSettings _settings;

    private OptionObject(DriverSettings settings, string where, JsonElement json)
    {
        (_settings, _where, _json) = (settings, where, json);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw settings.Wrong(where, "an object", json);
        }
    }

    /// <summary>An option that is an object; null when it is not there.</summary>
    public static OptionObject? Find(DriverSettings settings, string option) => settings.Find(option) is { } json ? new(settings, option, json) : null;

    /// <summary>An option that is a list of objects; empty when it is not there.</summary>
    public static IReadOnlyList<OptionObject> List(DriverSettings settings, string option) =>
        settings.Find(option) is { } json ? List(settings, option, json) : [];

    /// <summary>Refuses properties that mean nothing.</summary>
    public OptionObject Allow(params ReadOnlySpan<string> known)
    {
        foreach (var property in _json.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw new DriverException(
                    $"option '{_where}.{property.Name}' of datasource '{_settings.Datasource}' is unknown; expected one of {string.Join(", ", known.ToArray())}");
            }
        }

        return this;
    }

    /// <summary>What messages call a property.</summary>
    public string Place(string name) => $"{_where}.{name}";

    /// <summary>A property of any form; null when it is not there, or null.</summary>
    public JsonElement? Any(string name) => _json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text.</summary>
    public string? Text(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(name, "a text", value);

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name) => Text(name) is { Length: > 0 } text ? text : throw Missing(name, "a text");

    /// <summary>A whole number.</summary>
    public int Number(string name, int otherwise, int least) => Any(name) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least ? number
        : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least}"), value);

    /// <summary>True or false; <paramref name="otherwise"/> when it is not there.</summary>
    public bool Flag(string name, bool otherwise = false) => Any(name) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, "true or false", value);

    /// <summary>A path into JSON.</summary>
    public JsonPath? Path(string name) => Text(name) is { } text ? PathOf(name, text) : null;

    /// <summary>An object.</summary>
    public OptionObject? Object(string name) => Any(name) is { } value ? new(_settings, Place(name), value) : null;

    /// <summary>A list of objects; empty when it is not there.</summary>
    public IReadOnlyList<OptionObject> Objects(string name) => Any(name) is { } value ? List(_settings, Place(name), value) : [];

    /// <summary>An object of texts; a number or a boolean is taken for its text.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name) => Object(name)?.Texts() ?? ReadOnlyDictionary<string, string>.Empty;

    /// <summary>All properties as texts.</summary>
    public IReadOnlyDictionary<string, string> Texts() => _json.EnumerateObject().ToDictionary(
        property => property.Name,
        property => property.Value.ValueKind switch
        {
            JsonValueKind.String => property.Value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
            _ => throw Wrong(property.Name, "a text", property.Value),
        },
        StringComparer.Ordinal);

    /// <summary>An object of paths.</summary>
    public IReadOnlyDictionary<string, JsonPath> Paths(string name) => Object(name) is { } paths
        ? paths.Texts().ToDictionary(pair => pair.Key, pair => paths.PathOf(pair.Key, pair.Value), StringComparer.Ordinal) : ReadOnlyDictionary<string, JsonPath>.Empty;

    /// <summary>Columns: a list of properties, or an object that has for each column a path, or a path and a type.</summary>
    public IReadOnlyList<(Column Column, JsonPath Path)> Columns(string name)
    {
        var given = Any(name) ?? throw Missing(name, "a list of properties, or an object with a path for each column");
        (Column, JsonPath)[] columns = given.ValueKind switch
        {
            JsonValueKind.Array => [.. given.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
                ? (new Column(item.GetString()!), JsonPath.ToProperty(item.GetString()!)) : throw Wrong(name, "a list of texts", given))],
            JsonValueKind.Object => [.. given.EnumerateObject().Select(property => ColumnOf(Object(name)!, property))],
            _ => throw Wrong(name, "a list of properties, or an object with a path for each column", given),
        };
        return columns.Select(column => column.Item1.Name).Distinct(StringComparer.Ordinal).Count() == columns.Length && columns.Length > 0 ? columns
            : throw Wrong(name, "columns of different names", given);
    }

    /// <summary>What to say of a property that is not there.</summary>
    public DriverException Missing(string name, string expected) =>
        new($"option '{Place(name)}' of datasource '{_settings.Datasource}' is missing; expected {expected}");

    /// <summary>What to say of a property that makes no sense.</summary>
    public DriverException Wrong(string name, string expected, JsonElement? found = null) => _settings.Wrong(Place(name), expected, found ?? Any(name) ?? _json);

    private static IReadOnlyList<OptionObject> List(DriverSettings settings, string where, JsonElement json) =>
        json.ValueKind != JsonValueKind.Array ? throw settings.Wrong(where, "a list of objects", json)
        : [.. json.EnumerateArray().Select((item, i) => new OptionObject(settings, string.Create(CultureInfo.InvariantCulture, $"{where}[{i}]"), item))];

    private static (Column, JsonPath) ColumnOf(OptionObject columns, JsonProperty property)
    {
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            return (new(property.Name), columns.Path(property.Name) ?? throw columns.Missing(property.Name, "a path"));
        }

        var column = columns.Object(property.Name)!.Allow("path", "type");
        var type = column.Text("type") switch
        {
            null or "any" => ColumnType.Any,
            "text" => ColumnType.Text,
            "int" => ColumnType.Int,
            "real" => ColumnType.Real,
            "bool" => ColumnType.Bool,
            _ => throw column.Wrong("type", "text, int, real, bool or any"),
        };
        return (new(property.Name, type), column.Path("path") ?? JsonPath.ToProperty(property.Name));
    }

    private JsonPath PathOf(string name, string text)
    {
        try
        {
            return JsonPath.Parse(text);
        }
        catch (FormatException e)
        {
            throw new DriverException($"option '{Place(name)}' of datasource '{_settings.Datasource}': {e.Message}");
        }
    }
}
