using System.Diagnostics;
using Congress.Data;
using Congress.Datasources;
using Congress.Datasources.Drivers.Sql;

namespace Congress.Tests.Datasources.Sql;

public sealed class SqlDriverTests : IDisposable
{
    private const string Endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS x FROM n";

    private readonly SqlSandbox _database = new("CREATE TABLE servers (id INTEGER, name TEXT); INSERT INTO servers VALUES (1, 'a'), (2, NULL), (2, NULL)");

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task A_query_is_a_table_with_its_columns()
    {
        var driver = _database.Make("""{"servers": "SELECT id, name AS title FROM servers", "many": "SELECT count(*) AS n FROM servers"}""");
        Assert.Equal("servers(id, title) many(n)", string.Join(' ', driver.Schema));
        Assert.Equal(["servers", "many"], driver.Groups.Select(group => group.Name));
        Assert.Equal("(1, \"a\") (2, null)", await Rows(driver, "servers"));
        Assert.Equal("(3)", Configured.Rows(await driver.ReadAsync(), "many"));
    }

    [Fact]
    public async Task Configured_columns_name_those_of_the_query_in_order()
    {
        var driver = _database.Make("""{"servers": {"query": "SELECT id, id = 1, id FROM servers", "columns": ["number:int", "first:bool", "size:real"], "lazy": true}}""");
        Assert.Equal("servers(number:int, first:bool, size:real)", Assert.Single(driver.Schema).ToString());
        Assert.True(Assert.Single(driver.Groups).IsLazy);
        Assert.Equal("(1, true, 1.0) (2, false, 2.0)", await Rows(driver, "servers"));
    }

    [Theory]
    [InlineData("NULL", "null")]
    [InlineData("1", "1")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("1.0", "1.0")]
    [InlineData("9e999", "\"Infinity\"")]
    [InlineData("'1'", "\"1\"")]
    [InlineData("'é'", "\"é\"")]
    [InlineData("''", "\"\"")]
    [InlineData("x'00FF1a'", "\"00ff1a\"")]
    [InlineData("x''", "\"\"")]
    [InlineData("'2026-01-31T12:00:00Z'", "\"2026-01-31T12:00:00Z\"")]
    public async Task A_field_keeps_its_kind(string field, string literal) =>
        Assert.Equal($"({literal})", await Rows(_database.Make($$"""{"p": "SELECT {{field}} AS x"}"""), "p"));

    [Fact]
    public async Task What_was_changed_is_read_the_next_time()
    {
        var driver = _database.Make("""{"servers": "SELECT id FROM servers"}""");
        Assert.Equal("(1) (2)", await Rows(driver, "servers"));
        _database.Run("INSERT INTO servers VALUES (3, 'c'); DELETE FROM servers WHERE id = 1");
        Assert.Equal("(2) (3)", await Rows(driver, "servers"));
    }

    [Fact]
    public async Task A_missing_file_is_an_error_and_not_made()
    {
        var path = _database.Path + ".none";
        var driver = _database.Make("""{"p": {"query": "SELECT 1", "columns": ["x"]}}""", path: path);
        Assert.Equal("table 'p': SQLite Error 14: 'unable to open database file'.", await Refusal(driver, "p"));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_wrong_query_is_an_error_of_its_table_alone()
    {
        var driver = _database.Make("""{"p": {"query": "SELECT id FROM server", "columns": ["x"]}, "q": "SELECT 1 AS x"}""");
        Assert.Equal("table 'p': SQLite Error 1: 'no such table: server'.", await Refusal(driver, "p"));
        Assert.Equal("(1)", await Rows(driver, "q"));
        Assert.Equal("table 'p': SQLite Error 1: 'no such table: server'.", Configured.Refusal(() => _database.Make("""{"p": "SELECT id FROM server"}""")));
    }

    [Fact]
    public async Task Columns_that_change_are_an_error()
    {
        var driver = _database.Make("""{"servers": "SELECT * FROM servers", "two": {"query": "SELECT * FROM servers", "columns": ["a", "b"]}}""");
        _database.Run("ALTER TABLE servers RENAME COLUMN name TO title");
        Assert.Equal("table 'servers': the query has 2 columns (id, title), expected the 2 of servers(id, name)", await Refusal(driver, "servers"));
        Assert.Equal("(1, \"a\") (2, null)", await Rows(driver, "two"));
        _database.Run("ALTER TABLE servers ADD COLUMN zone TEXT");
        Assert.Equal("table 'two': the query has 3 columns (id, title, zone), expected the 2 of two(a, b)", await Refusal(driver, "two"));
    }

    [Fact]
    public async Task A_field_of_another_type_is_an_error_with_its_row() => Assert.Equal(
        "table 'p', row 2: column 'x' takes an integer, found \"b\"",
        await Refusal(_database.Make("""{"p": {"query": "SELECT 1 UNION ALL SELECT 'b'", "columns": ["x:int"]}}"""), "p"));

    [Fact]
    public async Task A_query_has_so_many_rows_and_no_more()
    {
        Assert.Equal("(1) (2)", await Rows(_database.Make("""{"p": "SELECT id AS x FROM servers"}""", ", \"max_rows\": 2"), "p"));
        Assert.Equal("table 'p' has more than 1 rows", await Refusal(_database.Make("""{"p": "SELECT id AS x FROM servers"}""", ", \"max_rows\": 1"), "p"));
    }

    [Fact]
    public async Task A_locked_file_is_an_error_soon_and_read_when_it_is_free()
    {
        var driver = _database.Make("""{"servers": "SELECT id FROM servers"}""");
        using (var other = _database.Open())
        {
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
            var began = Stopwatch.GetTimestamp();
            Assert.Equal("table 'servers': SQLite Error 5: 'database is locked'.", await Refusal(driver, "servers"));
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }

        Assert.Equal("(1) (2)", await Rows(driver, "servers"));
    }

    [Fact]
    public async Task A_slow_query_is_stopped()
    {
        var driver = _database.Make($$"""{"p": {"query": "{{Endless}}", "columns": ["x"]}, "q": "SELECT 1 AS x"}""");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Configured.ReadGroupAsync(driver, "p", stop.Token));
        Assert.Equal("(1)", await Rows(driver, "q"));
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_given_up()
    {
        var driver = _database.Make($$"""{"p": {"query": "{{Endless}}", "columns": ["x"]} }""", ", \"timeout\": 0.2");
        Assert.Equal("table 'p': no answer within 0.2 s", await Refusal(driver, "p"));
        Assert.Equal("table 'p': no answer within 0.2 s", Configured.Refusal(() => _database.Make($$"""{"p": "{{Endless}}"}""", ", \"timeout\": 0.2")));
    }

    [Fact]
    public async Task A_query_changes_nothing()
    {
        const string Delete = """{"p": {"query": "DELETE FROM servers RETURNING id", "columns": ["x"]}, "q": "SELECT count(*) AS n FROM servers"}""";
        Assert.Equal("table 'p': SQLite Error 8: 'attempt to write a readonly database'.", await Refusal(_database.Make(Delete), "p"));
        var writer = _database.Make(Delete, """, "actions": {"a": {"statement": "SELECT 1"}}""");
        Assert.Equal("(1) (2)", await Rows(writer, "p"));
        Assert.Equal("(3)", await Rows(writer, "q"));
    }

    [Fact]
    public async Task Another_provider_is_found_by_its_name()
    {
        System.Data.Common.DbProviderFactories.RegisterFactory("congress_test", Microsoft.Data.Sqlite.SqliteFactory.Instance);
        Assert.Equal("(3)", await Rows(_database.Make("""{"p": "SELECT count(*) AS n FROM servers"}""", """, "provider": "congress_test" """), "p"));
        Assert.StartsWith("there is no provider 'nosuch'; there are sqlite, ", Configured.Refusal(() => _database.Make("{}", """, "provider": "nosuch" """)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_any_provider_keeps_what_actions_do_and_nothing_of_queries()
    {
        await using var driver = new SqlDriver(
            new PlainSource($"Data Source={_database.Path};Pooling=False"),
            [new(new("p", "x"), "DELETE FROM servers RETURNING id"), new(new("n", "n"), "SELECT count(*) FROM servers")],
            [new(new("drop_server", [new("id")], ""), "DELETE FROM servers WHERE id = @id")]);
        Assert.Equal("(1) (2)", await Rows(driver, "p"));
        Assert.Equal("(3)", await Rows(driver, "n"));
        await driver.ExecuteAsync(new("drop_server", [Value.Of(2)], new Dictionary<string, Value>(), "key"));
        Assert.Equal("(1)", await Rows(driver, "n"));
    }

    [Theory]
    [InlineData("""{"connection": "secret", "tables": {}}""", "provider 'sqlite' does not understand the connection string (ArgumentException)")]
    [InlineData("""{"connection": "", "tables": {}}""", "option 'connection' of datasource 'source' is missing; expected a text")]
    [InlineData("""{"connection": "Data Source=x", "tables": {"p": 5}}""", "option 'tables.p' of datasource 'source' is 5; expected an object with query, columns, lazy")]
    [InlineData("""{"connection": "Data Source=x", "tables": {"p": {"columns": ["x"]}}}""", "option 'tables.p.query' of datasource 'source' is missing; expected a text")]
    [InlineData("""{"connection": "Data Source=x", "tables": {}, "actions": {"a": {"statement": "x", "promise": "twice"}}}""", "option 'actions.a.promise' of datasource 'source' is \"twice\"; expected at_most_once, at_least_once or keyed")]
    [InlineData("""{"connection": "Data Source=x", "tables": {}, "actions": {"a": {"statement": "x", "parameters": ["id", "id"]}}}""", "option 'actions.a.parameters' of datasource 'source' has 'id'; expected distinct names other than call_key")]
    public void A_configuration_that_makes_no_sense_is_refused(string options, string message) =>
        Assert.Equal(message, Configured.Refusal(() => new SqlDriverFactory().Create(Configured.Settings(options))));

    [Theory]
    [InlineData("""{"p": "SELECT 1 AS x, 2 AS x"}""", "table 'p': column 'x' stands twice")]
    [InlineData("""{"p": "CREATE TEMP TABLE t (x)"}""", "table 'p': the query has no columns")]
    public void Columns_of_a_query_need_good_names(string tables, string message) => Assert.Equal(message, Configured.Refusal(() => _database.Make(tables)));

    private static async Task<string> Rows(SqlDriver driver, string table) => Configured.Rows(await Configured.ReadGroupAsync(driver, table), table);

    private static Task<string> Refusal(SqlDriver driver, string table) => Configured.RefusalAsync(() => Configured.ReadGroupAsync(driver, table));
}
