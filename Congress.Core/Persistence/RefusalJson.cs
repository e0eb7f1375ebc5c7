using System.Text.Json;
using System.Text.Json.Serialization;
using Congress.Diagnostics;
using Congress.Policies.Catalog;

namespace Congress.Persistence;

/// <summary>How refusals are written in the store.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class RefusalJson : JsonSerializerContext
{
    /// <summary>The text of a refusal.</summary>
    public static string Write(Refusal refusal) => JsonSerializer.Serialize(refusal, Default.Refusal);

    /// <summary>The refusal of a text.</summary>
    /// <exception cref="StoreException">It is not one that this release can read.</exception>
    public static Refusal Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Default.Refusal) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new StoreException(StoreFailure.Damaged, $"a refusal cannot be read: {exception.Message}", exception);
        }
    }
}
