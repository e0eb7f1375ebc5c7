using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Congress.Bus.Protocol;

/// <summary>The argument or the result of a call, as JSON. It is written at once, so that caller and service never share an object, wherever they run.</summary>
internal readonly struct Payload(ReadOnlyMemory<byte> json)
{
    /// <summary>The largest payload, in bytes: with its frame it stays below the limit of frames.</summary>
    public const int MaxBytes = 4_000_000;

    // No browser reads this: a letter of any alphabet stays what it is, so that a text takes no more bytes here than where it comes from.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON, in UTF-8.</summary>
    public ReadOnlyMemory<byte> ToJson() => json;

    /// <summary>The payload as an object of a type. What one side wrote as one type the other may read as another, as long as the JSON fits.</summary>
    /// <exception cref="JsonException">The payload is not of the type; the message says where.</exception>
    public T Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json.Span, type)!;

    /// <summary>Writes an object.</summary>
    /// <exception cref="ArgumentException">The JSON is larger than <see cref="MaxBytes"/>.</exception>
    public static Payload Of<T>(T value, JsonTypeInfo<T> type)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return json.WrittenCount <= MaxBytes
            ? new(json.WrittenMemory)
            : throw new ArgumentException($"a payload of {json.WrittenCount} bytes; at most {MaxBytes} can be sent. Publish large data as a table", nameof(value));
    }

    /// <summary>JSON as it came.</summary>
    public static Payload OfJson(ReadOnlyMemory<byte> json) => new(json);
}
