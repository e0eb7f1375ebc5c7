using System.Globalization;
using Congress.Datasources;

namespace Congress.Tests.Datasources.Rest;

public sealed class RestReadingTests : IAsyncLifetime
{
    private RestServer _server = null!;

    public async Task InitializeAsync() => _server = await RestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_resource_fills_a_table_by_columns()
    {
        _server.On("/v2/servers", """{"servers": [{"id": "a", "OS-EXT:host": "h", "flavor": {"id": 7}, "on": true}, {"id": "b"}]}""");
        var driver = _server.Driver(""" "resources": [{"path": "/v2/servers", "query": {"all": "1 & 2", "n": 3}, "items": "servers", "table": "servers", "columns": {"id": "id", "host": "['OS-EXT:host']", "flavor": "flavor.id", "on": {"type": "bool"}}}]""");
        Assert.Equal(["servers(id, host, flavor, on:bool)"], driver.Schema.Select(t => t.ToString()));
        Assert.Equal(["servers(\"a\", \"h\", 7, true)", "servers(\"b\", null, null, null)"], await driver.AllAsync());
        Assert.Equal(["GET /v2/servers?all=1%20%26%202&n=3"], _server.Asked.Select(a => a.ToString()));
        Assert.Equal("application/json", _server.Asked.First().Header("Accept"));
    }

    [Fact]
    public async Task A_resource_fills_the_tables_of_a_translator()
    {
        _server.On("/ports", """{"ports": [{"id": "p", "ips": [{"ip": "1.1.1.1"}]}]}""").On("/tags", """["x", "y"]""");
        var driver = _server.Driver("""
            "resources": [
              {"path": "ports", "name": "network ports", "items": "ports", "lazy": true, "translator": {"translation-type": "HDICT", "table-name": "ports", "field-translators": [
                {"fieldname": "id", "translator": {"translation-type": "VALUE"}},
                {"fieldname": "ips", "translator": {"translation-type": "HDICT", "table-name": "ips", "parent-key": "id", "in-list": true, "field-translators": [
                  {"fieldname": "ip", "translator": {"translation-type": "VALUE"}}]}}]}},
              {"path": "tags", "translator": {"translation-type": "LIST", "table-name": "tags", "val-col": "tag", "translator": {"translation-type": "VALUE"}}}]
            """);
        Assert.Equal(["network ports: ports ips, lazy True", "tags: tags, lazy False"], driver.Groups.Select(g => $"{g.Name}: {string.Join(' ', g.Tables)}, lazy {g.IsLazy}"));
        Assert.Equal(["ips(\"p\", \"1.1.1.1\")", "ports(\"p\")", "tags(\"x\")", "tags(\"y\")"], await driver.AllAsync());
        Assert.Equal(["ips", "ports"], (await driver.ReadAsync(driver.Groups[0]))!.Keys.Order());
    }

    [Fact]
    public async Task Groups_are_read_at_once_and_one_that_fails_leaves_the_others_alone()
    {
        _server.On("/a", """[{"id": 1}]""").On("/b", "oops", 500);
        var driver = _server.Driver(""" "resources": [{"path": "a", "table": "a", "columns": ["id"]}, {"path": "b", "table": "b", "columns": ["id"]}]""");
        var (first, second) = (driver.ReadAsync(driver.Groups[0]).AsTask(), driver.ReadAsync(driver.Groups[1]).AsTask());
        Assert.Single((await first)!["a"]);
        Assert.Equal($"GET {_server.Url}/b: status 500 InternalServerError; it says: oops", (await Assert.ThrowsAsync<DriverException>(() => second)).Message);
    }

    [Theory]
    [InlineData("ETag", "\"v1\"", "If-None-Match")]
    [InlineData("ETag", "unquoted", "If-None-Match")]
    [InlineData("Last-Modified", "Sat, 31 Jan 2026 23:59:50 GMT", "If-Modified-Since")]
    public async Task What_has_not_changed_is_not_read_again(string header, string version, string condition)
    {
        var current = version;
        _server.On("/items", context =>
        {
            context.Response.Headers[header] = current;
            return context.Request.Headers[condition] == current ? RestServer.AnswerAsync(context, "", 304) : RestServer.AnswerAsync(context, """[{"id": 1}]""");
        });
        var driver = _server.Items();
        Assert.Equal(["t(1)"], await driver.ChangedAsync());
        Assert.Null(await driver.OnlyAsync());
        Assert.Equal(["t(1)"], await driver.AllAsync());        // which must have all rows
        current = header == "ETag" ? "\"v2\"" : "Sun, 01 Feb 2026 00:00:00 GMT";
        Assert.Equal(["t(1)"], await driver.ChangedAsync());
        Assert.Null(await driver.OnlyAsync());
        Assert.Equal([null, version, null, version, current], _server.Asked.Select(a => a.Header(condition)));
    }

    [Fact]
    public async Task A_reading_that_failed_does_not_count_as_the_last_one()
    {
        var body = """{"not": "items"}""";
        _server.On("/items", context =>
        {
            context.Response.Headers.ETag = "\"1\"";
            return context.Request.Headers.IfNoneMatch.Count > 0 ? RestServer.AnswerAsync(context, "", 304) : RestServer.AnswerAsync(context, body);
        });
        var driver = _server.Items("\"items\": \"list\",");
        Assert.Contains("the answer has nothing at list", (await Assert.ThrowsAsync<DriverException>(() => driver.OnlyAsync())).Message, StringComparison.Ordinal);
        body = """{"list": [{"id": 1}]}""";
        Assert.Equal(["t(1)"], await driver.ChangedAsync());
    }

    [Fact]
    public async Task Only_when_no_page_has_changed_has_nothing_changed()
    {
        var second = 1;
        _server.On("/items", context =>
        {
            var isFirst = context.Request.Query["page"] == "1";
            context.Response.Headers.ETag = isFirst ? "\"first\"" : string.Create(CultureInfo.InvariantCulture, $"\"{second}\"");
            return context.Request.Headers.IfNoneMatch == context.Response.Headers.ETag ? RestServer.AnswerAsync(context, "", 304)
                : RestServer.AnswerAsync(context, isFirst ? """{"items": [{"id": 0}], "next": "?page=2"}""" : string.Create(CultureInfo.InvariantCulture, $$"""{"items": [{"id": {{second}}}]}"""));
        });
        var driver = _server.Items(""" "query": {"page": 1}, "items": "items", "paging": {"style": "link", "path": "next"},""");
        Assert.Equal(["t(0)", "t(1)"], await driver.ChangedAsync());
        Assert.Null(await driver.OnlyAsync());
        second = 2;
        Assert.Equal(["t(0)", "t(2)"], await driver.ChangedAsync());
        Assert.Null(await driver.OnlyAsync());
        Assert.Equal(2 + 2 + 4 + 2, _server.Asked.Count);
    }

    [Theory]
    [InlineData("\"username\": \"ann\", \"password\": \"se:cret\",", "Authorization", "Basic YW5uOnNlOmNyZXQ=")]
    [InlineData("\"token\": \"abc\",", "Authorization", "Bearer abc")]
    [InlineData("\"secret_headers\": {\"X-Api-Key\": \"k1\"}, \"headers\": {\"X-Api-Key\": \"k0\"},", "X-Api-Key", "k1")]
    [InlineData("\"headers\": {\"Accept\": \"application/vnd.x+json\"},", "Accept", "application/vnd.x+json")]
    public async Task Requests_say_who_asks(string options, string header, string value)
    {
        _server.On("/items", "[]");
        Assert.Empty(await _server.Items(options: options).AllAsync());
        Assert.Equal(value, Assert.Single(_server.Asked).Header(header));
    }

    [Fact]
    public async Task A_redirect_is_followed_on_the_same_server()
    {
        _server.On("/items", context =>
        {
            context.Response.Headers.Location = "/moved?x=1";
            return RestServer.AnswerAsync(context, "", 302);
        }).On("/moved", """[{"id": 1}]""");
        Assert.Equal(["t(1)"], await _server.Items(options: "\"token\": \"abc\",").AllAsync());
        Assert.Equal("GET /moved?x=1 Bearer abc", $"{_server.Asked.Last()} {_server.Asked.Last().Header("Authorization")}");
    }

    [Fact]
    public async Task No_other_server_gets_the_credentials()
    {
        await using var other = await RestServer.StartAsync();
        _server.On("/items", context =>
        {
            context.Response.Headers.Location = other.Url + "/steal";
            return RestServer.AnswerAsync(context, "", 307);
        }).On("/paged", $$"""{"items": [], "next": "{{other.Url}}/steal"}""");
        Assert.Contains("redirected to another server", (await _server.Items(options: "\"token\": \"abc\",").FailureAsync()).Message, StringComparison.Ordinal);
        var driver = _server.Driver(""" "token": "abc", "resources": [{"path": "paged", "items": "items", "paging": {"style": "link", "path": "next"}, "table": "t", "columns": ["id"]}]""");
        Assert.Contains("the next page is on another server", (await driver.FailureAsync()).Message, StringComparison.Ordinal);
        Assert.Empty(other.Asked);
    }
}
