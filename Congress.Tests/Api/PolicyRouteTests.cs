namespace Congress.Tests.Api;

/// <summary>Policies, their rules, status and violations over HTTP.</summary>
public sealed class PolicyRouteTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string NoPolicy = "The specified policy does not exist.::Policy ID nosuch does not exist";

    [Fact]
    public async Task A_policy_is_created_shown_listed_and_deleted_by_name_or_identity()
    {
        var created = (await server.PostAsync("/v1/policies", """{"name": "made", "description": "d", "kind": "Action", "abbreviation": "m"}""")).Is(201);
        var id = created.Json.GetProperty("id").GetString();
        Assert.EndsWith($"/v1/policies/{id}", created.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal($$"""{"id":"{{id}}","name":"made","owner_id":"user","description":"d","abbreviation":"m","kind":"action"}""", created.Text);
        Assert.Equal(created.Text, (await server.GetAsync("/v1/policies/made")).Is(200).Text);
        Assert.Equal(created.Text, (await server.GetAsync($"/v1/policies/{id}?min_version={created.Headers["Policy-Version"]}")).Is(200).Text);
        Assert.Contains(created.Text, (await server.GetAsync("/v1/policies")).Is(200).Text, StringComparison.Ordinal);
        Assert.Equal($$"""{"name":"made","id":"{{id}}"}""", (await server.GetAsync($"/v1/policies/{id}/status")).Is(200).Text);
        Assert.Equal(created.Text, (await server.SendAsync("DELETE", "/v1/policies/made")).Is(200).Text);
        (await server.GetAsync("/v1/policies/made")).IsError(404, 404, "Not Found::No policy found with name or id made");
    }

    [Fact]
    public async Task A_rule_is_inserted_shown_listed_and_deleted()
    {
        await server.WithPolicyAsync("ruled");
        var created = (await server.PostAsync("/v1/policies/ruled/rules", """{"rule": "p(x) :- q(x)", "name": "n", "comment": "c"}""")).Is(201);
        var id = created.Json.GetProperty("id").GetString();
        Assert.Equal($$"""{"rule":"p(x) :-\n  q(x)","id":"{{id}}","comment":"c","name":"n"}""", created.Text);
        var shown = (await server.GetAsync($"/v1/policies/ruled/rules/{id}")).Is(200).Text;
        Assert.Equal($$"""{"rule":"p(x) :- q(x)","id":"{{id}}","comment":"c","name":"n"}""", shown);
        Assert.Equal($$"""{"results":[{{shown}}]}""", (await server.GetAsync("/v1/policies/ruled/rules")).Is(200).Text);
        Assert.Equal("p(x) :- q(x)", (await server.GetAsync($"/v1/policies/ruled/rules/{id}/status")).Is(200).Json.GetProperty("original_str").GetString());
        Assert.Equal(shown, (await server.SendAsync("DELETE", $"/v1/policies/ruled/rules/{id}")).Is(200).Text);
        (await server.GetAsync($"/v1/policies/ruled/rules/{id}")).IsError(404, 404, "Not found");
    }

    [Fact]
    public async Task Violations_are_listed_by_policy_and_altogether_up_to_a_limit()
    {
        await server.WithPolicyAsync("bad", "error(1)", "error(2)", "warning(3)");
        var all = (await server.GetAsync("/v1/policies/bad/violations")).Is(200).Json;
        Assert.Equal((3, 3), (all.GetProperty("total").GetInt32(), all.GetProperty("violations").GetArrayLength()));
        var first = (await server.GetAsync("/v1/violations?limit=1")).Is(200).Json;
        Assert.Equal((3, 1), (first.GetProperty("total").GetInt32(), first.GetProperty("violations").GetArrayLength()));
    }

    [Theory]
    [InlineData("5", 400, 400, "the body is a number; expected an object")]
    [InlineData("[]", 400, 1010, "A name must be provided when creating a policy")]
    [InlineData("{}", 400, 1010, "A name must be provided when creating a policy")]
    [InlineData("""{"name": 5}""", 400, 400, "'name' is a number; expected a text")]
    [InlineData("""{"name": "ok", "kind": 5}""", 400, 400, "'kind' is a number; expected a text")]
    [InlineData("""{"name": "ok", "description": []}""", 400, 400, "'description' is an array; expected a text")]
    [InlineData("""{"name": "classification"}""", 409, 409, "Policy with name classification already exists")]
    [InlineData("""{"name": "ok", "rules": 5}""", 400, 400, "Bad Request::Input policy item violates schema.")]
    [InlineData("""{"name": "ok", "rules": [{"rule": "p("}]}""", 400, 1002, "Syntax error for rule::CGS0005 (ok:1:3): expected a variable or a value, found the end of the text")]
    [InlineData("""{"name": "ok", "abbreviation": "toolong"}""", 400, 1022,
        "The policy abbreviation must be a string and the length of the string must be equal to or less than 5 characters.")]
    [InlineData("""{"name": "ok", "kind": "zz"}""", 400, 400,
        "Bad Request::Unknown kind of policy: zz; expected one of nonrecursive, recursive, z3, action, database, materialized, datasource")]
    public async Task A_policy_that_makes_no_sense_is_refused(string body, int status, int number, string message)
    {
        (await server.PostAsync("/v1/policies", body)).IsError(status, number, message);
        Assert.Empty(server.Failures);
    }

    [Theory]
    [InlineData("5", 400, 400, "the body is a number; expected an object")]
    [InlineData("{}", 400, 400, "'rule' is missing; expected a text")]
    [InlineData("""{"rule": 5}""", 400, 400, "'rule' is a number; expected a text")]
    [InlineData("""{"rule": "p(1)", "comment": 7}""", 400, 400, "'comment' is a number; expected a text")]
    [InlineData("""{"rule": "a(1) b(2)"}""", 400, 1003, "Received string representing more than 1 rule::the text is 2 statements; expected one rule: a(1) b(2)")]
    [InlineData("""{"rule": "p(x"}""", 400, 1002, "Syntax error for rule::CGS0005 (classification:1:4): expected ',' or ')', found the end of the text")]
    public async Task A_rule_that_makes_no_sense_is_refused(string body, int status, int number, string message) =>
        (await server.PostAsync("/v1/policies/classification/rules", body)).IsError(status, number, message);

    [Fact]
    public async Task A_rule_that_is_there_is_refused()
    {
        await server.WithPolicyAsync("twice", "p(1)");
        (await server.PostAsync("/v1/policies/twice/rules", """{"rule": "p( 1 )"}""")).IsError(409, 1008, "Rule already exists::(1008) Rule already exists");
    }

    [Fact]
    public async Task A_datasource_has_no_rules()
    {
        await server.WithDatasourceAsync("ruleless");
        (await server.PostAsync("/v1/policies/ruleless/rules", """{"rule": "p(1)"}""")).IsError(400, 1019, "Rules not permitted on non persisted policies.");
    }

    [Theory]
    [InlineData("GET", "/v1/policies/nosuch", 404, "Not Found::No policy found with name or id nosuch")]
    [InlineData("DELETE", "/v1/policies/nosuch", 404, "Policy Name or ID 'nosuch' does not exist")]
    [InlineData("DELETE", "/v1/policies/classification", 404, "Cannot delete system-maintained policy classification")]
    [InlineData("GET", "/v1/policies/nosuch/status", 404, "policy nosuch name or id nosuch doesn't exist")]
    [InlineData("GET", "/v1/policies/nosuch/violations", 1020, NoPolicy)]
    [InlineData("GET", "/v1/policies/nosuch/rules", 1020, NoPolicy)]
    [InlineData("GET", "/v1/policies/nosuch/rules/1", 1020, NoPolicy)]
    [InlineData("DELETE", "/v1/policies/nosuch/rules/1", 1020, NoPolicy)]
    [InlineData("DELETE", "/v1/policies/classification/rules/1", 404, "Not found")]
    [InlineData("GET", "/v1/policies/classification/rules/1/status", 404, "rule_id 1  is not found.")]
    public async Task What_is_not_there_is_not_found(string method, string path, int number, string message) =>
        (await server.SendAsync(method, path)).IsError(404, number, message);

    [Fact]
    public async Task A_policy_is_made_from_the_library()
    {
        var id = (await server.GetAsync("/v1/librarypolicies?name=LibOne")).Json.GetProperty("results")[0].GetProperty("id").GetString();
        Assert.NotEmpty((await server.PostAsync($"/v1/policies?library_policy={id}", "{}")).Is(201).Json.GetProperty("rules").EnumerateArray());
        (await server.PostAsync("/v1/policies?library_policy=nosuch", "{}")).IsError(404, 404, "No policy found with policy id nosuch");
        (await server.PostAsync($"/v1/policies?library_policy={id}", """{"name": "x"}""")).IsError(400, 400, "Bad Request::body must be empty when a policy is made from the library");
    }
}
