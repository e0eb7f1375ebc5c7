using System.Globalization;
using System.Text;
using Congress.Data;
using Congress.Datasources.Drivers.Files;
using Congress.Diagnostics;

namespace Congress.Tests.Datasources.Files;

public sealed class FactsPropertyTests : IDisposable
{
    private static readonly string[] Names = ["p.tsv", "p.csv", "p.json", "p.jsonl"];
    private static readonly string[] Pieces = ["", "x", "a b", "é", "😀", "\\", "'", "007", "12", "1.5", "true", "null", "()", "{", "[", "#", ";", "\u0001"];
    private static readonly string[] Awkward = ["\"", ",", "\n", "\r", "\t", "\r\n"];

    private readonly FactsSandbox _facts = new();

    public void Dispose() => _facts.Dispose();

    [Fact]
    public void What_is_written_is_read_back_under_its_schema()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var schema = RandomSchema(random);
            var rows = RandomRows(random, schema, Pieces);
            using (var writer = new FactsWriter(_facts.Path, "test", schema.Table))
            {
                rows.ForEach(row => writer.Write(row.AsSpan()));
                writer.Complete();
            }

            var file = Assert.Single(FactsFolder.Scan(_facts.Path).Files);
            Assert.Equal(rows, FactsSandbox.ReadAll(file, schema));
        }
    }

    [Fact]
    public void Csv_holds_every_text()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var schema = RandomSchema(random);
            var rows = RandomRows(random, schema, [.. Pieces, .. Awkward]);
            var content = string.Concat(
                rows.Select(row => row.Select(value => Quoted(value.ToPlainText())))
                    .Prepend(schema.Columns.Select(column => column.Name))
                    .Select(fields => string.Join(',', fields) + (random.Next(2) == 0 ? "\n" : "\r\n")));

            Assert.Equal(rows, FactsSandbox.ReadAll(_facts.File("t.csv", content), schema));
        }
    }

    [Fact]
    public void Json_holds_every_value()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var schema = RandomSchema(random);
            var rows = RandomRows(random, schema, [.. Pieces, .. Awkward]);
            var objects = rows.Select(row => "{" + string.Join(',', row.Select((value, i) => $"\"{schema.Columns[i].Name}\": {Json(value)}")) + "}").ToArray();

            Assert.Equal(rows, FactsSandbox.ReadAll(_facts.File("t.jsonl", string.Join('\n', objects)), schema));
            Assert.Equal(rows, FactsSandbox.ReadAll(_facts.File("u.json", $"[{string.Join(',', objects)}]")));
        }
    }

    [Fact]
    public void A_real_is_the_nearest_double()
    {
        var random = new Random(1);
        var fields = Enumerable.Range(0, 20_000)
            .Select(_ => Invariant($"{(random.Next(2) == 0 ? "-" : "")}{random.NextInt64(1L << random.Next(1, 63))}.{random.NextInt64(1L << random.Next(1, 50))}"))
            .ToArray();

        var rows = FactsSandbox.ReadAll(_facts.File("p.facts", string.Join('\n', fields)));

        Assert.Equal(fields.Select(field => Value.Of(double.Parse(field, CultureInfo.InvariantCulture))), rows.Select(row => row[0]));
    }

    [Fact]
    public void Where_the_window_ends_makes_no_difference()
    {
        // The window is 256 KiB: fillers around that length put every byte of the tail at its edge once.
        const string Tail = "12,\"a\"\"b\",\r\n-3,\"\r\n\",4.5\r\né,é,99";
        foreach (var length in Enumerable.Range((256 << 10) - 60, 70))
        {
            var content = $"a,b,c\n1,{new string('x', length)},2\n{Tail}";
            Assert.Equal(
                "(12, \"a\\\"b\", \"\")\n(-3, \"\\r\\n\", 4.5)\n(\"é\", \"é\", 99)",
                string.Join('\n', FactsSandbox.ReadAll(_facts.File("p.csv", content)).Skip(1)));
        }
    }

    [Fact]
    public void Random_bytes_are_rows_or_an_error_and_nothing_else()
    {
        var schema = FactsSandbox.Schema("p", ("a", ColumnType.Any), ("b", ColumnType.Int), ("c", ColumnType.Text));
        const string Alphabet = "ab019-.eE\t\t\n\r\n\r,\"\"{}[]:\\u d8 truefalsenull";
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(random.Next(2) == 0 ? 120 : 600)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(40) == 0 ? (byte)random.Next(256) : (byte)Alphabet[random.Next(Alphabet.Length)];
            }

            ReadOrRefuse(Names[seed % 4], bytes, random.Next(2) == 0 ? schema : null);
        }
    }

    [Fact]
    public void Damaged_files_are_rows_or_an_error_and_nothing_else()
    {
        var schema = FactsSandbox.Schema("p", ("a", ColumnType.Any), ("b", ColumnType.Int), ("c", ColumnType.Text));
        string[] contents =
        [
            "1\t2\té\r\nx\t3\t\n",
            "a,b,c\r\n1,\"2\",\"é\"\"\n\"\n,3,",
            """[{"a":1.5,"b":2,"c":"\u00e9x"}, {"c":"é","b":3,"a":null}]""",
            "{\"a\":1.5,\"b\":2,\"c\":\"\\ud83d\\ude00\"}\n{\"c\":\"é\",\"b\":3,\"a\":null}\n",
        ];
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var bytes = Encoding.UTF8.GetBytes(contents[seed % 4]).ToList();
            for (var damages = random.Next(1, 4); damages > 0; damages--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0: bytes.RemoveAt(at); break;
                    case 1: bytes.Insert(at, bytes[random.Next(bytes.Count)]); break;
                    default: bytes[at] = (byte)random.Next(256); break;
                }
            }

            ReadOrRefuse(Names[seed % 4], [.. bytes], random.Next(2) == 0 ? schema : null);
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static TableSchema RandomSchema(Random random) =>
        new("t", [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => new Column($"c{i}", (ColumnType)random.Next(1, 5)))]);

    private static List<Row> RandomRows(Random random, TableSchema schema, string[] pieces) =>
        [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => new Row([.. schema.Columns.Select(column => RandomValue(random, column.Type, pieces))]))];

    private static Value RandomValue(Random random, ColumnType type, string[] pieces) => type switch
    {
        ColumnType.Int => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
        ColumnType.Real => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
        ColumnType.Bool => random.Next(2) == 0,
        _ => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)])),
    };

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Json(Value value) =>
        value.Kind == ValueKind.Text ? $"\"{System.Text.Json.JsonEncodedText.Encode(value.AsText())}\"" : value.ToPlainText();

    private void ReadOrRefuse(string name, byte[] bytes, TableSchema? schema)
    {
        var file = _facts.File(name, bytes);
        try
        {
            _ = file.Columns();
            FactsSandbox.ReadAll(file, schema);
        }
        catch (PolicyException exception)
        {
            Assert.StartsWith(file.Path, exception.Diagnostics[0].Span.Source, StringComparison.Ordinal);
            Assert.InRange(exception.Diagnostics[0].Span.Line, 1, bytes.Length + 1);
        }
    }
}
