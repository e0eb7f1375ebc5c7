using Congress.Datasources;
using static Congress.Tests.Datasources.Translation.Translated;

namespace Congress.Tests.Datasources.Translation;

public sealed class TranslatorTests
{
    private const string NothingsId = "\"d751713988987e9331980363e24189ce\"";

    private static readonly string Ports = Record("ports", "", Field("id"),
        Field("fixed_ips", Record("fixed_ips", """ "parent-key": "id", "parent-col-name": "port_id", "in-list": true,""", Field("ip"))),
        Field("tags", $$"""{"translation-type": "LIST", "table-name": "tags", "id-col": "tags_id", "val-col": "tag", "translator": {{Value}}}"""),
        Field("name"));

    [Fact]
    public void A_table_within_has_a_column_in_its_parent_only_by_an_id() =>
        Assert.Equal(["ports(id, tags, name)", "fixed_ips(port_id, ip)", "tags(tags_id, tag)"], Parse(Ports).Tables.Select(t => t.ToString()));

    [Fact]
    public void A_parent_key_and_an_id_lead_to_the_rows_within()
    {
        var rows = Rows(Ports, """{"name": "n", "id": "p", "fixed_ips": [{"ip": "1.1.1.1"}, null, {"ip": "2.2.2.2"}], "tags": ["a", "b"], "more": 1}""");
        var id = rows[2].Split('"')[3];
        Assert.Equal(
            ["fixed_ips(\"p\", \"1.1.1.1\")", "fixed_ips(\"p\", \"2.2.2.2\")", $"ports(\"p\", \"{id}\", \"n\")", $"tags(\"{id}\", \"a\")", $"tags(\"{id}\", \"b\")"], rows);
    }

    [Fact]
    public void What_is_missing_is_null_and_a_list_that_is_missing_has_the_id_of_nothing() =>
        Assert.Equal([$"ports(null, {NothingsId}, null)"], Rows(Ports, """{"tags": null}"""));

    [Fact]
    public void A_parent_key_may_be_a_column_that_the_parent_has_from_its_own_parent()
    {
        var inner = Record("c", """ "parent-key": "parent_key", "parent-col-name": "a_id",""", Field("x"));
        var middle = Record("b", """ "parent-key": "id",""", Field("y"), Field("c", inner));
        Assert.Equal(["a(1)", "b(1, 2)", "c(1, 3)"], Rows(Record("a", "", Field("id"), Field("b", middle)), """{"id": 1, "b": {"y": 2, "c": {"x": 3}}}"""));
    }

    [Fact]
    public void A_table_within_without_key_and_id_has_no_column_and_its_rows() =>
        Assert.Equal(["a(1)", "b(2)"], Rows(Record("a", "", Field("b", Record("b", "", Field("y"))), Field("id")), """{"id": 1, "b": {"y": 2}}"""));

    [Fact]
    public void A_map_has_a_row_for_each_property()
    {
        var map = $$"""{"translation-type": "VDICT", "table-name": "m", "parent-key": "id", "key-col": "k", "val-col": "v", "translator": {{Value}}}""";
        Assert.Equal(["m(1, \"a\", 2)", "m(1, \"b\", \"x\")", "t(1)"], Rows(Record("t", "", Field("id"), Field("m", map)), """{"id": 1, "m": {"a": 1, "b": "x", "a": 2}}"""));
    }

    [Fact]
    public void A_map_of_objects_gives_its_keys_to_them()
    {
        var objects = Record("o", """ "parent-key": "k",""", Field("x"));
        var map = $$"""{"translation-type": "VDICT", "table-name": "m", "key-col": "k", "val-col": "v", "translator": {{objects}}}""";
        Assert.Equal(["m(k)", "o(parent_key, x)"], Parse(map).Tables.Select(t => t.ToString()));
        Assert.Equal(["m(\"a\")", "m(\"b\")", "m(\"c\")", "o(\"a\", 1)", "o(\"b\", 2)"], Rows(map, """{"a": {"x": 1}, "b": {"x": 2}, "c": null}"""));
    }

    [Fact]
    public void A_list_of_objects_holds_their_ids()
    {
        var objects = Record("o", """ "id-col": {"extract-fn": "x"},""", Field("x"));
        var list = $$"""{"translation-type": "LIST", "table-name": "l", "val-col": "v", "translator": {{objects}}}""";
        Assert.Equal(["o(id-col, x)", "l(v)"], Parse(list).Tables.Select(t => t.ToString()).Reverse());
        Assert.Equal([$"l({NothingsId})", "l(1)", "l(2)", "o(1, 1)", "o(2, 2)"], Rows(list, """[{"x": 1}, null, {"x": 2}]"""));
    }

    [Fact]
    public void An_id_that_is_taken_from_the_object_must_be_there()
    {
        var e = Assert.Throws<DriverException>(() => Rows(Record("o", """ "id-col": {"extract-fn": "a.uuid", "col": "uuid"},""", Field("x")), """{"a": {"uuid": [1]}}"""));
        Assert.Equal("table 'o': ID must be string or number, and a.uuid leads to none, at $", e.Message);
    }

    [Theory]
    [InlineData("DICT_SELECTOR", "a.b", "t(1)")]
    [InlineData("DOT_SELECTOR", "a.b", "t(2)")]
    public void A_selector_takes_a_property_or_a_path(string selector, string field, string row) => Assert.Equal([row],
        Rows($$"""{"translation-type": "HDICT", "table-name": "t", "selector-type": "{{selector}}", "field-translators": [{{Field(field)}}]}""", """{"a.b": 1, "a": {"b": 2}}"""));

    [Fact]
    public void What_is_extracted_stands_in_place_of_what_was_there()
    {
        var hosts = $$$"""{"translation-type": "LIST", "table-name": "hosts", "parent-key": "id", "val-col": "host", "objects-extract-fn": "items", "translator": {"translation-type": "VALUE", "extract-fn": "name"}}""";
        var translator = Record("t", """ "objects-extract-fn": "data[*].list",""", Field("id", """{"translation-type": "VALUE", "extract-fn": "[1]"}"""), Field("hosts", hosts));
        var json = """{"data": [{"list": [{"id": [7, 8], "hosts": {"items": [{"name": "h"}, {}]}}]}, {"list": {"id": "x", "hosts": {}}}]}""";
        Assert.Equal(["hosts(8, \"h\")", "hosts(8, null)", "t(8)", "t(null)"], RowsOfEach(translator, json));
    }

    [Fact]
    public void Values_keep_their_kind_and_structures_become_json()
    {
        var list = $$"""{"translation-type": "LIST", "table-name": "t", "val-col": "v", "translator": {{Value}}}""";
        Assert.Equal(
            ["t(\"1e400\")", "t(\"[1, 2]\")", "t(\"{\\\"a\\\":[1,\\\"é\\\"]}\")", "t(\"é\")", "t(-9223372036854775808)", "t(1)", "t(1.0)", "t(9.223372036854776e+18)", "t(false)", "t(null)", "t(true)"],
            Rows(list, """[1, 1.0, true, false, null, "é", "[1, 2]", { "a" : [1, "é"] }, -9223372036854775808, 9223372036854775808, 1e400]"""));
    }

    [Theory]
    [InlineData("Int", "\"5\"", "table 't': column 'a' takes int, found \"5\", at $.a")]
    [InlineData("Bool", "1", "table 't': column 'a' takes bool, found 1, at $.a")]
    [InlineData("UUID", "1", "table 't': column 'a' takes text, found 1, at $.a")]
    public void A_value_of_another_type_is_refused(string type, string json, string message) => Assert.Equal(message, Assert.Throws<DriverException>(() =>
        Rows(Record("t", "", Field("a", $$"""{"translation-type": "VALUE", "data-type": "{{type}}"}""")), $$"""{"a": {{json}}}""")).Message);

    [Fact]
    public void A_type_goes_with_the_parent_key_and_null_fits_unless_it_is_not_allowed()
    {
        var translator = Record("t", "", Field("a", """{"translation-type": "VALUE", "data-type": "Float"}"""), Field("u", Record("u", """ "parent-key": "a",""", Field("x"))));
        Assert.Equal(["t(a:real)", "u(parent_key:real, x)"], Parse(translator).Tables.Select(t => t.ToString()));
        Assert.Equal(["t(1.0)", "u(1.0, null)"], Rows(translator, """{"a": 1, "u": {}}"""));
        Assert.Equal("table 't': column 'a' is not nullable, found null, at $[1].a", Assert.Throws<DriverException>(() =>
            RowsOfEach(Record("t", "", Field("a", """{"translation-type": "VALUE", "nullable": false}""")), """[{"a": 1}, {}]""")).Message);
    }

    [Theory]
    [InlineData("""{"fixed_ips": [{}, {}, 5]}""", "table 'fixed_ips': expected an object, found a number, at $.fixed_ips[2]")]
    [InlineData("""{"tags": {"a": 1}}""", "table 'tags': expected an array, found an object, at $.tags")]
    [InlineData("\"p\"", "table 'ports': expected an object, found a text, at $")]
    [InlineData("""{"name": "\ud800"}""", "table 'ports': column 'name' is given a text that escapes half a surrogate pair, at $.name")]
    public void An_object_of_another_form_is_refused_with_the_place(string json, string message) =>
        Assert.Equal(message, Assert.Throws<DriverException>(() => Rows(Ports, json)).Message);

    [Fact]
    public void Of_nothing_there_are_no_rows()
    {
        Assert.Empty(Rows(Ports, "null"));
        Assert.Empty(RowsOfEach(Ports, "[null]"));
    }

    [Fact]
    public void Descriptions_are_kept()
    {
        var list = $$"""{"translation-type": "LIST", "table-name": "l", "parent-key": "id", "parent-key-desc": "The server", "val-col": "v", "val-col-desc": "A tag", "translator": {{Value}}}""";
        var translator = Parse(Record("t", "", $$"""{"fieldname": "id", "col": "id", "desc": "The id", "translator": {{Value}}}""", Field("l", list)));
        Assert.Equal(["l.parent_key: The server", "l.v: A tag", "t.id: The id"], translator.Descriptions.Select(d => $"{d.Key.Table}.{d.Key.Column}: {d.Value}").Order(StringComparer.Ordinal));
    }
}
