using Congress.Datasources;
using Congress.Datasources.Drivers.Push;

namespace Congress.Tests.Datasources.Push;

public sealed class PushDriverTests
{
    private const string Tables = """{"tables": {"servers": ["id:int", "name:text", "load:real"], "up": ["id"], "flag": []}}""";

    private readonly PushDriver _driver = Configured.Make<PushDriver>(new PushDriverFactory(), Tables);

    [Fact]
    public void Its_tables_are_configured()
    {
        Assert.Equal(["servers(id:int, name:text, load:real)", "up(id)", "flag()"], _driver.Schema.Select(t => t.ToString()));
        Assert.Equal(["flag", "servers", "up"], _driver.PushedTables.Order());
        Assert.Empty(_driver.Groups);
    }

    [Fact]
    public void The_tables_may_come_as_the_text_of_json() =>
        Assert.Equal("p(x:bool)", Assert.Single(Configured.Make<PushDriver>(new PushDriverFactory(), """{"tables": "{\"p\": [\"x:bool\"]}"}""").Schema).ToString());

    [Fact]
    public async Task It_reads_nothing() => Assert.Empty(await ((IDatasourceDriver)_driver).ReadAsync());

    [Fact]
    public void Objects_are_read_by_column_name_and_arrays_by_position() =>
        Assert.Equal("(1, \"a\", 2.0) (2, \"b\", null) (3, null, null)", Push("servers", """[{"load": 2, "id": 1, "name": "a"}, [2, "b", null], {"id": 3}]"""));

    [Fact]
    public void A_table_without_columns_has_at_most_one_row()
    {
        Assert.Equal("()", Push("flag", "[[], {}]"));
        Assert.Equal("", Push("flag", "[]"));
    }

    [Theory]
    [InlineData("""[[1, "a", 1], [1, "a"]]""", "table 'servers', $[1]: expected 3 values for servers(id:int, name:text, load:real), found 2")]
    [InlineData("""[{"id": 1, "nme": "a"}]""", "table 'servers', $[0]: servers(id:int, name:text, load:real) has no column 'nme'")]
    [InlineData("""[{"id": 1, "id": 2}]""", "table 'servers', $[0]: the object has key 'id' twice")]
    [InlineData("""[{"id": "1"}]""", "table 'servers', $[0]: column 'id' takes an integer, found \"1\"")]
    [InlineData("""[{"load": 1e999}]""", "table 'servers', $[0]: the number 1e999 is too large for a 64-bit real; write it as a text")]
    [InlineData("""[{"\ud800": 1}]""", "table 'servers', $[0]: a text holds an escape of half a surrogate pair")]
    [InlineData("[1]", "table 'servers', $[0]: expected an object or an array, found a number")]
    [InlineData("{}", "table 'servers': expected a list of objects or arrays, found an object")]
    public void What_does_not_fit_is_refused_with_its_place(string items, string message) => Assert.Equal(message, Configured.Refusal(() => Push("servers", items)));

    [Fact]
    public void A_table_that_there_is_not_is_refused() =>
        Assert.Equal("there is no table 'other' to push; there are servers, up, flag", Configured.Refusal(() => Push("other", "[]")));

    [Fact]
    public void A_table_takes_so_many_rows_and_no_more()
    {
        var driver = Configured.Make<PushDriver>(new PushDriverFactory(), """{"tables": {"p": ["x"]}, "max_rows": 2}""");
        Assert.Equal("table 'p': 3 items are more than the 2 that it takes", Configured.Refusal(() => driver.Translate("p", Configured.Json("[[1],[2],[3]]"))));
    }

    [Theory]
    [InlineData("""{"tables": 5}""", "option 'tables' of datasource 'source' is 5; expected an object with an entry for each table")]
    [InlineData("""{"tables": "{"}""", "option 'tables' of datasource 'source' is \"{\"; expected JSON")]
    [InlineData("""{"tables": {"a-b": []}}""", "option 'tables' of datasource 'source': 'a-b' cannot name a table; a name is a letter or underscore, then letters, digits and underscores, with single dots between")]
    [InlineData("""{"tables": {"p": [], "p": []}}""", "option 'tables' of datasource 'source' has table 'p' twice")]
    [InlineData("""{"tables": {"p": "x"}}""", "option 'tables.p' of datasource 'source': expected an array of columns, each column as NAME or NAME:TYPE, of type any, text, int, real or bool; found a text")]
    [InlineData("""{"tables": {"p": ["x", "x:int"]}}""", "option 'tables.p' of datasource 'source': column 'x' stands twice")]
    [InlineData("""{"tables": {"p": [":int"]}}""", "option 'tables.p' of datasource 'source': column ':int' has no name; write each column as NAME or NAME:TYPE, of type any, text, int, real or bool")]
    [InlineData("""{"tables": {"p": ["x:string"]}}""", "option 'tables.p' of datasource 'source': there is no type 'string'; write each column as NAME or NAME:TYPE, of type any, text, int, real or bool")]
    [InlineData("""{"tables": {}, "max_rows": 0}""", "option 'max_rows' of datasource 'source' is 0; expected a number from 1 to 2147483647")]
    public void A_configuration_that_makes_no_sense_is_refused(string options, string message) =>
        Assert.Equal(message, Configured.Refusal(() => new PushDriverFactory().Create(Configured.Settings(options))));

    private string Push(string table, string items) => Configured.Rows(_driver.Translate(table, Configured.Json(items)), table);
}
