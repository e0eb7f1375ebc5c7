using System.Globalization;
using System.Text.Json;
using Congress.Datasources;
using Congress.Datasources.Translation;

namespace Congress.Tests.Datasources.Translation;

public sealed class TranslationPropertyTests
{
    private static readonly string[] Names = ["a", "b", "c.d", "é"];
    private static readonly string[] Scalars = ["null", "true", "0", "-1.5e3", "1e999", "12345678901234567890", "\"x\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"'\\\"\""];

    [Fact]
    public void Whatever_is_translated_the_rows_have_the_columns_of_their_table()
    {
        var translated = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var translator = Translated.Parse(RandomTranslator(random));
            var arity = translator.Tables.ToDictionary(t => t.Table, t => t.Arity, StringComparer.Ordinal);
            var rows = new TranslatedRows(translator.Tables);
            try
            {
                translator.TranslateEach(JsonElement.Parse(RandomJson(random, 5)), rows);
                translated++;
            }
            catch (DriverException)
            {
                // the object had another form, which is all that can happen
            }

            Assert.All(rows.Tables, table => Assert.All(table.Value, row => Assert.Equal(arity[table.Key], row.Count)));
        }

        Assert.InRange(translated, 200, 3000);
    }

    [Fact]
    public void An_object_of_the_form_that_is_expected_is_always_translated()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var configuration = RandomTranslator(random);
            var translator = Translated.Parse(configuration);
            var rows = new TranslatedRows(translator.Tables);
            translator.Translate(JsonElement.Parse(Fitting(JsonElement.Parse(configuration), random)), rows);
            Assert.NotEmpty(rows.Tables);
        }
    }

    [Fact]
    public void A_value_that_is_nested_deeply_is_refused_or_kept_and_never_overflows()
    {
        var json = string.Concat(Enumerable.Repeat("[", 20_000)) + string.Concat(Enumerable.Repeat("]", 20_000));
        using var deep = JsonDocument.Parse(json, new() { MaxDepth = 30_000 });
        var translator = Translated.Parse($$"""{"translation-type": "LIST", "table-name": "t", "val-col": "v", "translator": {{Translated.Value}}}""");
        Assert.Throws<DriverException>(() => translator.Translate(deep.RootElement, new(translator.Tables)));
    }

    private static string RandomTranslator(Random random)
    {
        var tables = 0;
        return Table(random, 3, ref tables, null);
    }

    private static string Table(Random random, int depth, ref int tables, string? parentKey, bool needsId = false)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"t{tables++}");
        var link = needsId || random.Next(3) == 0 ? """ "id-col": "id",""" : parentKey is not null && random.Next(2) == 0 ? $""" "parent-key": "{parentKey}",""" : "";
        switch (random.Next(3))
        {
            case 0:
                return $$"""{"translation-type": "VDICT", "table-name": "{{name}}",{{link}} "key-col": "k", "val-col": "v", "translator": {{Part(random, depth, ref tables, "k")}}}""";
            case 1:
                return $$"""{"translation-type": "LIST", "table-name": "{{name}}",{{link}} "val-col": "v", "translator": {{Part(random, depth, ref tables, null, needsId: true)}}}""";
            default:
                var fields = new List<string> { Translated.Field("key") };
                foreach (var field in Names.Take(random.Next(Names.Length + 1)))
                {
                    fields.Add(Translated.Field(field, Part(random, depth, ref tables, "key")));
                }

                return Translated.Record(name, link + (random.Next(3) == 0 ? """ "in-list": true,""" : ""), [.. fields]);
        }
    }

    private static string Part(Random random, int depth, ref int tables, string? parentKey, bool needsId = false) =>
        depth == 0 || random.Next(2) == 0 ? Translated.Value : Table(random, depth - 1, ref tables, parentKey, needsId);

    private static string Fitting(JsonElement translator, Random random)
    {
        if (random.Next(8) == 0)
        {
            return "null";
        }

        var inner = translator.TryGetProperty("translator", out var given) ? given : default;
        return translator.GetProperty("translation-type").GetString() switch
        {
            "VDICT" => $$"""{{{string.Join(',', Names.Take(random.Next(4)).Select(name => $"\"{name}\": {Fitting(inner, random)}"))}}}""",
            "LIST" => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Fitting(inner, random)))}]",
            "HDICT" => translator.TryGetProperty("in-list", out _) ? $"[{Object(translator, random)},{Object(translator, random)}]" : Object(translator, random),
            _ => Scalars.Where(s => !s.Contains("ud800", StringComparison.Ordinal)).ElementAt(random.Next(Scalars.Length - 1)),
        };
    }

    private static string Object(JsonElement translator, Random random) =>
        $$"""{{{string.Join(',', translator.GetProperty("field-translators").EnumerateArray().Where(_ => random.Next(5) > 0)
            .Select(field => $"{field.GetProperty("fieldname").GetRawText()}: {Fitting(field.GetProperty("translator"), random)}"))}}}""";

    private static string RandomJson(Random random, int depth) => (depth == 0 ? 0 : random.Next(4)) switch
    {
        0 => Scalars[random.Next(Scalars.Length)],
        1 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => RandomJson(random, depth - 1)))}]",
        _ => $$"""{{{string.Join(',', Names.Append("key").Append("\\ud800").Where(_ => random.Next(2) == 0).Select(name => $"\"{name}\": {RandomJson(random, depth - 1)}"))}}}""",
    };
}
