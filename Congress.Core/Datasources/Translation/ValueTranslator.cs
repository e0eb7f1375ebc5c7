using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Makes one value: <c>VALUE</c>.</summary>
/// <param name="Extract">Leads from what is given to what is taken; null when that is the same.</param>
/// <param name="Type">What it must be.</param>
/// <param name="IsNullable">Whether it may be null, or not be there.</param>
internal sealed record ValueTranslator(JsonPath? Extract = null, ColumnType Type = ColumnType.Any, bool IsNullable = true)
{
    /// <summary>The value; null of what is not there.</summary>
    /// <exception cref="DriverException">It is not what it must be.</exception>
    public Value Translate(JsonElement? given, string table, Column column, TranslationRun into)
    {
        var json = given is { } there && Extract is not null ? Extract.First(there) : given;
        if (!JsonCell.TryRead(json ?? default, out var value))
        {
            throw into.Misfit(table, $"column '{column.Name}' is given a text that escapes half a surrogate pair");
        }

        if (value.Kind == ValueKind.Null && !IsNullable)
        {
            throw into.Misfit(table, $"column '{column.Name}' is not nullable, found null");
        }

        return column.TryFit(value, out var stored) ? stored
            : throw into.Misfit(table, $"column '{column.Name}' takes {Type.ToString().ToLowerInvariant()}, found {Short(value.ToString())}");
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
