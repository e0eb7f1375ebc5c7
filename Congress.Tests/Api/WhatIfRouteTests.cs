namespace Congress.Tests.Api;

/// <summary>What would be, and actions by hand, over HTTP.</summary>
public sealed class WhatIfRouteTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Syntax = "Incorrect action syntax. Requires: <service>:<action>";
    private const string Arguments = "Incorrect argument syntax. Requires: {'positional': [<args>], 'named': {<key>:<value>,}}";
    private const string Classification = "/v1/policies/classification";

    [Fact]
    public async Task A_simulation_answers_and_changes_nothing()
    {
        await server.WithPolicyAsync("simulated", "p(1)");
        var answer = (await server.PostAsync("/v1/policies/simulated?action=simulate", """{"query": "p(x)", "sequence": "p+(2)", "action_policy": "action"}""")).Is(200);
        Assert.Equal("""{"result":["p(1)","p(2)"]}""", answer.Text);
        Assert.Equal("[1]", (await server.GetAsync("/v1/policies/simulated/tables/p/rows")).Rows);
        var delta = (await server.PostAsync("/v1/policies/simulated?action=simulate&delta=true", """{"query": "p(x)", "sequence": "p+(2)", "action_policy": "action"}""")).Is(200);
        Assert.Equal("p+(2)", Assert.Single(delta.Json.GetProperty("result").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_preview_tells_the_violations_that_would_come()
    {
        await server.WithPolicyAsync("previewed", "p(1)");
        var answer = (await server.PostAsync("/v1/policies/previewed?action=preview", """{"insert": "error(x) :- p(x)"}""")).Is(200).Json;
        Assert.Equal("[1]", answer.GetProperty("appeared")[0].GetProperty("row").GetRawText());
        Assert.Equal(0, (await server.GetAsync("/v1/policies/previewed/violations")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task An_action_is_executed_by_its_full_name_or_at_its_datasource()
    {
        await server.WithDatasourceAsync("acting");
        Assert.Equal("{}", (await server.PostAsync($"{Classification}?action=execute", """{"name": "acting:fake_act", "args": {"positional": ["s1"]}}""")).Is(200).Text);
        Assert.Equal("{}", (await server.PostAsync("/v1/data-sources/acting?action=execute", """{"name": "fake_act", "args": {"named": {"server_id": 1}}}""")).Is(200).Text);
        (await server.PostAsync("/v1/data-sources/acting?action=execute", "{}")).IsError(400, 1016, "Error in execution procedure::Action not found");
        (await server.PostAsync("/v1/data-sources/nosuch?action=execute", """{"name": "a"}""")).IsError(400, 1016, "Error in execution procedure::Service nosuch not found");
    }

    [Theory]
    [InlineData("", "{}", 400, 400, "Missing required action parameter.")]
    [InlineData("?action=x", "{}", 501, 501, "Method not supported")]
    [InlineData("?action=simulate&action=simulate", "{}", 400, 400, "Action parameter may not be provided multiple times.")]
    [InlineData("?action=simulate", "{}", 400, 1004, "Simulate requires parameters: query, sequence, action_policy")]
    [InlineData("?action=simulate", """{"query": 5}""", 400, 400, "'query' is a number; expected a text")]
    [InlineData("?action=simulate", """{"query": "p(", "sequence": "", "action_policy": "action"}""", 400, 1007,
        "Error in simulate procedure::CGS0005 (query:1:3): expected a variable or a value, found the end of the text")]
    [InlineData("?action=simulate", """{"query": "p(x)", "sequence": "", "action_policy": "nosuch"}""", 400, 1007, "Error in simulate procedure::there is no policy nosuch")]
    [InlineData("?action=preview", """{"insert": 5}""", 400, 400, "'insert' is a number; expected a text")]
    [InlineData("?action=preview", """{"insert": "error("}""", 400, 1007, "Error in simulate procedure::CGS0005 (simulation:1:7): expected a variable or a value, found the end of the text")]
    [InlineData("?action=execute", "{}", 400, 1017, Syntax)]
    [InlineData("?action=execute", """{"name": "a:b:c"}""", 400, 1017, Syntax)]
    [InlineData("?action=execute", """{"name": "nosuch:act"}""", 400, 1016, "Error in execution procedure::Service nosuch not found")]
    [InlineData("?action=execute", """{"name": "nosuch:act", "args": 5}""", 400, 1018, Arguments)]
    [InlineData("?action=execute", """{"name": "nosuch:act", "args": {"positional": 5}}""", 400, 1018, Arguments)]
    [InlineData("?action=execute", """{"name": "nosuch:act", "args": {"named": 5}}""", 400, 1018, Arguments)]
    [InlineData("?action=execute", """{"name": "nosuch:act", "args": {"positional": [[1]]}}""", 400, 400, "'positional[0]' is an array; expected a text, a number, true, false or null")]
    public async Task What_makes_no_sense_is_refused(string query, string body, int status, int number, string message)
    {
        (await server.PostAsync(Classification + query, body)).IsError(status, number, message);
        Assert.Empty(server.Failures);
    }

    [Theory]
    [InlineData("simulate", """{"query": "p(x)", "sequence": "", "action_policy": "action"}""")]
    [InlineData("preview", "{}")]
    public async Task A_policy_that_is_not_there_cannot_be_tried(string action, string body) =>
        (await server.PostAsync($"/v1/policies/nosuch?action={action}", body)).IsError(400, 1007, "Error in simulate procedure::there is no policy nosuch");
}
