using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Congress.Bus;

/// <summary>How simple values are written, for methods that need no <c>JsonSerializerContext</c> of their own.</summary>
public static class SimpleJson
{
    private static readonly JsonSerializerOptions Options = new() { TypeInfoResolver = JsonTypeInfoResolver.Combine() };

    /// <summary>Texts.</summary>
    public static JsonTypeInfo<string> Text { get; } = JsonMetadataServices.CreateValueInfo<string>(Options, JsonMetadataServices.StringConverter);

    /// <summary>Booleans.</summary>
    public static JsonTypeInfo<bool> Boolean { get; } = JsonMetadataServices.CreateValueInfo<bool>(Options, JsonMetadataServices.BooleanConverter);

    /// <summary>Integers.</summary>
    public static JsonTypeInfo<long> Integer { get; } = JsonMetadataServices.CreateValueInfo<long>(Options, JsonMetadataServices.Int64Converter);
}
