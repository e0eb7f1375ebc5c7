using Congress.Data;
using Congress.Datasources;
using Congress.Datasources.Drivers.Rest;

namespace Congress.Tests.Datasources.Rest;

public sealed class RestActionTests : IAsyncLifetime
{
    private const string Actions = """
        "timeout": 0.5, "actions": [
          {"name": "quarantine", "description": "Moves a server away", "path": "/servers/{id}/move", "query": {"force": "{force}", "v": "2"}, "promise": "keyed",
           "parameters": [{"name": "id", "description": "The server"}, {"name": "network"}, {"name": "force", "required": false}],
           "body": {"move": {"to": "{network}", "text": "to {network}, {{forced}}: {force}", "force": "{force}", "list": [1, "{force}", "{id}"]}}},
          {"name": "delete", "method": "delete", "path": "servers/{id}", "parameters": ["id"], "promise": "at-least-once"},
          {"name": "touch", "method": "PUT", "path": "servers/a-{id}.x", "headers": {"X-Why": "policy"}, "parameters": ["id"], "promise": "keyed", "key_header": "X-Request-Key"}]
        """;

    private RestServer _server = null!;

    public async Task InitializeAsync() => _server = await RestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Actions_say_what_they_take_and_promise() => Assert.Equal(
        ["quarantine(id, network, force?) Keyed: Moves a server away", "delete(id) AtLeastOnce: DELETE servers/{id}", "touch(id) Keyed: PUT servers/a-{id}.x"],
        _server.Driver(Actions).Actions.Select(a =>
            $"{a.Name}({string.Join(", ", a.Parameters.Select(p => p.Name + (p.IsRequired ? "" : "?")))}) {a.Promise}: {a.Description}"));

    [Fact]
    public async Task Arguments_fill_path_query_and_body_with_their_types()
    {
        _server.On("/servers/a b%2Fc/move", "", 202);
        await ExecuteAsync("quarantine", ["a b/c", 7], [("force", true)]);
        var asked = Assert.Single(_server.Asked);
        Assert.Equal("POST /servers/a%20b%2Fc/move?force=true&v=2", asked.ToString());
        Assert.Equal("""{"move":{"to":7,"text":"to 7, {forced}: true","force":true,"list":[1,true,"a b/c"]}}""", asked.Body);
        Assert.Equal("key 1 \u00e9", Uri.UnescapeDataString(asked.Header("Idempotency-Key")!));
    }

    [Fact]
    public async Task An_argument_that_is_not_given_is_left_out_and_null_stays()
    {
        _server.On("/servers/1.5/move", "");
        await ExecuteAsync("quarantine", [1.5], [("network", Value.Null)]);
        Assert.Equal("POST /servers/1.5/move?v=2", Assert.Single(_server.Asked).ToString());
        Assert.Equal("""{"move":{"to":null,"text":"to , {forced}: ","list":[1,1.5]}}""", _server.Asked.Single().Body);
    }

    [Fact]
    public async Task A_key_is_sent_where_the_target_knows_it()
    {
        _server.On("/servers/a-1.x", "").On("/servers/1", "", 204);
        await ExecuteAsync("touch", [1]);
        await ExecuteAsync("delete", [1]);
        Assert.Equal(["PUT /servers/a-1.x", "DELETE /servers/1"], _server.Asked.Select(a => a.ToString()));
        Assert.Equal("policy", _server.Asked.First().Header("X-Why"));
        Assert.Equal("key 1 \u00e9", Uri.UnescapeDataString(_server.Asked.First().Header("X-Request-Key")!));
        Assert.DoesNotContain(_server.Asked.Last().Headers, h => h.Value.Contains("key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stop", "", "there is no action 'stop'; there are quarantine, delete, touch")]
    [InlineData("delete", "", "action 'delete' needs the argument 'id'")]
    [InlineData("delete", "a b", "action 'delete' takes at most 1 arguments (id)")]
    [InlineData("delete", "a id=b", "action 'delete' is given the argument 'id' twice")]
    [InlineData("delete", "a x=b", "action 'delete' has no argument 'x'; it has id")]
    [InlineData("delete", "id=", "action 'delete' cannot be sent: 'id' is a part of the path, and must not be empty")]
    [InlineData("delete", "..", "action 'delete' cannot be sent: the path servers/.. leads up")]
    public async Task Arguments_that_do_not_fit_send_nothing(string action, string arguments, string message)
    {
        var given = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var failure = await Assert.ThrowsAsync<DriverException>(() => ExecuteAsync(
            action, [.. given.Where(a => !a.Contains('=', StringComparison.Ordinal)).Select(a => (Value)a)],
            [.. given.Where(a => a.Contains('=', StringComparison.Ordinal)).Select(a => (a.Split('=')[0], (Value)a.Split('=')[1]))]));
        Assert.Equal(message, failure.Message);
        Assert.Empty(_server.Asked);
    }

    [Theory]
    [InlineData(302, null)]
    [InlineData(400, null)]
    [InlineData(404, null)]
    [InlineData(409, null)]
    [InlineData(429, 3)]
    [InlineData(503, 3)]
    public async Task What_is_refused_was_not_done(int status, int? seconds)
    {
        _server.On("/servers/1", context =>
        {
            context.Response.Headers.RetryAfter = "3";
            context.Response.Headers.Location = "/elsewhere";
            return RestServer.AnswerAsync(context, "no", status);
        });
        var failure = await Assert.ThrowsAsync<DriverException>(() => ExecuteAsync("delete", [1]));
        Assert.StartsWith($"DELETE {_server.Url}/servers/1: status {status}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
        Assert.Single(_server.Asked);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task Whether_it_was_done_is_unknown_when_the_system_fails(int status)
    {
        _server.On("/servers/1", "oops", status);
        var failure = await Assert.ThrowsAsync<UnknownOutcomeException>(() => ExecuteAsync("delete", [1]));
        Assert.StartsWith($"DELETE {_server.Url}/servers/1: status {status}", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("; it says: oops", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whether_it_was_done_is_unknown_when_no_answer_comes()
    {
        using var over = new CancellationTokenSource();
        _server.On("/servers/1", _ => Task.WhenAny(Task.Delay(Timeout.Infinite, over.Token)));
        Assert.EndsWith("no answer within 0.5 s", (await Assert.ThrowsAsync<UnknownOutcomeException>(() => ExecuteAsync("delete", [1]))).Message, StringComparison.Ordinal);
        await over.CancelAsync();
    }

    [Fact]
    public async Task An_action_whose_connection_is_lost_is_not_sent_again()
    {
        _server.On("/servers/1", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }).On("/servers/2", "");
        var driver = _server.Driver(Actions);
        await driver.ExecuteAsync(Call("delete", [2]));      // a connection that could have been kept
        await Assert.ThrowsAsync<UnknownOutcomeException>(() => driver.ExecuteAsync(Call("delete", [1])).AsTask());
        Assert.Equal(["DELETE /servers/2", "DELETE /servers/1"], _server.Asked.Select(a => a.ToString()));
    }

    [Fact]
    public async Task Half_an_answer_to_what_was_done_is_enough()
    {
        _server.On("/servers/1", async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync("half"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await Task.WhenAny(Task.Delay(Timeout.Infinite, context.RequestAborted));
        });
        await ExecuteAsync("delete", [1]);
    }

    [Fact]
    public async Task An_action_is_not_sent_to_a_server_that_is_not_there()
    {
        await using var gone = await RestServer.StartAsync();
        var driver = gone.Driver(Actions);
        await gone.DisposeAsync();
        await using var again = RestServer.Make(System.Text.Json.JsonElement.Parse($$"""{"url": "{{gone.Url}}", "actions": [{"name": "x", "path": "y"}]}"""));
        Assert.Contains("cannot connect", (await Assert.ThrowsAsync<DriverException>(() => again.ExecuteAsync(Call("x", [])).AsTask())).Message, StringComparison.Ordinal);
        Assert.Equal(3, driver.Actions.Count);
    }

    private Task ExecuteAsync(string action, Value[] positional, params (string Name, Value Value)[] named) =>
        _server.Driver(Actions).ExecuteAsync(Call(action, positional, named)).AsTask();

    private static DriverCall Call(string action, Value[] positional, params (string Name, Value Value)[] named) =>
        new(action, positional, named.ToDictionary(n => n.Name, n => n.Value, StringComparer.Ordinal), "key 1 é");
}
