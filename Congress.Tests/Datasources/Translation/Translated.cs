using System.Text.Json;
using Congress.Datasources.Translation;

namespace Congress.Tests.Datasources.Translation;

/// <summary>Translators and what they give, as texts.</summary>
internal static class Translated
{
    /// <summary>The value translator that most tests mean.</summary>
    public const string Value = """{"translation-type": "VALUE"}""";

    /// <summary>A translator of an object's properties.</summary>
    public static string Record(string table, string options, params string[] fields) =>
        $$"""{"translation-type": "HDICT", "table-name": "{{table}}", {{options}} "selector-type": "DICT_SELECTOR", "field-translators": [{{string.Join(", ", fields)}}]}""";

    /// <summary>A field of it.</summary>
    public static string Field(string name, string translator = Value) => $$"""{"fieldname": "{{name}}", "translator": {{translator}}}""";

    /// <summary>The translator of a text.</summary>
    public static Translator Parse(string translator) => Translator.Parse(JsonElement.Parse(translator));

    /// <summary>The rows of one object, sorted, each with its table.</summary>
    public static string[] Rows(string translator, string json) => Rows(translator, (t, rows) => t.Translate(JsonElement.Parse(json), rows));

    /// <summary>The rows of several objects.</summary>
    public static string[] RowsOfEach(string translator, string json) => Rows(translator, (t, rows) => t.TranslateEach(JsonElement.Parse(json), rows));

    private static string[] Rows(string translator, Action<Translator, TranslatedRows> translate)
    {
        var parsed = Parse(translator);
        var rows = new TranslatedRows(parsed.Tables);
        translate(parsed, rows);
        Assert.Equal(parsed.Tables.Select(t => t.Table).Order(StringComparer.Ordinal), rows.Tables.Keys.Order(StringComparer.Ordinal));
        return [.. rows.Tables.SelectMany(t => t.Value.Order().Select(row => $"{t.Key}{row}")).Order(StringComparer.Ordinal)];
    }
}
