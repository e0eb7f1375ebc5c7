using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources;

/// <summary>Turns JSON into values: what is single as it is, an array or an object as its JSON text.</summary>
internal static class JsonValues
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of an element; null for one that is not there.</summary>
    /// <remarks>A number without fraction and exponent is an integer when it fits 64 bits, any other is a real. The text of a structure has no spaces, so that it does not depend on who wrote it.</remarks>
    /// <exception cref="DriverException">A number is too large for a real, or a text holds half a surrogate pair.</exception>
    public static Value Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => Value.Null,
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        JsonValueKind.Number => NumberOf(element),
        JsonValueKind.String => Value.Of(Whole(element, text => text.GetString()!)),
        JsonValueKind.Object or JsonValueKind.Array => Value.Of(Whole(element, Written)),
    };

    /// <summary>The name of a property.</summary>
    /// <exception cref="DriverException">It holds half a surrogate pair.</exception>
    public static string NameOf(JsonProperty property) => Whole(property, named => named.Name);

    /// <summary>What an element is, in words.</summary>
    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
    };

    private static Value NumberOf(JsonElement element) =>
        element.TryGetInt64(out var integer) ? Value.Of(integer)
        : element.TryGetDouble(out var real) && double.IsFinite(real) ? Value.Of(real)
        : throw new DriverException($"the number {element.GetRawText()} is too large for a 64-bit real; write it as a text");

    private static string Written(JsonElement element)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Compact))
        {
            element.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>A text of JSON, which may have escapes that make no text.</summary>
    private static string Whole<T>(T json, Func<T, string> read)
    {
        try
        {
            return read(json);
        }
        catch (InvalidOperationException exception)
        {
            throw new DriverException("a text holds an escape of half a surrogate pair", exception);
        }
    }
}
