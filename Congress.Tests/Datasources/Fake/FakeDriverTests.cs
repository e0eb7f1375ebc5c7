using Congress.Data;
using Congress.Datasources;
using Congress.Datasources.Drivers.Fake;

namespace Congress.Tests.Datasources.Fake;

public sealed class FakeDriverTests
{
    private readonly FakeDriver _driver = new();

    [Fact]
    public async Task A_reading_changes_nothing()
    {
        Push("""[{"id": 1, "name": "a"}]""");
        Assert.Null(await Configured.ReadGroupAsync(_driver, "fake_table"));
        Assert.Empty(await ((IDatasourceDriver)_driver).ReadAsync());
    }

    [Fact]
    public void Objects_are_rows_by_column_name_and_once() =>
        Assert.Equal("(1, \"a\") (2, \"b\")", Push("""[{"id": 2, "name": "b"}, {"name": "a", "id": 1}, {"id": 1, "name": "a"}]"""));

    [Fact]
    public void What_is_no_column_is_passed_over_and_what_is_missing_is_null() =>
        Assert.Equal("(null, null) (9, \"x\")", Push("""[{"id": 9, "name": "x", "extra": 1}, {}]"""));

    [Fact]
    public void Values_are_not_mangled() =>
        Assert.Equal("(null, false) (true, 1.5) (\"[1]\", \"{\\\"x\\\":1}\") (\"été\", \"\")", Push("""[{"id": true, "name": 1.5}, {"id": "été", "name": ""}, {"id": null, "name": false}, {"id": [ 1 ], "name": {"x": 1}}]"""));

    [Theory]
    [InlineData("""{"id": 1}""", "table 'fake_table': expected a list of objects or arrays, found an object")]
    [InlineData("5", "table 'fake_table': expected a list of objects or arrays, found a number")]
    [InlineData("null", "table 'fake_table': expected a list of objects or arrays, found null")]
    [InlineData("[{}, \"x\"]", "table 'fake_table', $[1]: expected an object or an array, found a text")]
    public void What_is_no_list_of_rows_is_refused(string objects, string message) => Assert.Equal(message, Configured.Refusal(() => Push(objects)));

    [Fact]
    public void Another_table_cannot_be_pushed() => Assert.Contains("'other'", Configured.Refusal(() => _driver.Translate("other", Configured.Json("[]"))), StringComparison.Ordinal);

    [Fact]
    public async Task A_message_adds_to_what_was_pushed()
    {
        Push("""[{"id": 1, "name": "a"}]""");
        Assert.Equal("(1, \"a\") (2, \"b\")", Configured.Rows(await _driver.ReceiveAsync(Configured.Json("""{"id": 2, "name": "b"}""")), "fake_table"));
        Assert.Equal("(1, \"a\") (2, \"b\") (3, null)", Configured.Rows(await _driver.ReceiveAsync(Configured.Json("""[{"id": 3}, {"id": 2, "name": "b"}]""")), "fake_table"));
        Assert.Equal("expected an object, found a number", await Configured.RefusalAsync(() => _driver.ReceiveAsync(Configured.Json("5")).AsTask()));
    }

    [Fact]
    public async Task Any_action_is_done_and_noted()
    {
        for (var i = 0; i < 101; i++)
        {
            await _driver.ExecuteAsync(new($"act{i}", [Value.Of(i)], new Dictionary<string, Value>(), "key"));
        }

        Assert.Equal(100, _driver.Calls.Count);
        Assert.Equal("act100", _driver.Calls[^1].Action);
    }

    [Fact]
    public void It_takes_the_options_of_openstack()
    {
        var factory = new FakeDriverFactory();
        Assert.Equal(["auth_url", "username", "password", "project_name"], factory.Options.Where(o => o.IsRequired).Select(o => o.Name));
        Assert.Equal(["password"], factory.Options.Where(o => o.IsSecret).Select(o => o.Name));
        Configured.Make<FakeDriver>(factory, """{"auth_url": "http://127.0.0.1:9/v3", "username": "admin", "password": "pw", "project_name": "admin", "poll_time": 100000, "region": "r1", "tenant_name": "tn"}""");
    }

    private string Push(string objects) => Configured.Rows(_driver.Translate("fake_table", Configured.Json(objects)), "fake_table");
}
