using Congress.Data;

namespace Congress.Tests.Datasources.Files;

public sealed class JsonFactsTests : IDisposable
{
    private static readonly TableSchema Servers =
        FactsSandbox.Schema("servers", ("id", ColumnType.Int), ("name", ColumnType.Text), ("load", ColumnType.Real));

    private readonly FactsSandbox _facts = new();

    public void Dispose() => _facts.Dispose();

    [Fact]
    public void Values_keep_their_kind()
    {
        const string Row = """{"a": 1, "b": -0.5, "c": "12", "d": true, "e": null, "f": 1e2, "g": "\u00e9\n"}""";
        const string Values = "(1, -0.5, \"12\", true, null, 100.0, \"é\\n\")";
        Assert.Equal($"{Values}\n{Values}", _facts.Rows("p.json", $"[{Row},\n {Row}]\n"));
        Assert.Equal($"{Values}\n{Values}", _facts.Rows("p.jsonl", $"{Row}\r\n\n{Row}"));
    }

    [Fact]
    public void Rows_can_be_arrays()
    {
        Assert.Equal("(1, \"x\")\n(2, null)", _facts.Rows("p.json", """[[1, "x"], [2, null]]"""));
        Assert.Equal("(1, \"x\")\n(2, null)", _facts.Rows("p.jsonl", "[1, \"x\"]\n[2, null]\n"));
        Assert.Equal("(1, \"x\", 2.0)", _facts.Rows("servers.jsonl", "[1, \"x\", 2]\n", Servers));
    }

    [Fact]
    public void Keys_are_matched_by_name() =>
        Assert.Equal(
            "(1, \"x\", 0.5)\n(2, null, 3.0)\n(3, \"y\", null)",
            _facts.Rows("servers.json", """[{"name":"x","id":1,"load":0.5},{"load":3,"id":2,"name":null},{"l\u006fad":null,"name":"y","id":3}]""", Servers));

    [Fact]
    public void A_key_missing_later_is_null_when_nothing_is_declared() =>
        Assert.Equal("(1, 2)\n(3, null)\n(null, 4)", _facts.Rows("p.jsonl", "{\"a\":1,\"b\":2}\n{\"a\":3}\n{\"b\":4}\n"));

    [Theory]
    [InlineData("""{"id":1,"nme":"x","load":1}""", "0501 (servers.jsonl:2:9): servers(id:int, name:text, load:real) has no column 'nme'; did you mean 'name'?")]
    [InlineData("""{"id":1,"load":1}""", "0501 (servers.jsonl:2:17): the object lacks column 'name' of servers(id:int, name:text, load:real); write null for a value that is not known")]
    [InlineData("""{"id":1,"id":1}""", "0501 (servers.jsonl:2:9): the object has key 'id' twice")]
    [InlineData("""{"id":"1"}""", "0109 (servers.jsonl:2:7): column 'id' takes an integer, found \"1\"")]
    [InlineData("""{"id":1.0}""", "0109 (servers.jsonl:2:7): column 'id' takes an integer, found 1.0")]
    [InlineData("""{"name":12}""", "0109 (servers.jsonl:2:9): column 'name' takes a text, found 12")]
    [InlineData("""{"name":true}""", "0109 (servers.jsonl:2:9): column 'name' takes a text, found true")]
    [InlineData("""{"load":"x\ty"}""", "0109 (servers.jsonl:2:9): column 'load' takes a number, found \"x\\ty\"")]
    [InlineData("""{"id":99999999999999999999}""", "0501 (servers.jsonl:2:7): the integer 99999999999999999999 does not fit 64 bits; write it as a string, or declare column 'id' as real")]
    [InlineData("""{"load":1e999}""", "0501 (servers.jsonl:2:9): the real 1e999 is too large for a 64-bit real; write it as a string")]
    [InlineData("""{"name":"\ud800"}""", "0501 (servers.jsonl:2:9): column 'name' holds an escape of half a surrogate pair")]
    [InlineData("""{"name":{"x":1}}""", "0501 (servers.jsonl:2:9): expected a single value at $.name, found an object; facts are flat; give it a table of its own")]
    [InlineData("[1,\"x\",1]", "0501 (servers.jsonl:2:1): expected an object as in the first row, found an array")]
    [InlineData("12", "0501 (servers.jsonl:2:1): a row is an object or an array, found a number")]
    public void What_does_not_fit_is_an_error_with_its_place(string row, string message) =>
        Assert.Equal("CGS" + message, _facts.Refusal("servers.jsonl", $$"""{"id":0,"name":"","load":0}""" + "\n" + row + "\n", Servers));

    [Fact]
    public void An_unknown_key_is_an_error_without_a_schema_too() =>
        Assert.Equal("CGS0501 (p.json:2:3): key 'nme' is not in the first object; did you mean 'name'?", _facts.Refusal("p.json", "[{\"name\":1},\n {\"nme\":2}]"));

    [Fact]
    public void A_nested_value_is_an_error_with_its_path()
    {
        const string Hint = "facts are flat; give it a table of its own";
        Assert.Equal($"CGS0501 (p.json:3:9): expected a single value at $[1].meta, found an object; {Hint}", _facts.Refusal("p.json", "[\n{\"meta\":1},\n{\"meta\":{}}]"));
        Assert.Equal($"CGS0501 (p.json:1:5): expected a single value at $[0][1], found an array; {Hint}", _facts.Refusal("p.json", "[[1,[]]]"));
        Assert.Equal($"CGS0501 (p.json:1:9): expected a single value at $[0]['a b'], found an array; {Hint}", _facts.Refusal("p.json", "[{\"a b\":[]}]"));
    }

    [Fact]
    public void Arrays_of_another_width_are_errors()
    {
        Assert.Equal("CGS0501 (p.json:1:11): expected 2 fields as in the first row, found 1 field", _facts.Refusal("p.json", "[[1,2], [1]]"));
        Assert.Equal("CGS0501 (p.json:1:14): expected 2 fields as in the first row, found more", _facts.Refusal("p.json", "[[1,2], [1,2,3]]"));
        Assert.Equal("CGS0501 (p.json:1:3): the first row has no values", _facts.Refusal("p.json", "[{}]"));
    }

    [Theory]
    [InlineData("p.json", "{\"a\":1}", "(p.json:1:1): expected an array of rows, found an object; name a file with one row a line .jsonl")]
    [InlineData("p.json", "[[1],\n[2,]]", "(p.json:2:")]
    [InlineData("p.json", "[[1],\n[2]", "(p.json:2:")]
    [InlineData("p.json", "[[1]]\n[]", "(p.json:2:")]
    [InlineData("p.json", "[[1],\n[tru]]", "(p.json:2:2): not valid JSON: ")]
    [InlineData("p.json", "  \n// facts\n[]", "(p.json:2:1): not valid JSON: ")]
    [InlineData("p.jsonl", "[1]\n[1] [2]\n", "(p.jsonl:2:")]
    [InlineData("p.jsonl", "[1]\n[1\n]\n", "(p.jsonl:2:")]
    [InlineData("p.jsonl", "[1]\n[01]\n", "(p.jsonl:2:")]
    public void Text_that_is_not_json_is_an_error_with_its_line(string name, string content, string message) =>
        Assert.StartsWith("CGS0501 " + message, _facts.Refusal(name, content), StringComparison.Ordinal);

    [Theory]
    [InlineData("p.json", "[[")]
    [InlineData("p.jsonl", "[")]
    public void Bytes_that_are_not_utf8_are_an_error(string name, string before) =>
        Assert.Equal(
            $"CGS0501 ({name}:1:{before.Length + 1}): column 1 holds bytes that are not UTF-8; save the file as UTF-8",
            _facts.Refusal(name, [.. System.Text.Encoding.UTF8.GetBytes(before), (byte)'"', 0xC3, (byte)'"', (byte)']', (byte)']']));

    [Fact]
    public void An_empty_array_and_blank_lines_have_no_rows()
    {
        Assert.Equal("", _facts.Rows("p.json", " [ ] \n"));
        Assert.Equal("", _facts.Rows("p.json", " \n\t"));
        Assert.Equal("", _facts.Rows("p.jsonl", " \n\r\n"));
    }

    [Theory]
    [InlineData("p.json", "[", ",\n", "]")]
    [InlineData("p.jsonl", "", "\n", "")]
    public void A_file_of_many_windows_is_read_and_its_lines_counted(string name, string before, string between, string after)
    {
        var rows = Enumerable.Range(0, 40_000).Select(i => $"{{\"id\": {i}, \"name\": \"server é {i}\", \"load\": 1.5}}").ToArray();
        Assert.Equal(40_000, FactsSandbox.ReadAll(_facts.File(name, before + string.Join(between, rows) + after), Servers).Distinct().Count());
        Assert.StartsWith(
            $"CGS0109 ({name}:40001:7): column 'id' takes an integer, found \"x\"",
            _facts.Refusal(name, before + string.Join(between, rows.Append("{\"id\":\"x\"}")) + after, Servers),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_has_at_most_ten_thousand_keys()
    {
        var keys = Enumerable.Range(0, 10_001).Select(i => $"\"k{i}\":{i}").ToArray();
        Assert.Equal(10_000, FactsSandbox.ReadAll(_facts.File("p.jsonl", "{" + string.Join(',', keys[1..]) + "}")).Single().Count);
        Assert.EndsWith("the row has more than 10,000 fields", _facts.Refusal("p.jsonl", "{" + string.Join(',', keys) + "}"), StringComparison.Ordinal);
    }
}
