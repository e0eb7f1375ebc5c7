using Congress.Actions;
using Congress.Data;
using Congress.Datasources.Drivers.Sql;
using Congress.Datasources;

namespace Congress.Tests.Datasources.Sql;

public sealed class SqlActionTests : IDisposable
{
    private const string Actions = """
        , "actions": {
            "rename": {"statement": "UPDATE servers SET name = @name WHERE id = @id", "parameters": ["id", "name"], "promise": "at_least_once", "description": "gives a server a name"},
            "log": {"statement": "INSERT INTO log VALUES (@call_key, @text) ON CONFLICT DO NOTHING", "parameters": ["text"], "promise": "keyed"},
            "broken": {"statement": "UPDATE nowhere SET x = 1"},
            "lacks": {"statement": "DELETE FROM servers WHERE id = @id"},
            "endless": {"statement": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) INSERT INTO servers SELECT count(*), 1 FROM n"}
        }
        """;

    private readonly SqlSandbox _database = new("CREATE TABLE servers (id INTEGER, name TEXT UNIQUE); CREATE TABLE log (key TEXT PRIMARY KEY, text); INSERT INTO servers VALUES (1, 'a'), (2, 'b')");

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Actions_say_what_they_take_and_promise()
    {
        var actions = Make().Actions;
        Assert.Equal(["rename", "log", "broken", "lacks", "endless"], actions.Select(action => action.Name));
        Assert.Equal(["id", "name"], actions[0].Parameters.Select(parameter => parameter.Name));
        Assert.Equal("gives a server a name", actions[0].Description);
        Assert.Equal([ActionPromise.AtLeastOnce, ActionPromise.Keyed, ActionPromise.AtMostOnce], actions.Take(3).Select(action => action.Promise));
    }

    [Fact]
    public async Task Arguments_are_parameters_and_never_part_of_the_statement()
    {
        var driver = Make();
        await driver.ExecuteAsync(Call("rename", [1, "x' WHERE 1 = 1; --"]));
        Assert.Equal("(1, \"x' WHERE 1 = 1; --\") (2, \"b\")", await Servers(driver));
    }

    [Fact]
    public async Task Arguments_come_by_position_and_by_name()
    {
        var driver = Make();
        await driver.ExecuteAsync(Call("rename", [1], ("name", Value.Null)));
        await driver.ExecuteAsync(Call("rename", [], ("name", 2.5), ("id", 2)));
        Assert.Equal("(1, null) (2, \"2.5\")", await Servers(driver));
    }

    [Fact]
    public async Task A_keyed_statement_has_the_key()
    {
        var driver = Make();
        await driver.ExecuteAsync(Call("log", ["once"]));
        await driver.ExecuteAsync(Call("log", ["once"]));
        Assert.Equal("(\"key\", \"once\")", Configured.Rows(await Configured.ReadGroupAsync(driver, "log"), "log"));
    }

    [Fact]
    public async Task What_the_database_refuses_was_not_done()
    {
        Assert.Equal("action 'broken': SQLite Error 1: 'no such table: nowhere'.", await Refusal(Call("broken", [])));
        Assert.Equal("action 'rename': SQLite Error 19: 'UNIQUE constraint failed: servers.name'.", await Refusal(Call("rename", [1, "b"])));
        Assert.StartsWith("action 'lacks': Must add values for the following parameters: ", await Refusal(Call("lacks", [])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_are_refused()
    {
        Assert.Equal("there is no action 'drop'; there are rename, log, broken, lacks, endless", await Refusal(Call("drop", [])));
        Assert.Equal("action 'rename' lacks argument 'name'", await Refusal(Call("rename", [1])));
        Assert.Equal("action 'rename' takes 2 arguments, found 3", await Refusal(Call("rename", [1, 2, 3])));
        Assert.Equal("action 'rename' has no argument 'nme'; it has id, name", await Refusal(Call("rename", [1], ("nme", 1))));
        Assert.Equal("action 'rename': argument 'id' is given twice", await Refusal(Call("rename", [1], ("id", 1))));
        Assert.Equal("there is no action 'a'; there are none", await Configured.RefusalAsync(() => _database.Make("{}").ExecuteAsync(Call("a", [])).AsTask()));
    }

    [Fact]
    public async Task A_statement_that_is_stopped_was_not_done()
    {
        var driver = Make(", \"timeout\": 0.3");
        Assert.Equal("action 'endless': no answer within 0.3 s", await Configured.RefusalAsync(() => driver.ExecuteAsync(Call("endless", [])).AsTask()));
        Assert.Equal("(1, \"a\") (2, \"b\")", await Servers(Make()));
    }

    [Fact]
    public async Task A_locked_file_was_not_written()
    {
        using var other = _database.Open();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        Assert.Equal("action 'rename': SQLite Error 5: 'database is locked'.", await Refusal(Call("rename", [1, "c"])));
    }

    private static DriverCall Call(string action, Value[] positional, params (string Name, Value Value)[] named) =>
        new(action, positional, named.ToDictionary(argument => argument.Name, argument => argument.Value), "key");

    private SqlDriver Make(string more = "") => _database.Make("""{"servers": "SELECT * FROM servers", "log": "SELECT * FROM log"}""", Actions + more);

    private async Task<string> Refusal(DriverCall call) => await Configured.RefusalAsync(() => Make().ExecuteAsync(call).AsTask());

    private static async Task<string> Servers(SqlDriver driver) => Configured.Rows(await Configured.ReadGroupAsync(driver, "servers"), "servers");
}
