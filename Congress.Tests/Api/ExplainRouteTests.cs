namespace Congress.Tests.Api;

/// <summary>Why and why not, over HTTP.</summary>
public sealed class ExplainRouteTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_row_is_explained_and_so_is_an_absent_one()
    {
        await server.WithPolicyAsync("explained", "p(1)", "q(x) :- p(x), x > 0");
        var why = (await server.GetAsync("/v1/policies/explained/why?row=q(1)")).Is(200).Json;
        Assert.True(why.GetProperty("holds").GetBoolean());
        var rows = why.GetProperty("derivation").GetProperty("rows");
        Assert.Equal(("explained:q", "q(x) :- p(x), x > 0"), (rows[0].GetProperty("table").GetString(), rows[0].GetProperty("rule").GetProperty("text").GetString()));
        Assert.Equal("explained:p", rows[1].GetProperty("table").GetString());

        var absent = (await server.GetAsync("/v1/policies/explained/why?row=q(2)")).Is(200).Json;
        Assert.False(absent.GetProperty("holds").GetBoolean());
        var whyNot = (await server.GetAsync("/v1/policies/explained/whynot?row=q(2)")).Is(200).Json.GetProperty("absence").GetProperty("rules")[0];
        Assert.Equal(("p(2)", 1), (whyNot.GetProperty("lacking").GetString(), whyNot.GetProperty("held").GetInt32()));
        Assert.True((await server.GetAsync("/v1/policies/explained/whynot?row=q(_)")).Is(200).Json.GetProperty("holds").GetBoolean());
    }

    [Theory]
    [InlineData("why", "", 400, 400, "'row' is missing; expected an atom, such as row=error(\"vm-1\")")]
    [InlineData("whynot", "?row=", 400, 400, "'row' is missing; expected an atom, such as row=error(\"vm-1\")")]
    public async Task What_is_no_row_is_refused(string route, string query, int status, int number, string message) =>
        (await server.GetAsync($"/v1/policies/classification/{route}{query}")).IsError(status, number, message);

    [Theory]
    [InlineData("/v1/policies/nosuch/why?row=p(1)", 404)]
    [InlineData("/v1/policies/classification/why?row=p(", 400)]
    [InlineData("/v1/policies/classification/whynot?row=nosuch(1)", 400)]
    public async Task What_cannot_be_explained_is_an_error(string path, int status) => (await server.GetAsync(path)).Is(status);
}
