namespace Congress.Tests.Api;

/// <summary>What holds for requests of all routes: methods, bodies and their bounds, keys.</summary>
public sealed class RequestTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string All = "/v1/policies";

    [Theory]
    [InlineData("{", "Failed to parse body as application/json: ")]
    [InlineData("", "Failed to parse body as application/json: ")]
    [InlineData("""{"name": "\ud800"}""", "Failed to parse body as application/json: ")]
    [InlineData("""{"\udc00": 1}""", "Failed to parse body as application/json: ")]
    [InlineData("""{"name": NaN}""", "Failed to parse body as application/json: ")]
    public async Task A_body_that_is_no_JSON_is_refused(string body, string message)
    {
        var answer = (await server.PostAsync(All, body)).Is(400);
        Assert.StartsWith(message, answer.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(server.Failures);
    }

    /// <summary>As the reference does.</summary>
    [Fact]
    public async Task Of_a_member_that_is_given_twice_the_last_counts() =>
        Assert.Equal("second", (await server.PostAsync(All, """{"name": "first", "name": "second"}""")).Is(201).Json.GetProperty("name").GetString());

    [Fact]
    public async Task A_body_that_is_nested_deeply_is_refused()
    {
        foreach (var (depth, status) in new[] { (61, 400), (100_000, 400), (60, 200) })
        {
            await server.PostAsync("/v1/data-sources", $$"""{"name": "deep", "driver": "fake_datasource", "config": {{ApiServer.FakeConfig}}}""");
            var value = $"{new string('[', depth - 2)}{new string(']', depth - 2)}";
            (await server.SendAsync("PUT", "/v1/data-sources/deep/tables/fake_table/rows", $$"""[{"id": {{value}}, "name": 1}]""")).Is(status);
        }

        Assert.Empty(server.Failures);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused() =>
        (await server.PostAsync(All, $$"""{"name": "large", "description": "{{new string('a', 3_900_000)}}"}""")).IsError(413, 413, "the body is larger than 3900000 bytes");

    [Theory]
    [InlineData('é', "letters")]
    [InlineData('<', "marks")]
    public async Task A_long_text_passes_whatever_letters_it_is_of(char letter, string name)
    {
        var text = new string(letter, 999_999);
        (await server.PostAsync(All, $$"""{"name": "{{name}}", "description": "{{text}}"}""")).Is(201);
        Assert.Equal(text, (await server.GetAsync($"{All}/{name}")).Is(200).Json.GetProperty("description").GetString());
        (await server.SendAsync("DELETE", $"{All}/{name}")).Is(200);
    }

    [Fact]
    public async Task What_fits_a_request_and_no_message_between_services_is_refused()
    {
        var rules = string.Join(',', Enumerable.Range(0, 100_000).Select(n => $$"""{"rule": "p({{n}})"}"""));
        (await server.PostAsync(All, $$"""{"name": "long", "rules": [{{rules}}]}""")).IsError(413, 413, "what is asked for does not fit into a message of 4 MB; ask for it in parts");
        Assert.Empty(server.Failures);
    }

    [Theory]
    [InlineData("text/plain", "Unsupported Content-Type; must be 'application/json'")]
    [InlineData(null, "Unsupported Content-Type; must be 'application/json'")]
    [InlineData("application/json; charset=latin-1", "Unsupported charset: must be 'UTF-8'")]
    public async Task A_body_that_says_it_is_something_else_is_refused(string? type, string message) => (await server.SendAsync("POST", All, "{}", type)).IsError(400, 400, message);

    [Theory]
    [InlineData(All, "GET, POST")]
    [InlineData($"{All}/classification", "GET, POST, DELETE")]
    [InlineData("/v1/data-sources/x", "GET, POST, PUT, PATCH, DELETE")]
    [InlineData("/v1/data-sources/x/tables/t/rows", "GET, PUT")]
    public async Task OPTIONS_tells_the_methods_and_any_other_method_is_answered_501(string path, string methods)
    {
        Assert.Equal(methods, (await server.SendAsync("OPTIONS", path)).Is(200).Headers["Allow"]);
        foreach (var method in new[] { "HEAD", "TRACE", "SEARCH" })
        {
            (await server.SendAsync(method, path)).Is(501);
        }
    }

    [Theory]
    [InlineData($"{All}/")]
    [InlineData($"{All}/classification/")]
    [InlineData("/v1/nosuch")]
    public async Task A_path_that_is_none_is_not_found(string path) => (await server.GetAsync(path)).IsError(404, 404, "The resource could not be found.");

    [Fact]
    public async Task Slashes_in_a_row_are_one() => (await server.GetAsync("/v1//policies")).Is(200);

    [Fact]
    public async Task A_key_that_comes_again_has_one_effect_and_the_same_answer()
    {
        var first = (await server.PostAsync(All, """{"name": "once"}""", key: "k")).Is(201);
        Assert.Equal(first.Text, (await server.PostAsync(All, """{"name": "once"}""", key: "k")).Is(201).Text);
        var rule = (await server.PostAsync($"{All}/once/rules", """{"rule": "p(1)"}""", key: "k")).Is(201);   // a key counts for one resource
        Assert.Equal(rule.Text, (await server.PostAsync($"{All}/once/rules", """{"rule": "p(1)"}""", key: "k")).Is(201).Text);
        var path = $"{All}/once/rules/{rule.Json.GetProperty("id").GetString()}";
        Assert.Equal((await server.SendAsync("DELETE", path, key: "k")).Is(200).Text, (await server.SendAsync("DELETE", path, key: "k")).Is(200).Text);
        (await server.SendAsync("DELETE", path, key: "another")).IsError(404, 404, "Not found");

        var datasource = $$"""{"name": "once", "driver": "fake_datasource", "config": {{ApiServer.FakeConfig}}}""";
        var created = (await server.PostAsync("/v1/data-sources", datasource, key: "k")).Is(201);
        Assert.Equal(created.Text, (await server.PostAsync("/v1/data-sources", datasource, key: "k")).Is(201).Text);
        (await server.GetAsync($"/v1/data-sources/{created.Json.GetProperty("id").GetString()}/status")).Is(200);
        Assert.Empty(server.Failures);
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused() =>
        (await server.PostAsync(All, """{"name": "longkey"}""", key: new('k', 151))).IsError(400, 400, "the Idempotency-Key has 151 characters; expected at most 150");
}
