using Congress.Tests.Bus;

namespace Congress.Tests.Api;

/// <summary>Datasources are changed, disabled and enabled while everything runs, and rules that read them follow.</summary>
public sealed class DatasourceChangeTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string All = "/v1/data-sources";

    [Fact]
    public async Task A_datasource_that_is_disabled_answers_409_and_its_rows_are_back_when_it_is_enabled()
    {
        (await CreatePushAsync("switched", """{"tables": {"t": ["a"]}, "persist_data": true}""")).Is(201);
        (await server.SendAsync("PUT", $"{All}/switched/tables/t/rows", "[[1], [2]]")).Is(200);
        await server.WithPolicyAsync("watching", "p(x) :- switched:t(x)");
        await HasRowsAsync("watching", "[1] [2]");

        Assert.False((await server.SendAsync("PATCH", $"{All}/switched", """{"enabled": false}""")).Is(200).Json.GetProperty("enabled").GetBoolean());
        Assert.False((await server.GetAsync($"{All}/switched")).Is(200).Json.GetProperty("enabled").GetBoolean());
        foreach (var path in new[] { "status", "schema", "actions", "tables/t/spec", "tables/t/rows" })
        {
            (await server.GetAsync($"{All}/switched/{path}")).IsError(409, 409, "datasource switched is disabled");
        }

        (await server.SendAsync("PUT", $"{All}/switched/tables/t/rows", "[[3]]")).IsError(409, 409, "datasource switched is disabled");

        Assert.True((await server.SendAsync("PUT", $"{All}/switched", """{"enabled": true}""")).Is(200).Json.GetProperty("enabled").GetBoolean());
        Assert.Equal("[1] [2]", (await server.GetAsync($"{All}/switched/tables/t/rows")).Is(200).Rows);
        Assert.Equal("None", (await server.GetAsync($"{All}/switched/status")).Is(200).Json.GetProperty("last_error").GetString());
        await HasRowsAsync("watching", "[1] [2]");
        (await server.SendAsync("PUT", $"{All}/switched/tables/t/rows", "[[5]]")).Is(200);
        await HasRowsAsync("watching", "[5]");
    }

    [Fact]
    public async Task A_description_changes_without_an_interruption()
    {
        await server.WithDatasourceAsync("described");
        (await server.SendAsync("PUT", $"{All}/described/tables/fake_table/rows", """[{"id": 1, "name": "a"}]""")).Is(200);
        Assert.Equal("new", (await server.SendAsync("PATCH", $"{All}/described", """{"description": "new"}""")).Is(200).Json.GetProperty("description").GetString());
        Assert.Equal("""[1,"a"]""", (await server.GetAsync($"{All}/described/tables/fake_table/rows")).Rows);   // rows in memory only: a new start would have lost them
    }

    [Fact]
    public async Task Another_configuration_takes_effect_at_once()
    {
        (await CreatePushAsync("grown", """{"tables": {"t": ["a"]}}""")).Is(201);
        (await server.SendAsync("PUT", $"{All}/grown", """{"config": {"tables": {"t": ["a", "b"], "u": ["c"]}}}""")).Is(200);
        (await server.SendAsync("PUT", $"{All}/grown/tables/t/rows", "[[1, 2]]")).Is(200);
        (await server.SendAsync("PUT", $"{All}/grown/tables/u/rows", "[[3]]")).Is(200);
        await server.WithPolicyAsync("growing", "p(x) :- grown:t(a=1, b=x)", "p(x) :- grown:u(x)");
        await HasRowsAsync("growing", "[2] [3]");
    }

    [Fact]
    public async Task A_secret_that_comes_back_hidden_stays_what_it_is()
    {
        await server.WithDatasourceAsync("secretive");
        var shown = (await server.GetAsync($"{All}/secretive")).Json.GetProperty("config").GetRawText();
        Assert.Contains("hidden", shown, StringComparison.Ordinal);
        (await server.SendAsync("PUT", $"{All}/secretive/tables/fake_table/rows", """[{"id": 1, "name": "a"}]""")).Is(200);
        (await server.SendAsync("PUT", $"{All}/secretive", $$"""{"config": {{shown}}}""")).Is(200);
        Assert.Equal("""[1,"a"]""", (await server.GetAsync($"{All}/secretive/tables/fake_table/rows")).Rows);   // nothing has changed, so nothing was started anew
    }

    [Fact]
    public async Task A_new_name_is_the_one_by_which_rules_and_callers_find_it()
    {
        await server.WithDatasourceAsync("former");
        (await server.SendAsync("PATCH", $"{All}/former", """{"name": "later"}""")).Is(200);
        (await server.GetAsync($"{All}/former/status")).IsError(404, 404, "service 'former' could not be found");
        (await server.SendAsync("PUT", $"{All}/later/tables/fake_table/rows", """[{"id": 7, "name": "n"}]""")).Is(200);
        await server.WithPolicyAsync("renaming", "p(x) :- later:fake_table(id=x)");
        await HasRowsAsync("renaming", "[7]");
    }

    [Theory]
    [InlineData("[]", 400, "the body is an array; expected an object")]
    [InlineData("""{"enabled": "yes"}""", 400, "'enabled' is a text; expected true or false")]
    [InlineData("""{"driver": "zz"}""", 400, "there is no driver 'zz'; there are congress, fake_datasource, files, host, push, rest, sql, webhook")]
    [InlineData("""{"config": {"username": "x"}}""", 400, "Missing required config options: auth_url, password, project_name")]
    [InlineData("""{"name": "no name"}""", 400, "Datasource name no name is invalid. Cannot be empty or start with underscore. Must be valid in policy language")]
    public async Task A_change_that_makes_no_sense_is_refused_and_changes_nothing(string body, int status, string message)
    {
        await server.PostAsync(All, $$"""{"name": "steady", "driver": "fake_datasource", "config": {{ApiServer.FakeConfig}}}""");
        var before = (await server.GetAsync($"{All}/steady")).Text;
        foreach (var method in new[] { "PUT", "PATCH" })
        {
            (await server.SendAsync(method, $"{All}/steady", body)).IsError(status, status, message);
        }

        Assert.Equal(before, (await server.GetAsync($"{All}/steady")).Text);
    }

    private Task<ApiAnswer> CreatePushAsync(string name, string config) => server.PostAsync(All, $$"""{"name": "{{name}}", "driver": "push", "config": {{config}}}""");

    private Task HasRowsAsync(string policy, string rows) => Eventually.TrueAsync(
        () => server.GetAsync($"/v1/policies/{policy}/tables/p/rows").GetAwaiter().GetResult() is { Status: 200 } answer && Sorted(answer.Rows) == rows, $"{policy} has the rows {rows}");

    private static string Sorted(string rows) => string.Join(' ', rows.Split(' ').Order(StringComparer.Ordinal));
}
