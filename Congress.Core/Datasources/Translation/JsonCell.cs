using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>JSON values as values of rows.</summary>
internal static class JsonCell
{
    // Nobody shows the text as HTML, and people read it.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value: an integer where the number is one of 64 bits, else a real; of a structure its JSON text without spaces.</summary>
    /// <remarks>A number beyond the reals stays as it is written. A text that is half a surrogate pair has no value.</remarks>
    public static bool TryRead(JsonElement json, out Value value)
    {
        try
        {
            value = json.ValueKind switch
            {
                JsonValueKind.Undefined or JsonValueKind.Null => Value.Null,
                JsonValueKind.True => Value.True,
                JsonValueKind.False => Value.False,
                JsonValueKind.Number => Number(json),
                JsonValueKind.String => Value.Of(json.GetString()),
                JsonValueKind.Array or JsonValueKind.Object => Value.Of(Structure(json)),
            };
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>A text that is not empty; null of anything else.</summary>
    public static string? Text(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.String } text && TryRead(text, out var value) && value.AsText() is { Length: > 0 } found ? found : null;

    /// <summary>The kind of a value as a message names it.</summary>
    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        JsonValueKind.Undefined => "nothing",
    };

    private static Value Number(JsonElement json) =>
        json.TryGetInt64(out var integer) ? Value.Of(integer)
        : json.TryGetDouble(out var real) && double.IsFinite(real) ? Value.Of(real)
        : Value.Of(json.GetRawText());

    private static string Structure(JsonElement json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
