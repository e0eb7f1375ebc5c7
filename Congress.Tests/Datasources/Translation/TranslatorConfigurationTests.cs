using Congress.Datasources;
using static Congress.Tests.Datasources.Translation.Translated;

namespace Congress.Tests.Datasources.Translation;

/// <summary>What is wrong with a translator is said in the words of the reference, with the place.</summary>
public sealed class TranslatorConfigurationTests
{
    public static TheoryData<string, string> Wrong => new()
    {
        { "5", "translator is a number; expected an object" },
        { """{"table-name": "t"}""", "translator: Param (translation-type) must be in translator" },
        { """{"translation-type": "DICT"}""", "translator: Translation Type DICT not a valid translation-type ('HDICT', 'VDICT', 'LIST', 'VALUE')" },
        { """{"translation-type": ["HDICT"]}""", """translator: Param (translation-type) is ["HDICT"]; expected a text""" },
        { Value, "translator: a translator of translation-type VALUE has no table; put it in another one" },
        { Record("t", """ "z": 1, "a": 2,"""), "translator: Params (a, z) are invalid.  Valid params: ('translation-type', 'table-name', 'parent-key', 'id-col', 'selector-type', 'field-translators', 'in-list', 'parent-col-name', 'objects-extract-fn', 'parent-key-desc')" },
        { """{"translation-type": "HDICT", "table-name": "t"}""", "translator: Param (field-translators) must be in translator" },
        { """{"translation-type": "HDICT", "table-name": "t", "field-translators": {}}""", "translator: Param (field-translators) is {}; expected a list" },
        { """{"translation-type": "HDICT", "field-translators": []}""", "translator: Param (table-name) must be in translator" },
        { Record("t", "", $$"""{"translator": {{Value}}}"""), "translator.field-translators[0]: Param (fieldname) must be in translator" },
        { Record("t", "", """{"fieldname": "a"}"""), "translator.field-translators[0]: Param (translator) must be in translator" },
        { Record("t", "", Field("a"), """{"fieldname": "b", "name": 1}"""), "translator.field-translators[1]: Params (name) are invalid.  Valid params: ('fieldname', 'col', 'desc', 'translator')" },
        { Record("t", "", Field("a", """{"translation-type": "VALUE", "col": "x"}""")), "translator.field-translators[0].translator: Params (col) are invalid.  Valid params: ('translation-type', 'extract-fn', 'data-type', 'nullable')" },
        { Record("t", "", Field("a", """{"translation-type": "VALUE", "data-type": "Date"}""")), """translator.field-translators[0].translator: Param (data-type) is "Date"; expected Scalar, Str, UUID, IPAddress, IPNetwork, Int, Float or Bool""" },
        { Record("t", "", Field("a", """{"translation-type": "VALUE", "extract-fn": "a[x]"}""")), "translator.field-translators[0].translator: Param (extract-fn): the path a[x] is wrong at character 3: expected an index, a name in quotes, '*' or '?'" },
        { Record("t", "", Field("a"), Field("a")), "translator: column (a) used twice in table (t)" },
        { Record("t", "", Field("a"), Field("b", Record("t", "", Field("c")))), "translator.field-translators[1].translator: table (t) used twice" },
        { Record("t", """ "parent-key": "a", "id-col": "b",""", Field("a")), "translator: Specify at most one of parent-key or id-col" },
        { Record("t", """ "parent-key": "a",""", Field("b")), "translator: Param (parent-key) has no parent to take it from" },
        { Record("t", "", Field("a"), Field("b", Record("u", """ "parent-key": "x",""", Field("c")))), "translator.field-translators[1].translator: Param (parent-key) names (x), which is no column of table (t)" },
        { Record("t", """ "id-col": {"name": "x"},"""), "translator.id-col: Params (name) are invalid.  Valid params: ('extract-fn', 'col')" },
        { Record("t", """ "in-list": "yes","""), """translator: Param (in-list) is "yes"; expected true or false""" },
        { """{"translation-type": "HDICT", "table-name": "t", "selector-type": "SLASH", "field-translators": []}""", """translator: Param (selector-type) is "SLASH"; expected DICT_SELECTOR or DOT_SELECTOR""" },
        { $$"""{"translation-type": "VDICT", "table-name": "t", "val-col": "v", "translator": {{Value}}}""", "translator: Param (key-col) must be in translator" },
        { $$"""{"translation-type": "VDICT", "table-name": "t", "key-col": "k", "translator": {{Value}}}""", "translator: Param (val-col) must be in translator" },
        { $$"""{"translation-type": "LIST", "table-name": "t", "translator": {{Value}}}""", "translator: Param (val-col) must be in translator" },
        { $$"""{"translation-type": "LIST", "table-name": "t", "val-col": "v", "translator": {{Record("u", "", Field("a"))}}}""", "translator.translator: Param (id-col) must be in translator: it is what the rows of a LIST hold" },
        { """{"translation-type": "\ud800"}""", "translator has a text that escapes half a surrogate pair" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_translator_that_makes_no_sense_is_refused(string translator, string message) =>
        Assert.Equal(message, Assert.Throws<DriverException>(() => Parse(translator)).Message);

    [Fact]
    public void Translators_are_nested_so_deep_and_no_deeper()
    {
        static string Nested(int depth) => Enumerable.Range(0, depth).Aggregate(Value, (inner, i) => Record($"t{i}", "", Field("x", inner)));
        Assert.Equal(15, Parse(Nested(15)).Tables.Count);
        using var deep = System.Text.Json.JsonDocument.Parse(Nested(40), new() { MaxDepth = 1000 });
        Assert.Contains("nested too deeply", Assert.Throws<DriverException>(() => Congress.Datasources.Translation.Translator.Parse(deep.RootElement)).Message, StringComparison.Ordinal);
    }
}
