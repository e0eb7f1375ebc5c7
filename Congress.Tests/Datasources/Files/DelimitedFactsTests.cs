using System.Text;
using Congress.Data;

namespace Congress.Tests.Datasources.Files;

public sealed class DelimitedFactsTests : IDisposable
{
    private static readonly TableSchema Servers =
        FactsSandbox.Schema("servers", ("id", ColumnType.Int), ("name", ColumnType.Text), ("load", ColumnType.Real), ("up", ColumnType.Bool));

    private readonly FactsSandbox _facts = new();

    public void Dispose() => _facts.Dispose();

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-12", "-12")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("007", "\"007\"")]
    [InlineData("+1", "\"+1\"")]
    [InlineData("1.", "\"1.\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("-", "\"-\"")]
    [InlineData("1e", "\"1e\"")]
    [InlineData("1e+", "\"1e+\"")]
    [InlineData("1.5x", "\"1.5x\"")]
    [InlineData("01.5", "\"01.5\"")]
    [InlineData("1.50", "1.5")]
    [InlineData("-0.0", "0.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("2.5E-3", "0.0025")]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    [InlineData("123456789.123456789", "123456789.12345679")]
    [InlineData("true", "\"true\"")]
    [InlineData("null", "\"null\"")]
    [InlineData(" 1", "\" 1\"")]
    [InlineData("1 2", "\"1 2\"")]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("", "\"\"")]
    [InlineData("ł€😀", "\"ł€😀\"")]
    public void An_untyped_field_is_what_it_looks_like(string field, string value)
    {
        Assert.Equal($"({value}, {value})", _facts.Rows("p.facts", $"{field}\t{field}\n"));
        Assert.Equal($"({value}, {value})", _facts.Rows("q.csv", $"a,b\r\n{field},{field}\r\n"));
        Assert.Equal($"({value}, {value})", _facts.Rows("q.csv", $"a,b\n{field},{field}"));
    }

    [Fact]
    public void A_typed_field_is_what_its_column_says()
    {
        Assert.Equal(
            "(1, \"007\", 2.0, true)\n(-2, \"\", 0.5, false)\n(3, \"99999999999999999999\", 1e+20, true)",
            _facts.Rows("servers.tsv", "1\t007\t2\ttrue\r\n-2\t\t0.5\tfalse\r\n3\t99999999999999999999\t100000000000000000000\ttrue", Servers));
    }

    [Theory]
    [InlineData("007\tx\t1\ttrue", "(servers.tsv:2:1): column 'id' takes an integer, found \"007\"; a number has no leading zeros; declare the column as text to keep them")]
    [InlineData("1.0\tx\t1\ttrue", "(servers.tsv:2:1): column 'id' takes an integer, found \"1.0\"")]
    [InlineData("\tx\t1\ttrue", "(servers.tsv:2:1): column 'id' takes an integer, found \"\"")]
    [InlineData("1\tx\tfast\ttrue", "(servers.tsv:2:5): column 'load' takes a number, found \"fast\"")]
    [InlineData("1\tłx\t1\tTrue", "(servers.tsv:2:8): column 'up' takes true or false, found \"True\"")]
    public void A_misfit_is_an_error_with_its_place(string row, string message) =>
        Assert.Equal("CGS0109 " + message, _facts.Refusal("servers.tsv", $"1\tx\t1\ttrue\n{row}\n", Servers));

    [Fact]
    public void Numbers_that_are_too_large_are_errors()
    {
        Assert.Equal(
            "CGS0501 (p.facts:2:3): the integer 9223372036854775808 does not fit 64 bits; declare column 2 as text to keep it as written",
            _facts.Refusal("p.facts", "1\t1\n1\t9223372036854775808\n"));
        Assert.Equal(
            "CGS0501 (q.csv:2:1): the real -1e999 is too large for a 64-bit real; declare column 'x' as text to keep it as written",
            _facts.Refusal("q.csv", "x\n-1e999\n"));
    }

    [Fact]
    public void Another_width_is_an_error()
    {
        Assert.Equal("CGS0501 (p.facts:2:3): expected 3 fields as in the first row, found 2 fields", _facts.Refusal("p.facts", "1\t2\t3\n1\t2\n"));
        Assert.Equal("CGS0501 (p.facts:2:5): expected 2 fields as in the first row, found 4 fields", _facts.Refusal("p.facts", "1\t2\n1\t2\t3\t4\n"));
        Assert.Equal("CGS0501 (p.facts:1:1): expected 2 fields for p(a, b:int), found 1 field; fields stand between tabs",
            _facts.Refusal("p.facts", "1 2\n", FactsSandbox.Schema("p", ("a", ColumnType.Any), ("b", ColumnType.Int))));
        Assert.Equal("CGS0501 (q.csv:3:1): expected 2 fields as in the header, found 1 field", _facts.Refusal("q.csv", "a,b\n1,2\n\n"));
    }

    [Fact]
    public void An_empty_line_of_a_one_column_table_is_the_empty_text()
    {
        Assert.Equal("(\"\")\n(1)\n(\"\")", _facts.Rows("p.facts", "\n1\n\n"));
        Assert.Equal("(\"\")\n(1)\n(\"\")", _facts.Rows("q.csv", "x\r\n\r\n1\r\n\r\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void An_empty_file_has_no_rows(string content)
    {
        foreach (var name in (string[])["p.facts", "p.csv", "p.json", "p.jsonl"])
        {
            using var reader = _facts.File(name, content).Open(Servers);
            Assert.Equal(0, reader.Width);
            Assert.False(reader.Read());
        }
    }

    [Fact]
    public void The_width_is_known_before_the_first_row()
    {
        using var reader = _facts.File("p.tsv", "1\t2\t3\n").Open();
        Assert.Equal(3, reader.Width);
        Assert.True(reader.Read());
        Assert.Equal([Value.Of(1), Value.Of(2), Value.Of(3)], reader.Current.ToArray());
    }

    [Fact]
    public void A_header_without_rows_gives_no_rows() => Assert.Equal("", _facts.Rows("p.csv", "a,b\n"));

    [Fact]
    public void A_table_without_columns_has_a_row_of_parentheses()
    {
        var schema = new TableSchema("p", Array.Empty<Column>());
        Assert.Equal("()", _facts.Rows("p.facts", "()\n", schema));
        Assert.Equal("CGS0501 (p.facts:1:1): expected () in a table without columns, found \"x\"", _facts.Refusal("p.facts", "x\n", schema));
    }

    [Fact]
    public void Carriage_returns_count_only_before_a_line_feed() =>
        Assert.Equal("(1, 2)\n(3, \"4\\rx\")\n(\"5\\r\", 6)\n(7, \"8\\r\\r\")", _facts.Rows("p.tsv", "1\t2\r\n3\t4\rx\r\n5\r\t6\n7\t8\r\r\r\n"));

    [Fact]
    public void Columns_of_csv_are_matched_by_name() =>
        Assert.Equal("(1, \"2\", 0.5, true)", _facts.Rows("servers.csv", "up,load,name,id\ntrue,0.5,2,1\n", Servers));

    [Fact]
    public void Missing_and_extra_columns_are_reported_together() =>
        Assert.Equal(
            [
                "CGS0501 (servers.csv:1:1): the header lacks column 'name' of servers(id:int, name:text, load:real, up:bool); it has 'nme'; did you mean that?",
                "CGS0501 (servers.csv:1:1): servers(id:int, name:text, load:real, up:bool) has no column 'nme'; did you mean 'name'?",
            ],
            _facts.Refusal("servers.csv", "id,nme,load,up\n1,x,2,true\n", Servers).Split(Environment.NewLine));

    [Fact]
    public void A_header_names_each_column_once()
    {
        Assert.Equal("CGS0501 (p.csv:1:1): the header names column 'a' twice", _facts.Refusal("p.csv", "a,a\n"));
        Assert.Equal("CGS0501 (p.csv:1:1): column 2 of the header has no name", _facts.Refusal("p.csv", "a,\n"));
    }

    [Fact]
    public void A_quoted_field_is_a_text_unless_its_column_is_typed()
    {
        Assert.Equal("(\"12\", 12)", _facts.Rows("p.csv", "a,b\n\"12\",12\n"));
        Assert.Equal(
            "(12, \"12\")",
            _facts.Rows("p.csv", "a,b\n\"12\",\"12\"\n", FactsSandbox.Schema("p", ("a", ColumnType.Int), ("b", ColumnType.Any))));
    }

    [Fact]
    public void Quotes_hold_separators_line_breaks_and_doubled_quotes() =>
        Assert.Equal(
            "(\"a,b\", \"say \\\"hi\\\"\")\n(\"x\\r\\ny\", \"\")\n(\"\\\"\", \"\\\"\\\"\")",
            _facts.Rows("p.csv", "a,b\n\"a,b\",\"say \"\"hi\"\"\"\r\n\"x\r\ny\",\"\"\n\"\"\"\",\"\"\"\"\"\""));

    [Fact]
    public void Lines_stay_right_after_a_line_break_in_quotes() =>
        Assert.Equal(
            "CGS0501 (p.csv:5:5): expected 2 fields as in the header, found 3 fields",
            _facts.Refusal("p.csv", "a,b\n\"x\ny\nz\",2\n1,2,3\n"));

    [Theory]
    [InlineData("a\n5\" disk\n", "(p.csv:2:2): a quote inside a field that does not begin with one; put the whole field in quotes and double the quote")]
    [InlineData("a\n\"x\"y\n", "(p.csv:2:4): text after the closing quote of a field; double a quote that belongs to the field")]
    [InlineData("a\n1\n\"x\ny\n", "(p.csv:3:1): the quote that begins this field is never closed")]
    public void Broken_quotes_are_errors(string content, string message) =>
        Assert.Equal("CGS0501 " + message, _facts.Refusal("p.csv", content));

    [Fact]
    public void Quotes_are_ordinary_between_tabs() => Assert.Equal("(\"\\\"a\", \"b\\\"\")", _facts.Rows("p.tsv", "\"a\tb\"\n"));

    [Fact]
    public void A_byte_order_mark_is_not_part_of_the_first_field()
    {
        Assert.Equal("(1, 2)", _facts.Rows("p.tsv", "\uFEFF1\t2\n"));
        Assert.Equal("CGS0109 (p.tsv:1:1): column 'a' takes an integer, found \"x\"", _facts.Refusal("p.tsv", "\uFEFFx\n", FactsSandbox.Schema("p", ("a", ColumnType.Int))));
    }

    [Theory]
    [InlineData("p.tsv", "x\ty\nx\t")]
    [InlineData("p.csv", "x,y\nx,")]
    public void Bytes_that_are_not_utf8_are_an_error(string name, string before)
    {
        var message = _facts.Refusal(name, [.. Encoding.UTF8.GetBytes(before), 0xC3, 0x28, (byte)'\n']);
        Assert.StartsWith($"CGS0501 ({name}:2:3): column ", message, StringComparison.Ordinal);
        Assert.EndsWith("holds bytes that are not UTF-8; save the file as UTF-8", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_ten_thousand_fields_is_read_and_a_wider_one_refused()
    {
        var widest = string.Join('\t', Enumerable.Range(0, 10_000));
        Assert.Equal(10_000, FactsSandbox.ReadAll(_facts.File("p.tsv", widest)).Single().Count);
        Assert.Equal("CGS0501 (p.tsv:1:48891): the row has more than 10,000 fields", _facts.Refusal("p.tsv", widest + "\t1\n"));
        Assert.Equal("CGS0501 (p.tsv:2:3): expected 1 field as in the first row, found more than 10,000 fields", _facts.Refusal("p.tsv", $"1\n1\t{widest}\n"));
    }

    [Theory]
    [InlineData("p.tsv", "", "")]
    [InlineData("p.csv", "x\n", "")]
    [InlineData("p.csv", "x\n", "\"")]
    [InlineData("p.json", "[[", "\"")]
    [InlineData("p.jsonl", "[", "\"")]
    public void A_field_of_16_MiB_is_read_and_a_longer_one_refused(string name, string before, string quote)
    {
        const int Limit = 16 << 20;
        var after = quote + (name.EndsWith(".json", StringComparison.Ordinal) ? "]]" : name.EndsWith('l') ? "]" : "\n");
        var rows = FactsSandbox.ReadAll(_facts.File(name, before + quote + new string('x', Limit) + after));
        Assert.Equal(Limit, rows.Single()[0].AsText().Length);

        Assert.Contains("longer than 16 MiB", _facts.Refusal(name, before + quote + new string('x', Limit + 1) + after), StringComparison.Ordinal);
        Assert.Contains("longer than 16 MiB", _facts.Refusal(name, before + quote + new string('x', Limit + 600_000) + after), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_and_columns_are_right_beyond_the_first_window()
    {
        var schema = FactsSandbox.Schema("p", ("a", ColumnType.Text), ("b", ColumnType.Bool));
        var rows = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"server é {i}\ttrue\n"));
        Assert.Equal(100_000, FactsSandbox.ReadAll(_facts.File("p.tsv", rows), schema).Count);
        Assert.Equal(
            "CGS0109 (p.tsv:100001:4): column 'b' takes true or false, found \"x\"",
            _facts.Refusal("p.tsv", rows + "éé\tx\n", schema));

        var wide = string.Concat(Enumerable.Repeat("é\t", 9_999)) + "é\n";
        Assert.Equal(
            "CGS0501 (q.tsv:31:20001): expected 10000 fields as in the first row, found more than 10,000 fields",
            _facts.Refusal("q.tsv", string.Concat(Enumerable.Repeat(wide, 30)) + wide[..^1] + "\tx\n"));
    }

    [Fact]
    public void A_file_that_is_gone_is_an_error_of_facts()
    {
        var file = _facts.File("p.csv", "a\n1\n");
        File.Delete(file.Path);
        Assert.StartsWith("CGS0501 (p.csv): the file cannot be read: ", _facts.Refusal(() => file.Open()), StringComparison.Ordinal);
    }
}
