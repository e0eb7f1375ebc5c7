using System.Text.Json;
using Congress.Datasources;
using Congress.Datasources.Drivers.Files;

namespace Congress.Tests.Datasources.Files;

public sealed class FilesDriverTests : IDisposable
{
    private static readonly DateTime Past = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly FactsSandbox _facts = new();

    public void Dispose() => _facts.Dispose();

    [Fact]
    public async Task Each_file_of_a_folder_is_a_table()
    {
        Write("servers.csv", "id,name\n1,a\n2,b\n");
        Write("ports.tsv", "1\tx\n");
        Write("edges.facts", "1\t2\n2\t3\n");
        Write("volumes.json", """[{"id": 1, "size": 1.5}]""");
        Write("events.jsonl", "[1, true]\n");
        Write("README.md", "nothing");
        Write("other/p.csv", "x\n1\n");
        var driver = Folder();
        Assert.Equal(
            "edges(c0, c1), events(c0, c1), ports(c0, c1), servers(id, name), volumes(id, size)", string.Join(", ", driver.Schema));
        Assert.Equal(driver.Schema.Select(t => t.Table), driver.Groups.Select(g => Assert.Single(g.Tables)));
        var tables = await driver.ReadAsync();
        Assert.Equal("(1, \"a\") (2, \"b\")", Configured.Rows(tables, "servers"));
        Assert.Equal("(1, 2) (2, 3)", Configured.Rows(tables, "edges"));
        Assert.Equal("(1, 1.5)", Configured.Rows(tables, "volumes"));
        Assert.Equal("(1, true)", Configured.Rows(tables, "events"));
    }

    [Fact]
    public async Task Files_are_listed_or_named_after_tables()
    {
        Write("a.csv", "x\n1\n");
        Write("no table.csv", "x\n2\n");
        Assert.Equal("(1)", Configured.Rows(await Make($$"""{"files": [{{PathOf("a.csv")}}]}""").ReadAsync(), "a"));
        Assert.Equal("(2)", Configured.Rows(await Make($$"""{"files": {"b": {{PathOf("no table.csv")}} } }""").ReadAsync(), "b"));
    }

    [Fact]
    public async Task Declared_columns_are_matched_by_name_and_their_types_checked()
    {
        Write("servers.csv", "name,id\n7,1\n");
        var driver = Folder("""{"servers": ["id:int", "name:text"]}""");
        Assert.Equal("(1, \"7\")", Configured.Rows(await driver.ReadAsync(), "servers"));
        Write("servers.csv", "name,id\n7,1\n8,x\n");
        Assert.EndsWith("servers.csv:3:3): column 'id' takes an integer, found \"x\"", await Refusal(driver, "servers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_read_again()
    {
        Write("p.csv", "x\n1\n");
        var driver = Folder();
        Assert.Equal("(1)", await Rows(driver, "p"));
        Assert.Null(await Configured.ReadGroupAsync(driver, "p"));
        Write("p.csv", "x\n2\n", Past.AddSeconds(1));
        Assert.Equal("(2)", await Rows(driver, "p"));
        Assert.Null(await Configured.ReadGroupAsync(driver, "p"));
        Assert.Equal("(2)", Configured.Rows(await driver.ReadAsync(), "p"));
    }

    [Fact]
    public async Task A_file_that_was_written_just_now_may_be_written_again_unseen_and_is_read_again()
    {
        Write("p.csv", "x\n1\n", TimeProvider.System.GetUtcNow().UtcDateTime);
        var driver = Folder();
        Assert.Equal("(1)", await Rows(driver, "p"));
        Assert.Equal("(1)", await Rows(driver, "p"));
    }

    [Fact]
    public async Task A_file_that_another_took_the_place_of_is_read()
    {
        Write("p.csv", "x\n1\n");
        var driver = Folder();
        Assert.Equal("(1)", await Rows(driver, "p"));
        Write("p.new", "x\n22\n");
        File.Move(Path.Join(_facts.Path, "p.new"), Path.Join(_facts.Path, "p.csv"), overwrite: true);
        Assert.Equal("(22)", await Rows(driver, "p"));
    }

    [Fact]
    public async Task A_half_written_file_fails_with_its_place_until_it_is_whole()
    {
        Write("p.json", "[[1],\n[2]]");
        var driver = Folder();
        Assert.Equal("(1) (2)", await Rows(driver, "p"));
        Write("p.json", "[[1],\n[2],\n[", Past.AddSeconds(1));
        Assert.Contains("p.json:3:2): not valid JSON", await Refusal(driver, "p"), StringComparison.Ordinal);
        Assert.Contains("p.json:3:2): not valid JSON", await Refusal(driver, "p"), StringComparison.Ordinal);
        Write("p.json", "[[1],\n[2],\n[3]]", Past.AddSeconds(2));
        Assert.Equal("(1) (2) (3)", await Rows(driver, "p"));
    }

    [Theory]
    [InlineData("p.csv", "x\n1\n", "its header")]
    [InlineData("p.json", "[[1]]", "[]")]
    public async Task A_file_that_was_only_begun_is_not_an_empty_table(string name, string content, string expected)
    {
        Write(name, content);
        var driver = Folder();
        Write(name, "", Past.AddSeconds(1));
        Assert.EndsWith($"{name} is empty; a file without rows has {expected}", await Refusal(driver, "p"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_deleted_fails_and_comes_back()
    {
        Write("p.csv", "x\n1\n");
        var driver = Folder();
        Assert.Equal("(1)", await Rows(driver, "p"));
        File.Delete(Path.Join(_facts.Path, "p.csv"));
        Assert.StartsWith("there is no file of table 'p' in ", await Refusal(driver, "p"), StringComparison.Ordinal);
        Write("p.jsonl", "{\"x\": 2}\n");
        Assert.Equal("(2)", await Rows(driver, "p"));
        Write("p.csv", "x\n1\n");
        Assert.StartsWith("table 'p' has more than one file: ", await Refusal(driver, "p"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_file_that_fails_leaves_the_others_alone()
    {
        Write("p.csv", "x\n1\n");
        Write("q.csv", "x\n1\n");
        var driver = Folder();
        Write("q.csv", "x\n1,2\n", Past.AddSeconds(1));
        Assert.Contains("q.csv:2:3): expected 1 field as in the header, found 2 fields", await Refusal(driver, "q"), StringComparison.Ordinal);
        Assert.Equal("(1)", await Rows(driver, "p"));
    }

    [Fact]
    public async Task A_declared_table_may_get_its_file_later()
    {
        var driver = Folder("""{"p": ["x"]}""");
        Assert.StartsWith("there is no file of table 'p' in ", await Refusal(driver, "p"), StringComparison.Ordinal);
        Write("p.facts", "1\n");
        Assert.Equal("(1)", await Rows(driver, "p"));
    }

    [Fact]
    public async Task Columns_that_a_file_told_are_matched_by_name_later()
    {
        Write("p.json", """[{"a": 1, "b": 2}]""");
        var driver = Folder();
        Write("p.json", """[{"b": 4, "a": 3}, {"b": 5}]""", Past.AddSeconds(1));
        Assert.Equal("(null, 5) (3, 4)", await Rows(driver, "p"));
        Write("p.json", """[{"b": 4, "c": 3}]""", Past.AddSeconds(2));
        Assert.EndsWith("p.json has columns b, c, expected those of p(a, b), as when the datasource was made", await Refusal(driver, "p"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_width_is_an_error()
    {
        Write("p.tsv", "1\t2\n");
        var driver = Folder();
        Write("p.tsv", "1\t2\t3\n", Past.AddSeconds(1));
        Assert.EndsWith("p.tsv has 3 columns, expected 2 for p(c0, c1)", await Refusal(driver, "p"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_left_to_settle_once_it_was_read()
    {
        var time = new ManualTime();
        Write("p.csv", "x\n1\n", Past);
        var driver = Make($$"""{"folder": {{PathOf("")}}, "settle": 10}""", time);
        Assert.Equal("(1)", await Rows(driver, "p"));
        Write("p.csv", "x\n2\n", time.GetUtcNow().UtcDateTime.AddSeconds(-4));
        Assert.Null(await Configured.ReadGroupAsync(driver, "p"));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("(2)", await Rows(driver, "p"));
    }

    [Fact]
    public async Task A_file_with_too_many_rows_is_refused()
    {
        Write("p.csv", "x\n1\n2\n3\n3\n");
        Assert.Equal("(1) (2) (3)", await Rows(Make($$"""{"folder": {{PathOf("")}}, "max_rows": 3}"""), "p"));
        Assert.EndsWith("p.csv has more than 2 rows", await Refusal(Make($$"""{"folder": {{PathOf("")}}, "max_rows": 2}"""), "p"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_can_be_stopped()
    {
        Write("p.csv", "x\n1\n");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Folder().ReadAsync(new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("{}", "Missing required config options: folder or files")]
    [InlineData("""{"files": ["a/b.csv", "c/b.json"]}""", "option 'files' of datasource 'source' has two files of table 'b'")]
    [InlineData("""{"files": ["a-b.csv"]}""", "option 'files' of datasource 'source': 'a-b' cannot name a table; a name is a letter or underscore, then letters, digits and underscores, with single dots between, or write an object with the file of each table")]
    [InlineData("""{"files": {"b": 5}}""", "option 'files' of datasource 'source' is 5; expected the path of a file for table 'b'")]
    [InlineData("""{"files": ["nowhere/b.csv"]}""", "nowhere/b.csv")]
    [InlineData("""{"files": ["b.xml"]}""", "b.xml has no extension of facts; there are .csv, .tsv, .facts, .json and .jsonl")]
    [InlineData("""{"folder": "no such folder"}""", "there is no such folder of facts")]
    public void A_configuration_that_makes_no_sense_is_refused(string options, string message) =>
        Assert.Contains(message, Configured.Refusal(() => new FilesDriverFactory().Create(Configured.Settings(options))), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_does_not_tell_its_columns_needs_them_declared()
    {
        Write("p.tsv", "");
        Assert.EndsWith("p.tsv does not tell its columns; declare them in option 'tables'", Configured.Refusal(() => Folder()), StringComparison.Ordinal);
        Assert.Single(Folder("""{"p": ["x"]}""").Schema);
    }

    private FilesDriver Folder(string tables = "{}") => Make($$"""{"folder": {{PathOf("")}}, "tables": {{tables}} }""");

    private static FilesDriver Make(string options, TimeProvider? time = null) => Configured.Make<FilesDriver>(new FilesDriverFactory(), options, time);

    private static async Task<string> Rows(FilesDriver driver, string table) => Configured.Rows(await Configured.ReadGroupAsync(driver, table), table);

    private static Task<string> Refusal(FilesDriver driver, string table) => Configured.RefusalAsync(() => Configured.ReadGroupAsync(driver, table));

    private string PathOf(string name) => $"\"{JsonEncodedText.Encode(Path.Join(_facts.Path, name))}\"";

    private void Write(string name, string content, DateTime? written = null)
    {
        var path = Path.Join(_facts.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, written ?? Past);
    }
}
