using System.Text.Json;
using Congress.Data;

namespace Congress.Api;

/// <summary>The body of a request: a JSON object, whose members are asked for by name and form.</summary>
/// <param name="json">The body.</param>
public readonly struct ApiBody(JsonElement json)
{
    /// <summary>The body as it came.</summary>
    public JsonElement Json => json;

    /// <summary>A member; null when there is none.</summary>
    public JsonElement? Find(string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;

    /// <summary>Makes sure that the body is an object.</summary>
    /// <exception cref="ApiException">It is something else.</exception>
    public ApiBody Object() => json.ValueKind == JsonValueKind.Object ? this
        : throw new ApiException(ApiError.BadRequest, $"the body is {NameOf(json.ValueKind)}; expected an object");

    /// <summary>A text; null when it is not there, or null.</summary>
    /// <exception cref="ApiException">It is something else, or too long.</exception>
    public string? Text(string name, int longest = 1_000_000) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } value when value.GetString() is var text => text!.Length <= longest ? text
            : throw new ApiException(ApiError.BadRequest, $"'{name}' has {text.Length} characters; expected at most {longest}"),
        var value => throw Wrong(name, "a text", value.Value),
    };

    /// <summary>A text that must be there.</summary>
    /// <exception cref="ApiException">It is not, or is something else.</exception>
    public string RequiredText(string name) => Text(name) ?? throw new ApiException(ApiError.BadRequest, $"'{name}' is missing; expected a text");

    /// <summary>True or false; null when it is not there, or null.</summary>
    /// <exception cref="ApiException">It is something else.</exception>
    public bool? Flag(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        var value => throw Wrong(name, "true or false", value.Value),
    };

    /// <summary>A scalar of JSON as a value.</summary>
    /// <exception cref="ApiException">It is an array or an object, or a number that is too large.</exception>
    public static Value ValueOf(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Null => Value.Null,
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        JsonValueKind.String => Value.Of(element.GetString()),
        JsonValueKind.Number when element.TryGetInt64(out var integer) => Value.Of(integer),
        JsonValueKind.Number when element.TryGetDouble(out var real) && double.IsFinite(real) => Value.Of(real),
        _ => throw Wrong(name, "a text, a number, true, false or null", element),
    };

    /// <summary>The members of an object; of those of one name the last, as everywhere.</summary>
    public static IEnumerable<JsonProperty> MembersOf(JsonElement value) => value.EnumerateObject().Reverse().DistinctBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>What to say of a member of a wrong form.</summary>
    public static ApiException Wrong(string name, string expected, JsonElement found) =>
        new(ApiError.BadRequest, $"'{name}' is {NameOf(found.ValueKind)}; expected {expected}");

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };
}
