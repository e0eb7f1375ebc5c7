using System.Globalization;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>The params of one translator as the configuration has them, and what the reference says of those that are wrong.</summary>
internal sealed class TranslatorParams
{
    private readonly JsonElement _json;
    private readonly string _where;

    private TranslatorParams(JsonElement json, string where) => (_json, _where) = (json, where);

    /// <summary>Takes an object.</summary>
    /// <exception cref="DriverException">It is something else.</exception>
    public static TranslatorParams Of(JsonElement json, string where) => json.ValueKind == JsonValueKind.Object ? new(json, where)
        : throw new DriverException($"{where} is {JsonCell.Name(json.ValueKind)}; expected an object");

    /// <summary>Refuses params that are not among the valid ones.</summary>
    public void Allow(params ReadOnlySpan<string> valid)
    {
        var wrong = new SortedSet<string>(_json.EnumerateObject().Select(property => property.Name), StringComparer.Ordinal);
        wrong.ExceptWith(valid.ToArray());
        if (wrong.Count > 0)
        {
            throw Wrong($"Params ({string.Join(", ", wrong)}) are invalid.  Valid params: ({string.Join(", ", valid.ToArray().Select(name => $"'{name}'"))})");
        }
    }

    /// <summary>A param of any form; null when it is not there, or null.</summary>
    public JsonElement? Find(string param) => _json.TryGetProperty(param, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A param that must be there.</summary>
    public JsonElement Required(string param) => Find(param) ?? throw Wrong($"Param ({param}) must be in translator");

    /// <summary>A text.</summary>
    public string? Text(string param) => Find(param) is not { } value ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : throw Misfit(param, "a text", value);

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string param)
    {
        Required(param);
        return Text(param)!;
    }

    /// <summary>True or false; <paramref name="otherwise"/> when it is not there.</summary>
    public bool Flag(string param, bool otherwise) => Find(param) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Misfit(param, "true or false", value);

    /// <summary>A path to one value.</summary>
    public JsonPath? Path(string param)
    {
        var text = Text(param);
        try
        {
            return text is null ? null : JsonPath.Parse(text);
        }
        catch (FormatException e)
        {
            throw Wrong($"Param ({param}): {e.Message}");
        }
    }

    /// <summary>What a column accepts, by one of the reference's names or ours.</summary>
    public ColumnType Type(string param) => Text(param)?.ToLowerInvariant() switch
    {
        null or "any" or "scalar" => ColumnType.Any,
        "text" or "str" or "uuid" or "ipaddress" or "ipnetwork" => ColumnType.Text,
        "int" => ColumnType.Int,
        "real" or "float" => ColumnType.Real,
        "bool" => ColumnType.Bool,
        _ => throw Misfit(param, "Scalar, Str, UUID, IPAddress, IPNetwork, Int, Float or Bool", Required(param)),
    };

    /// <summary>The elements of an array that must be there, each an object.</summary>
    public IReadOnlyList<TranslatorParams> List(string param) =>
        Required(param) is not { ValueKind: JsonValueKind.Array } list ? throw Misfit(param, "a list", Required(param))
        : [.. list.EnumerateArray().Select((item, i) => Of(item, string.Create(CultureInfo.InvariantCulture, $"{_where}.{param}[{i}]")))];

    /// <summary>An object that must be there.</summary>
    public TranslatorParams Object(string param) => Of(Required(param), $"{_where}.{param}");

    /// <summary>An exception that says where.</summary>
    public DriverException Wrong(string message) => new($"{_where}: {message}");

    /// <summary>What to say of a param that makes no sense.</summary>
    public DriverException Misfit(string param, string expected, JsonElement found)
    {
        var text = found.GetRawText();
        return Wrong($"Param ({param}) is {(text.Length <= 80 ? text : text[..80] + "...")}; expected {expected}");
    }
}
