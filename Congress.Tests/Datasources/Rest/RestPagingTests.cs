using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Congress.Tests.Datasources.Rest;

public sealed class RestPagingTests : IAsyncLifetime
{
    private RestServer _server = null!;

    public async Task InitializeAsync() => _server = await RestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("?page=PAGE")]
    [InlineData("/items?page=PAGE")]
    [InlineData("BASE/items?page=PAGE")]
    public async Task A_link_in_the_body_leads_on(string link)
    {
        Serve(3, (_, page, items) => new JsonObject
        {
            ["items"] = items,
            ["links"] = page == 2 ? new JsonArray() : new JsonArray(new JsonObject { ["rel"] = "prev", ["href"] = "x" }, new JsonObject { ["rel"] = "next", ["href"] = Link(link, page + 1) }),
        });
        await ExpectAsync(3, "\"items\": \"items\", \"paging\": {\"style\": \"link\", \"path\": \"links[?rel=='next'].href\"},", ["", "?page=1", "?page=2"]);
    }

    [Fact]
    public async Task A_link_in_a_header_leads_on()
    {
        Serve(2, (context, page, items) =>
        {
            context.Response.Headers.Link = page == 1 ? "</items>; rel=\"first\"" : "</items>; rel=\"first, last\"; title=\"a, b\", </items?page=1>; title=\"<x>; rel=next\"; REL=\"last next\"";
            return items;
        });
        await ExpectAsync(2, "\"paging\": {\"style\": \"header\"},", ["", "?page=1"]);
    }

    [Fact]
    public async Task The_id_of_the_last_item_leads_on_until_a_page_is_empty()
    {
        _server.On("/items", context =>
        {
            var after = context.Request.Query["after"].ToString() is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : -1;
            return RestServer.AnswerAsync(context, new JsonArray([.. Enumerable.Range(after + 1, after >= 4 ? 0 : after == 2 ? 2 : 3).Select(Item)]).ToJsonString());
        });
        await ExpectAsync(5, "\"query\": {\"all\": 1}, \"paging\": {\"style\": \"marker\", \"marker\": \"after\", \"limit\": \"max\", \"size\": 3},",
            ["?all=1&max=3", "?all=1&max=3&after=2", "?all=1&max=3&after=4"]);
    }

    [Fact]
    public async Task Numbers_lead_on_until_a_page_is_empty()
    {
        _server.On("/items", context =>
        {
            var page = int.Parse(context.Request.Query["page"].ToString(), CultureInfo.InvariantCulture);
            return RestServer.AnswerAsync(context, new JsonArray([.. Enumerable.Range(2 * page, page < 2 ? 2 : 0).Select(Item)]).ToJsonString());
        });
        await ExpectAsync(4, "\"paging\": {\"style\": \"page\", \"first\": 0, \"size\": 2},", ["?per_page=2&page=0", "?per_page=2&page=1", "?per_page=2&page=2"]);
    }

    [Fact]
    public async Task Pages_that_do_not_advance_or_do_not_end_are_refused()
    {
        _server.On("/items", """{"items": [{"id": 1}], "next": "?page=1"}""");
        Assert.EndsWith($"the next page is one that was read: {_server.Url}/items?page=1",
            (await _server.Items("\"items\": \"items\", \"paging\": {\"style\": \"link\", \"path\": \"next\"},").FailureAsync()).Message, StringComparison.Ordinal);
        Assert.EndsWith("there are more than 3 pages, which max_pages allows",
            (await _server.Items("\"items\": \"items\", \"paging\": {\"style\": \"page\"},", "\"max_pages\": 3,").FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_bounded_together()
    {
        _server.On("/items", $$"""[{"id": "{{new string('x', 400)}}"}]""");
        Assert.EndsWith("?page=3: the answer is longer than max_bytes allows",
            (await _server.Items("\"paging\": {\"style\": \"page\"},", "\"max_bytes\": 1000,").FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_without_id_leads_nowhere()
    {
        _server.On("/items", """[{"id": null}]""");
        Assert.Equal($"GET {_server.Url}/items: the last item of the page has no id at id", (await _server.Items("\"paging\": {\"style\": \"marker\"},").FailureAsync()).Message);
    }

    [Fact]
    public async Task Paging_may_be_said_once_for_all_resources()
    {
        Serve(2, (context, page, items) =>
        {
            context.Response.Headers.Link = page == 0 ? "<?page=1>; rel=next" : "";
            return items;
        });
        Assert.Equal(2, (await _server.Items(options: "\"paging\": {\"style\": \"header\"},").AllAsync()).Length);
        Assert.Single(await _server.Items("\"paging\": {\"style\": \"none\"},", "\"paging\": {\"style\": \"header\"},").AllAsync());
    }

    private void Serve(int pages, Func<HttpContext, int, JsonArray, JsonNode> answer) => _server.On("/items", context =>
    {
        var page = context.Request.Query["page"].ToString() is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        Assert.InRange(page, 0, pages - 1);
        return RestServer.AnswerAsync(context, answer(context, page, new JsonArray(Item(page))).ToJsonString());
    });

    private static JsonNode Item(int id) => new JsonObject { ["id"] = id };

    private string Link(string link, int page) =>
        link.Replace("BASE", _server.Url, StringComparison.Ordinal).Replace("PAGE", page.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task ExpectAsync(int rows, string resource, string[] queries)
    {
        Assert.Equal(Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"t({i})")), await _server.Items(resource).AllAsync());
        Assert.Equal(queries.Select(query => $"GET /items{query}"), _server.Asked.Select(a => a.ToString()));
    }
}
