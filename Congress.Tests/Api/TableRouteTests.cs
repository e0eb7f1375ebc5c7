namespace Congress.Tests.Api;

/// <summary>Tables of policies and their rows over HTTP.</summary>
public sealed class TableRouteTests : IClassFixture<TableRouteTests.Seeded>
{
    private const string Rows = "/v1/policies/table_test/tables/t/rows";
    private readonly ApiServer _server;

    public TableRouteTests(Seeded seeded) => _server = seeded.Server;

    /// <summary>A server with a policy.</summary>
    public sealed class Seeded : IAsyncLifetime
    {
        public ApiServer Server { get; } = new();

        public async Task InitializeAsync()
        {
            await Server.InitializeAsync();
            await Server.WithPolicyAsync("table_test", "t(1, \"a\")", "t(2, \"b\")", "t(3, \"a\")", "u(x) :- t(x, \"a\"), not w(x)");
        }

        public Task DisposeAsync() => Server.DisposeAsync();
    }

    [Theory]
    [InlineData("", """[1,"a"] [2,"b"] [3,"a"]""")]
    [InlineData("?where=1:a", """[1,"a"] [3,"a"]""")]
    [InlineData("?where=1:%22a%22", """[1,"a"] [3,"a"]""")]
    [InlineData("?where=1:a&where=0:3", """[3,"a"]""")]
    [InlineData("?where=0:%221%22", "")]
    [InlineData("?limit=1", """[1,"a"]""")]
    [InlineData("?offset=1&limit=1", """[2,"b"]""")]
    [InlineData("?limit=0", "")]
    [InlineData("?offset=99", "")]
    public async Task Rows_are_chosen(string query, string rows) => Assert.Equal(rows, (await _server.GetAsync(Rows + query)).Is(200).Rows);

    [Theory]
    [InlineData("?where=nosuch:1", "Bad Request::table table_test:t has no column 'nosuch'; it has 2, by position from 0")]
    [InlineData("?where=2:1", "Bad Request::table table_test:t has no column '2'; it has 2, by position from 0")]
    [InlineData("?where=0", "'where' is '0'; expected column:value")]
    [InlineData("?where=0:1&where=0:2", "'where' has column '0' twice; expected each once")]
    [InlineData("?where=0:[1]", "'where' is an array; expected a text, a number, true, false or null")]
    [InlineData("?limit=-1", "'limit' is '-1'; expected an integer from 0 to 9223372036854775807")]
    [InlineData("?offset=x", "'offset' is 'x'; expected an integer from 0 to 2147483647")]
    [InlineData("?min_version=x", "'min_version' is 'x'; expected an integer from 0 to 9223372036854775807")]
    public async Task A_choice_that_makes_no_sense_is_refused(string query, string message) => (await _server.GetAsync(Rows + query)).IsError(400, 400, message);

    [Fact]
    public async Task Tables_are_listed_and_shown()
    {
        Assert.Equal("""{"results":[{"id":"t"},{"id":"u"},{"id":"w"}]}""", (await _server.GetAsync("/v1/policies/table_test/tables")).Is(200).Text);
        Assert.Equal("""{"id":"u"}""", (await _server.GetAsync("/v1/policies/table_test/tables/u")).Is(200).Text);
    }

    [Fact]
    public async Task A_trace_tells_how_a_table_is_derived() =>
        Assert.Contains("u(x) :- t(x, \"a\"), not w(x)", (await _server.GetAsync("/v1/policies/table_test/tables/u/rows?trace=true")).Is(200).Json.GetProperty("trace").GetString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("/v1/policies/nosuch/tables", "Not found")]
    [InlineData("/v1/policies/nosuch/tables/t", "Not found")]
    [InlineData("/v1/policies/table_test/tables/nosuch", "Not found")]
    [InlineData("/v1/policies/nosuch/tables/t/rows", "Not Found::table 't' doesn't exist")]
    [InlineData("/v1/policies/table_test/tables/nosuch/rows", "Not Found::table 'nosuch' doesn't exist")]
    public async Task What_is_not_there_is_not_found(string path, string message) => (await _server.GetAsync(path)).IsError(404, 404, message);

    [Fact]
    public async Task Rows_of_policies_are_derived_and_cannot_be_replaced() =>
        (await _server.SendAsync("PUT", Rows, "[]")).IsError(400, 400, "Bad Request::Method replace_entire_table_data not supported for datasource __engine");

    [Theory]
    [InlineData(Rows)]
    [InlineData("/v1/policies")]
    [InlineData("/v1/policies/table_test")]
    [InlineData("/v1/policies/table_test/rules")]
    [InlineData("/v1/policies/table_test/tables")]
    public async Task A_version_that_is_not_reached_is_answered_503(string path)
    {
        var answer = await _server.GetAsync($"{path}?min_version=99");
        answer.IsError(503, 503, "Service Unavailable::this engine has version 7 of the policies; version 99 was asked for");
        Assert.Equal("1", answer.Headers["Retry-After"]);
    }
}
