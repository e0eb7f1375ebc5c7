using Congress.Datasources;
using Congress.Datasources.Drivers.Webhook;

namespace Congress.Tests.Datasources.Webhook;

public sealed class WebhookDriverTests
{
    private const string Alarms = """
        {"tables": {"alarms": {"columns": ["id:int", "state"], "key": ["id"], "time_to_live": 60, "max_rows": 3}, "hosts": {"columns": ["name"]}}}
        """;

    private readonly ManualTime _time = new();
    private readonly WebhookDriver _driver;

    public WebhookDriverTests() => _driver = Make(Alarms);

    [Fact]
    public async Task Items_come_to_the_rows_and_take_the_place_of_their_key()
    {
        Assert.Equal("(1, \"up\") (2, \"up\")", await Alarm("""{"alarms": [{"id": 1, "state": "up"}, {"id": 2, "state": "up"}]}"""));
        Assert.Equal("(1, \"down\") (2, \"up\")", await Alarm("""{"operation": "add", "alarms": {"id": 1, "state": "down"}}"""));
    }

    [Fact]
    public async Task Items_take_the_place_of_all_rows()
    {
        await Alarm("""{"alarms": [{"id": 1}, {"id": 2}]}""");
        Assert.Equal("(3, null)", await Alarm("""{"operation": "replace", "alarms": [{"id": 3}]}"""));
        Assert.Equal("", await Alarm("""{"operation": "replace", "alarms": []}"""));
    }

    [Fact]
    public async Task Rows_go_by_their_key_alone()
    {
        await Alarm("""{"alarms": [{"id": 1, "state": "up"}, {"id": 2}]}""");
        Assert.Equal("(2, null)", await Alarm("""{"operation": "remove", "alarms": [{"id": 1, "state": {"any": 1}}, {"id": 7}]}"""));
    }

    [Fact]
    public async Task Without_a_key_rows_go_by_all_columns()
    {
        Assert.Equal("(\"a\") (\"b\")", Configured.Rows(await Send("""{"hosts": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}"""), "hosts"));
        Assert.Equal("(\"b\")", Configured.Rows(await Send("""{"operation": "remove", "hosts": {"name": "a"}}"""), "hosts"));
    }

    [Fact]
    public async Task A_message_changes_all_tables_of_which_it_says_something()
    {
        var tables = await Send("""{"alarms": {"id": 1}, "hosts": {"name": "a"}}""");
        Assert.Equal(["alarms", "hosts"], tables.Keys.Order());
        Assert.Equal(["hosts"], (await Send("""{"hosts": {"name": "b"}}""")).Keys);
    }

    [Fact]
    public async Task A_message_that_makes_no_sense_changes_nothing()
    {
        await Assert.ThrowsAsync<DriverException>(() => Send("""{"hosts": {"name": "a"}, "alarms": [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}]}"""));
        await Assert.ThrowsAsync<DriverException>(() => Send("""{"hosts": {"name": "a"}, "alarms": [{"id": "x"}]}"""));
        Assert.Null(await Configured.ReadGroupAsync(_driver, "hosts"));
        Assert.Null(await Configured.ReadGroupAsync(_driver, "alarms"));
    }

    [Theory]
    [InlineData("""{"alarms": [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}]}""", "table 'alarms' would have 4 rows, and takes 3")]
    [InlineData("""{"alarms": [{"id": 1}, {"state": 2}]}""", "table 'alarms', item at '/alarms[1]': there is nothing at 'id' for column 'id', which is of the key")]
    [InlineData("""{"alarms": {"id": 1.5}}""", "table 'alarms', item at '/alarms': column 'id' takes an integer, found 1.5")]
    [InlineData("""{"alarms": [5]}""", "table 'alarms', item at '/alarms[0]': expected an object, found a number")]
    [InlineData("""{"operation": "drop", "alarms": []}""", "the operation at 'operation' is \"drop\"; expected add, replace or remove")]
    [InlineData("""{"operation": 5, "alarms": []}""", "the operation at 'operation' is 5; expected add, replace or remove")]
    [InlineData("""{"servers": []}""", "the message says nothing of any table; expected items at '/alarms' or '/hosts'")]
    [InlineData("5", "the message says nothing of any table; expected items at '/alarms' or '/hosts'")]
    public async Task What_is_wrong_is_told_with_its_place(string message, string told) => Assert.Equal(told, await Configured.RefusalAsync(() => Send(message)));

    [Fact]
    public async Task A_row_goes_at_its_time_unless_it_is_brought_again()
    {
        await Alarm("""{"alarms": [{"id": 1}, {"id": 2}]}""");
        _time.Advance(TimeSpan.FromSeconds(40));
        await Alarm("""{"alarms": [{"id": 1}, {"id": 3}]}""");
        Assert.Equal("(1, null) (2, null) (3, null)", Configured.Rows(await Configured.ReadGroupAsync(_driver, "alarms"), "alarms"));
        Assert.Null(await Configured.ReadGroupAsync(_driver, "alarms"));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("(1, null) (3, null)", Configured.Rows(await Configured.ReadGroupAsync(_driver, "alarms"), "alarms"));
        Assert.Null(await Configured.ReadGroupAsync(_driver, "alarms"));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("(4, null)", await Alarm("""{"alarms": {"id": 4}}"""));
    }

    [Fact]
    public async Task Rows_that_are_gone_leave_room()
    {
        await Alarm("""{"alarms": [{"id": 1}, {"id": 2}, {"id": 3}]}""");
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("(4, null)", await Alarm("""{"alarms": {"id": 4}}"""));
    }

    [Fact]
    public async Task A_pushed_table_is_where_messages_go_on_from()
    {
        Assert.Equal("(1, \"up\") (2, null)", Configured.Rows(_driver.Translate("alarms", Configured.Json("""[[1, "up"], {"id": 2}]""")), "alarms"));
        Assert.Equal("(1, \"up\") (2, null) (3, null)", await Alarm("""{"alarms": {"id": 3}}"""));
        Assert.Contains("no column 'x'", Configured.Refusal(() => _driver.Translate("alarms", Configured.Json("""[{"x": 1}]"""))), StringComparison.Ordinal);
        Assert.Equal("there is no table 'other' to push; there are alarms, hosts", Configured.Refusal(() => _driver.Translate("other", Configured.Json("[]"))));
    }

    [Fact]
    public async Task A_whole_reading_has_every_table()
    {
        await Alarm("""{"alarms": {"id": 1}}""");
        var tables = await ((IDatasourceDriver)_driver).ReadAsync();
        Assert.Equal("(1, null)", Configured.Rows(tables, "alarms"));
        Assert.Equal("", Configured.Rows(tables, "hosts"));
    }

    [Fact]
    public async Task The_words_and_places_of_a_system_are_configured()
    {
        var driver = Make("""
            {"tables": {"vitrage": {
                "columns": {"id": "vitrage_id", "name": "resource.name", "first": "/labels/app.name/0", "state:text": "state"},
                "key": ["id"], "items": "payload", "operation": "notification",
                "operations": {"vitrage.alarm.activate": "add", "vitrage.alarm.deactivate": "remove"}}}}
            """);
        const string Payload = """{"vitrage_id": "a1", "resource": {"name": "vm"}, "labels": {"app.name": ["x", "y"]}, "state": "on"}""";
        Assert.Equal("vitrage(id, name, first, state:text)", Assert.Single(driver.Schema).ToString());
        Assert.Equal("(\"a1\", \"vm\", \"x\", \"on\")", Configured.Rows(await driver.ReceiveAsync(Configured.Json($$"""{"notification": "vitrage.alarm.activate", "payload": {{Payload}} }""")), "vitrage"));
        Assert.Empty(await driver.ReceiveAsync(Configured.Json($$"""{"notification": "vitrage.resource.update", "payload": {{Payload}} }""")));
        Assert.Equal("", Configured.Rows(await driver.ReceiveAsync(Configured.Json($$"""{"notification": "vitrage.alarm.deactivate", "payload": {{Payload}} }""")), "vitrage"));
    }

    [Fact]
    public async Task The_message_itself_may_be_the_items()
    {
        var driver = Make("""{"tables": {"p": {"columns": ["x"], "items": ""}}}""");
        Assert.Equal("(1)", Configured.Rows(await driver.ReceiveAsync(Configured.Json("""{"x": 1}""")), "p"));
        Assert.Equal("(1) (2)", Configured.Rows(await driver.ReceiveAsync(Configured.Json("""[{"x": 2}]""")), "p"));
    }

    [Theory]
    [InlineData("""{"p": 5}""", "option 'tables.p' of datasource 'source' is 5; expected an object with columns, key, items, operation, operations, time_to_live, max_rows")]
    [InlineData("""{"p": {"colums": []}}""", "option 'tables.p' of datasource 'source' takes no 'colums'; it takes columns, key, items, operation, operations, time_to_live, max_rows")]
    [InlineData("""{"p": {}}""", "option 'tables.p.columns' of datasource 'source' is missing; write each column as NAME or NAME:TYPE, of type any, text, int, real or bool")]
    [InlineData("""{"p": {"columns": {"x": 5}}}""", "option 'tables.p.columns' of datasource 'source' is 5; expected a path for column 'x'")]
    [InlineData("""{"p": {"columns": ["x"], "key": ["y"]}}""", "option 'tables.p.key' of datasource 'source' has 'y', which is no column of p(x)")]
    [InlineData("""{"p": {"columns": ["x"], "operations": {"on": "insert"}}}""", "option 'tables.p.operations' of datasource 'source' is \"insert\"; expected add, replace or remove for 'on'")]
    [InlineData("""{"p": {"columns": ["x"], "time_to_live": 0}}""", "option 'tables.p.time_to_live' of datasource 'source' is 0; expected a number from 0.001 to 1000000000")]
    public void A_configuration_that_makes_no_sense_is_refused(string tables, string message) =>
        Assert.Equal(message, Configured.Refusal(() => new WebhookDriverFactory().Create(Configured.Settings($$"""{"tables": {{tables}} }"""))));

    private WebhookDriver Make(string options) => Configured.Make<WebhookDriver>(new WebhookDriverFactory(), options, _time);

    private async Task<IReadOnlyDictionary<string, IReadOnlyCollection<Congress.Data.Row>>> Send(string message) => await _driver.ReceiveAsync(Configured.Json(message));

    private async Task<string> Alarm(string message) => Configured.Rows(await Send(message), "alarms");
}
