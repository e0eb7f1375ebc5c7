using System.Net;
using System.Text.Json;
using Congress.Cli.Server.Http;

namespace Congress.Tests.Api;

/// <summary>The actions that rules ask for, over HTTP: planned, shown, approved, rejected, and foreseen.</summary>
public sealed class ActionRouteTests : IAsyncLifetime, IDisposable
{
    private const string Actions = "/v1/actions";

    private readonly ApiServer _server = new(new HttpOptions
    {
        Listen = new(IPAddress.Loopback, 0),
        Tokens = [new("ann", Role.Admin, TokenHash.Of("token of ann")), new("rob", Role.Reader, TokenHash.Of("token of rob"))],
    });

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "token of ann");
        await _server.WithDatasourceAsync("cloud");
        await _server.WithPolicyAsync("guard", "execute[cloud:fake_act(id)] :- cloud:fake_table(id, \"bad\")");
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task An_action_is_planned_shown_approved_by_name_and_done_and_another_rejected()
    {
        await PushAsync("""[{"id": 1, "name": "bad"}, {"id": 2, "name": "bad"}, {"id": 3, "name": "good"}]""");
        var planned = await UntilAsync("?state=planned", all => all.Length == 2);
        Assert.All(planned, o => Assert.Equal(("guard", "cloud", "fake_act", true), (TextOf(o, "policy"), TextOf(o, "service"), TextOf(o, "action"), o.GetProperty("is_open").GetBoolean())));
        var (one, two) = (IdOf(planned, 1), IdOf(planned, 2));
        Assert.Equal("[1]", (await _server.GetAsync($"{Actions}/{one}")).Is(200).Json.GetProperty("arguments").GetRawText());

        (await _server.PostAsync($"{Actions}/{one}?action=approve", "")).Is(200);
        await UntilAsync("?state=done", all => all.Length == 1 && TextOf(all[0], "id") == one);
        (await _server.PostAsync($"{Actions}/{one}?action=approve", ""))
            .IsError(409, 409, $"occurrence {one} is Done; nothing waits for a decision");
        var rejected = (await _server.PostAsync($"{Actions}/{two}?action=reject", "")).Is(200).Json;
        Assert.Equal(("Rejected", "rejected by ann"), (TextOf(rejected, "state"), TextOf(rejected, "note")));

        // What is over is no longer decided upon, and still shown.
        await PushAsync("[]");
        await UntilAsync("", all => all.Length == 2 && Array.TrueForAll(all, o => !o.GetProperty("is_open").GetBoolean()));
        (await _server.PostAsync($"{Actions}/{two}?action=approve", ""))
            .IsError(409, 409, $"there is no open occurrence {two}: the rows under it may have changed, which voids it");
        Assert.Equal("Rejected", TextOf((await _server.GetAsync($"{Actions}/{two}")).Is(200).Json, "state"));
        Assert.Single((await _server.GetAsync($"{Actions}?limit=1")).Is(200).Json.GetProperty("results").EnumerateArray());
    }

    [Fact]
    public async Task Who_acts_by_hand_is_named_in_the_journal()
    {
        (await _server.PostAsync("/v1/data-sources/cloud?action=execute", """{"name": "fake_act", "args": {"positional": ["s1"]}}""", key: "once")).Is(200);
        (await _server.PostAsync("/v1/data-sources/cloud?action=execute", """{"name": "fake_act", "args": {"positional": ["s1"]}}""", key: "once")).Is(200);
        var done = Assert.Single(await UntilAsync("?state=done", all => all.Length > 0));
        Assert.Equal(("by ann", ""), (TextOf(done, "cause"), TextOf(done, "policy")));
    }

    [Fact]
    public async Task An_action_that_would_bring_its_condition_back_says_so_while_it_is_planned()
    {
        foreach (var rule in new[] { "action(\"fake_act\")", "cloud:fake_table+(id, \"bad\") :- fake_act(id)" })
        {
            (await _server.PostAsync("/v1/policies/action/rules", JsonSerializer.Serialize(new { rule }))).Is(201);
        }

        await PushAsync("""[{"id": 1, "name": "bad"}]""");
        Assert.Equal("policy action describes no effect of it that ends its condition", TextOf(Assert.Single(await UntilAsync("?state=planned", all => all.Length == 1)), "note"));
    }

    [Theory]
    [InlineData("GET", "?state=lost", 400, 400, "'state' is 'lost'; expected one of planned, waiting, held, claimed, sent, done, failed, unknown, rejected, withdrawn")]
    [InlineData("GET", "?state=1", 400, 400, "'state' is '1'; expected one of planned, waiting, held, claimed, sent, done, failed, unknown, rejected, withdrawn")]
    [InlineData("GET", "?limit=x", 400, 400, "'limit' is 'x'; expected an integer from 0 to 10000")]
    [InlineData("GET", "?limit=10001", 400, 400, "'limit' is '10001'; expected an integer from 0 to 10000")]
    [InlineData("POST", "", 501, 501, "Method not supported")]
    [InlineData("GET", "/nosuch", 404, 404, "there is no action nosuch")]
    [InlineData("POST", "/nosuch", 400, 400, "Missing required action parameter.")]
    [InlineData("POST", "/nosuch?action=bless", 501, 501, "Method not supported")]
    [InlineData("POST", "/nosuch?action=approve&action=reject", 400, 400, "Action parameter may not be provided multiple times.")]
    [InlineData("POST", "/nosuch?action=approve", 409, 409, "there is no open occurrence nosuch: the rows under it may have changed, which voids it")]
    [InlineData("POST", "/nosuch?action=reject", 409, 409, "there is no open occurrence nosuch: the rows under it may have changed, which voids it")]
    [InlineData("DELETE", "/nosuch", 501, 501, "Method not supported")]
    public async Task What_makes_no_sense_is_refused(string method, string path, int status, int number, string message) =>
        (await _server.SendAsync(method, Actions + path, method == "POST" ? "" : null)).IsError(status, number, message);

    [Fact]
    public async Task Readers_see_what_they_may_not_decide()
    {
        _server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "token of rob");
        (await _server.GetAsync(Actions)).Is(200);
        (await _server.PostAsync($"{Actions}/nosuch?action=approve", "")).IsError(403, 403, "You are not authorized to perform the requested action.::expected the role operator");
    }

    private async Task PushAsync(string rows) => (await _server.SendAsync("PUT", "/v1/data-sources/cloud/tables/fake_table/rows", rows)).Is(200);

    private async Task<JsonElement[]> UntilAsync(string query, Func<JsonElement[], bool> isSo)
    {
        for (var i = 0; ; i++)
        {
            var answer = await _server.GetAsync(Actions + query);
            if (answer.Status == 200 && answer.Json.GetProperty("results").EnumerateArray().ToArray() is var all && isSo(all))
            {
                return all;
            }

            Assert.True(i < 600, $"not within 30 s; there is {answer.Text}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static string? TextOf(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static string IdOf(JsonElement[] all, int argument) => TextOf(all.Single(o => o.GetProperty("arguments")[0].GetInt32() == argument), "id")!;
}
