namespace Congress.Tests.Api;

/// <summary>Datasources over HTTP.</summary>
public sealed class DatasourceRouteTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string All = "/v1/data-sources";
    private const string NotThere = "service 'nosuch' could not be found";

    [Fact]
    public async Task A_datasource_is_created_shown_listed_and_deleted_and_its_secrets_are_hidden()
    {
        var created = (await server.PostAsync(All, $$"""{"name": "made", "driver": "fake_datasource", "description": "d", "config": {{ApiServer.FakeConfig}}}""")).Is(201);
        var id = created.Json.GetProperty("id").GetString();
        Assert.EndsWith($"{All}/{id}", created.Headers["Location"], StringComparison.Ordinal);
        foreach (var path in new[] { All, $"{All}/made", $"{All}/{id}" })
        {
            var shown = (await server.GetAsync(path)).Is(200).Text;
            Assert.Contains($"\"id\":\"{id}\"", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("\"secret\"", shown, StringComparison.Ordinal);
        }

        Assert.Equal("null", (await server.SendAsync("DELETE", $"{All}/{id}")).Is(200).Text);
        (await server.GetAsync($"{All}/made")).IsError(404, 404, "Datasource not found made");
    }

    [Fact]
    public async Task Tables_columns_and_actions_are_shown()
    {
        await server.WithDatasourceAsync("shown");
        const string spec = """{"table_id":"fake_table","columns":[{"name":"id","description":null},{"name":"name","description":null}]}""";
        Assert.Equal($$"""{"tables":[{{spec}}]}""", (await server.GetAsync($"{All}/shown/schema")).Is(200).Text);
        Assert.Equal(spec, (await server.GetAsync($"{All}/shown/tables/fake_table/spec")).Is(200).Text);
        Assert.Equal("""{"results":[{"id":"fake_table"}]}""", (await server.GetAsync($"{All}/shown/tables")).Is(200).Text);
        Assert.Equal("""{"id":"fake_table"}""", (await server.GetAsync($"{All}/shown/tables/fake_table")).Is(200).Text);
        Assert.Equal("""{"results":[{"name":"fake_act","args":[{"name":"server_id","description":"server to act"}],"description":"fake action"}]}""",
            (await server.GetAsync($"{All}/shown/actions")).Is(200).Text);
        (await server.GetAsync($"{All}/shown/tables/zz")).IsError(404, 404, "Not found");
        (await server.GetAsync($"{All}/shown/tables/zz/spec")).IsError(404, 404, "Table 'zz' for datasource 'shown' has no schema ");
        (await server.GetAsync($"{All}/shown/tables/zz/rows")).IsError(404, 404, "Not Found::tablename 'zz' does not exist'");
    }

    [Fact]
    public async Task Rows_are_pushed_and_come_by_webhook_and_are_read_in_pages()
    {
        await server.WithDatasourceAsync("pushed");
        const string rows = $"{All}/pushed/tables/fake_table/rows";
        Assert.Equal("", (await server.SendAsync("PUT", rows, """[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]""")).Is(200).Text);
        Assert.Equal("", (await server.PostAsync($"{All}/pushed/webhook", """{"id": 3, "name": "c"}""")).Is(200).Text);
        Assert.Equal("", (await server.PostAsync($"{All}/pushed/tables/fake_table/webhook", """{"id": 4, "name": "é𝄞"}""")).Is(200).Text);
        Assert.Equal("""[2,"b"] [3,"c"]""", (await server.GetAsync($"{rows}?limit=2&offset=1")).Is(200).Rows);
        Assert.Equal("é𝄞", (await server.GetAsync($"{rows}?offset=3")).Is(200).Json.GetProperty("results")[0].GetProperty("data")[1].GetString());
        (await server.GetAsync($"{rows}?limit=x")).IsError(400, 400, "'limit' is 'x'; expected an integer from 0 to 9223372036854775807");
        Assert.Equal("null", (await server.SendAsync("POST", $"{All}/pushed?action=request-refresh")).Is(200).Text);
    }

    [Theory]
    [InlineData("PUT", "tables/fake_table/rows", "5", "Bad Request::table 'fake_table': expected a list of objects or arrays, found a number")]
    [InlineData("PUT", "tables/fake_table/rows", "[5]", "Bad Request::table 'fake_table', $[0]: expected an object or an array, found a number")]
    [InlineData("PUT", "tables/zz/rows", "[]", "Bad Request::translator: zz is not in the datasource driver")]
    [InlineData("POST", "webhook", "5", "Bad Request::expected an object, found a number")]
    public async Task Rows_that_make_no_sense_are_refused(string method, string path, string body, string message)
    {
        await server.SendAsync("POST", All, $$"""{"name": "refusing", "driver": "fake_datasource", "config": {{ApiServer.FakeConfig}}}""");
        (await server.SendAsync(method, $"{All}/refusing/{path}", body)).IsError(400, 400, message);
    }

    [Theory]
    [InlineData("GET", "", "Datasource not found nosuch")]
    [InlineData("PUT", "", "Datasource not found nosuch")]
    [InlineData("PATCH", "", "Datasource not found nosuch")]
    [InlineData("DELETE", "", "Datasource not found nosuch")]
    [InlineData("GET", "/status", NotThere)]
    [InlineData("GET", "/schema", NotThere)]
    [InlineData("GET", "/actions", NotThere)]
    [InlineData("GET", "/tables", $"Not Found::{NotThere}")]
    [InlineData("GET", "/tables/t", $"Not Found::{NotThere}")]
    [InlineData("GET", "/tables/t/spec", NotThere)]
    [InlineData("GET", "/tables/t/rows", $"Not Found::{NotThere}")]
    [InlineData("PUT", "/tables/t/rows", $"Not Found::{NotThere}")]
    [InlineData("POST", "/webhook", $"Not Found::{NotThere}")]
    [InlineData("POST", "/tables/t/webhook", $"Not Found::{NotThere}")]
    [InlineData("POST", "?action=request-refresh", $"Not Found::{NotThere}")]
    public async Task What_is_not_there_is_not_found(string method, string path, string message) =>
        (await server.SendAsync(method, $"{All}/nosuch{path}", method == "GET" ? null : "{}")).IsError(404, 404, message);

    [Theory]
    [InlineData("[]", "the body is an array; expected an object")]
    [InlineData("""{"name": "x"}""", "Invalid driver: 'driver' is missing; expected the name of a driver, as /v1/system/drivers lists them")]
    [InlineData("""{"name": 5, "driver": "fake_datasource"}""", "'name' is a number; expected a text")]
    [InlineData("""{"name": "x", "driver": "zz"}""", "there is no driver 'zz'; there are congress, fake_datasource, files, host, push, rest, sql, webhook")]
    [InlineData("""{"name": "x", "driver": "fake_datasource", "config": 5}""", "'config' is a number; expected an object")]
    [InlineData("""{"name": "x", "driver": "fake_datasource"}""", "Missing required config options: auth_url, username, password, project_name")]
    [InlineData("""{"name": "x", "driver": "push", "config": {"tables": {"t": ["a"]}, "zz": 1}}""",
        "Invalid driver options: zz; driver 'push' takes tables, max_rows, description, poll_time, lazy_tables, persist_data")]
    [InlineData("""{"name": "x", "driver": "push", "config": {"tables": {"t": ["a"]}, "poll_time": "often"}}""",
        "option 'poll_time' of datasource 'x' is \"often\"; expected a number from 0 to 1000000000")]
    [InlineData("""{"name": "_x", "driver": "push", "config": {"tables": {"t": ["a"]}}}""",
        "Datasource name _x is invalid. Cannot be empty or start with underscore. Must be valid in policy language")]
    [InlineData("""{"name": "x", "driver": "push", "enabled": 5}""", "'enabled' is a number; expected true or false")]
    public async Task A_datasource_that_makes_no_sense_is_refused(string body, string message)
    {
        (await server.PostAsync(All, body)).IsError(400, 400, message);
        Assert.Empty(server.Failures);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await server.WithDatasourceAsync("taken");
        (await server.PostAsync(All, $$"""{"name": "taken", "driver": "fake_datasource", "config": {{ApiServer.FakeConfig}}}""")).IsError(409, 409, "Datasource already in use with name taken");
    }

    [Fact]
    public async Task A_datasource_is_addressed_by_whatever_identity_it_was_given()
    {
        (await server.PostAsync(All, $$"""{"id": "key:1", "name": "identified", "driver": "fake_datasource", "config": {{ApiServer.FakeConfig}}}""")).Is(201);
        Assert.Equal("True", (await server.GetAsync($"{All}/key:1/status")).Is(200).Json.GetProperty("initialized").GetString());
        (await server.SendAsync("PUT", $"{All}/key:1/tables/fake_table/rows", "[]")).Is(200);
    }
}
