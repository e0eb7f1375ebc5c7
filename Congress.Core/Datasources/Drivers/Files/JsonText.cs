using System.Globalization;
using System.Text.Json;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Words for parts of a JSON text, and the strings in it.</summary>
internal static class JsonText
{
    /// <summary>A value or its beginning as a message names it.</summary>
    public static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };

    /// <summary>The step of a path from a row to a value in it.</summary>
    public static string StepTo(FieldColumn column) =>
        column.Name is null ? $"[{column.Number.ToString(CultureInfo.InvariantCulture)}]"
        : FactsName.IsValid(column.Name) && !column.Name.Contains('.', StringComparison.Ordinal) ? $".{column.Name}"
        : $"['{column.Name}']";

    /// <summary>The string or key at hand, or null when it is not Unicode.</summary>
    public static string? StringOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
