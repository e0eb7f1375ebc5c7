using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Congress.Bus.Protocol;

/// <summary>The argument or the result of a call: an object within a process, JSON over a socket.</summary>
/// <remarks>What one side wrote as one type the other may read as another, as long as the JSON fits.</remarks>
internal abstract class Payload
{
    /// <summary>The largest payload, in bytes of JSON: with its frame it stays below the limit of frames.</summary>
    public const int MaxBytes = 4_000_000;

    /// <summary>The payload as JSON in UTF-8.</summary>
    /// <exception cref="JsonException">The object cannot be written.</exception>
    public abstract ReadOnlyMemory<byte> ToJson();

    /// <summary>The payload as an object of a type. Over a socket it is a new one; within a process it is the sender's own, which must not change.</summary>
    /// <exception cref="JsonException">The payload is not of the type; the message says where.</exception>
    public virtual T Read<T>(JsonTypeInfo<T> type)
    {
        var json = ToJson();
        return JsonSerializer.Deserialize(json.Span, type)!;
    }

    /// <summary>An object.</summary>
    public static Payload Of<T>(T value, JsonTypeInfo<T> type) => new Object<T>(value, type);

    /// <summary>JSON as it came.</summary>
    public static Payload OfJson(ReadOnlyMemory<byte> json) => new Json(json);

    private sealed class Json(ReadOnlyMemory<byte> json) : Payload
    {
        public override ReadOnlyMemory<byte> ToJson() => json;
    }

    private sealed class Object<T>(T value, JsonTypeInfo<T> type) : Payload
    {
        private ReadOnlyMemory<byte>? _json;

        public override ReadOnlyMemory<byte> ToJson() => _json ??= JsonSerializer.SerializeToUtf8Bytes(value, type);

        public override TOther Read<TOther>(JsonTypeInfo<TOther> other) => value is TOther same ? same : base.Read(other);
    }
}
