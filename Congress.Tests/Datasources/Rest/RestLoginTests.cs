using System.Globalization;
using Congress.Data;
using Congress.Datasources;
using Microsoft.AspNetCore.Http;

namespace Congress.Tests.Datasources.Rest;

public sealed class RestLoginTests : IAsyncLifetime
{
    private const string Keystone = """
        "username": "ann", "password": "pw\"1", "values": {"project": "demo"},
        "login": {"path": "/v3/auth/tokens", "token_header": "X-Subject-Token", "send_header": "X-Auth-Token",
          "body": {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "{username}", "password": "{password}", "domain": {"id": "default"}}}},
                            "scope": {"project": {"name": "{project}", "domain": {"id": "default"}}}}},
          "endpoints": {"compute": "token.catalog[?type=='compute'].endpoints[?interface=='public'].url"}},
        "actions": [{"name": "stop", "endpoint": "compute", "path": "/servers/{id}/action", "parameters": ["id"], "body": {"os-stop": null}}],
        "resources": [{"endpoint": "compute", "path": "/servers", "items": "servers", "table": "servers", "columns": ["id"]}]
        """;

    private RestServer _server = null!;
    private int _logins;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _server = await RestServer.StartAsync();
        _server.On("/v3/auth/tokens", LogInAsync)
            .On("/compute/servers", Guarded("""{"servers": [{"id": "s"}]}"""))
            .On("/compute/servers/s/action", Guarded(""));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_login_gives_the_token_and_the_urls()
    {
        var driver = _server.Driver(Keystone);
        Assert.Equal(["servers(\"s\")"], await driver.AllAsync());
        Assert.Equal(["servers(\"s\")"], await driver.AllAsync());
        Assert.Equal(["POST /v3/auth/tokens", "GET /compute/servers", "GET /compute/servers"], _server.Asked.Select(a => a.ToString()));
        var login = _server.Asked.First();
        Assert.Equal("application/json", login.Header("Content-Type"));
        Assert.Contains("""{"user":{"name":"ann","password":"pw\u00221","domain":{"id":"default"}}}""", login.Body, StringComparison.Ordinal);
        Assert.Contains("""{"project":{"name":"demo",""", login.Body, StringComparison.Ordinal);
        Assert.Null(login.Header("Authorization"));
    }

    [Fact]
    public async Task A_token_that_is_over_is_replaced_once()
    {
        var driver = _server.Driver(Keystone);
        await driver.AllAsync();
        _token = "changed";
        Assert.Equal(["servers(\"s\")"], await driver.AllAsync());
        Assert.Equal(2, _logins);
        _server.On("/compute/servers", "no", 401);
        Assert.Equal($"GET {_server.Url}/compute/servers: status 401 Unauthorized; it says: no", (await driver.FailureAsync()).Message);
        Assert.Equal(3, _logins);
    }

    [Fact]
    public async Task Readings_at_once_log_in_once()
    {
        var driver = _server.Driver(Keystone);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => driver.AllAsync()));
        Assert.Equal(1, _logins);
        _token = "changed";
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => driver.AllAsync()));
        Assert.Equal(2, _logins);
    }

    [Fact]
    public async Task An_action_that_is_refused_as_nobody_is_logged_in_is_sent_again()
    {
        var driver = _server.Driver(Keystone);
        await driver.AllAsync();
        _token = "changed";
        await driver.ExecuteAsync(new("stop", ["s"], new Dictionary<string, Value>(), "k"));
        Assert.Equal(["POST /compute/servers/s/action", "POST /v3/auth/tokens", "POST /compute/servers/s/action"], _server.Asked.TakeLast(3).Select(a => a.ToString()));
        Assert.Equal("""{"os-stop":null}""", _server.Asked.Last().Body);
    }

    [Fact]
    public async Task A_login_may_answer_with_a_token_in_its_body()
    {
        _server.On("/login", """{"access": {"token": "t-o-k"}}""").On("/items", "[]");
        await _server.Items(options: """ "secrets": {"client": "c1"}, "login": {"url": "URL/login", "body": {"key": "{client}"}, "token_path": "access.token"},""").AllAsync();
        Assert.Equal("""{"key":"c1"}""", _server.Asked.First().Body);
        Assert.Equal("Bearer t-o-k", _server.Asked.Last().Header("Authorization"));
    }

    [Theory]
    [InlineData("{\"t\": 5}", "the answer has no text at t")]
    [InlineData("{\"t\": \"a\\nb\"}", "the answer has a token that no header takes")]
    public async Task A_token_must_be_one(string body, string problem)
    {
        _server.On("/login", body);
        Assert.Equal($"cannot log in: POST {_server.Url}/login: {problem}",
            (await _server.Items(options: """ "login": {"path": "login", "token_path": "t"},""").FailureAsync()).Message);
    }

    [Theory]
    [InlineData(401, "you are pw\\\"1", "", "cannot log in: POST BASE/v3/auth/tokens: status 401 Unauthorized; it says: you are <hidden>")]
    [InlineData(201, "{}", "", "cannot log in: POST BASE/v3/auth/tokens: the answer has no header X-Subject-Token")]
    [InlineData(201, "{}", "a-token-1", "'/servers' cannot be read: the login's answer has no URL of the endpoint 'compute'")]
    [InlineData(201, "{\"access\": \"new-token\"", "a-token-1", "cannot log in: POST BASE/v3/auth/tokens: the answer is not JSON at line 1, position 23: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed")]
    public async Task A_login_that_fails_says_why(int status, string body, string token, string message)
    {
        _server.On("/v3/auth/tokens", context =>
        {
            context.Response.Headers["X-Subject-Token"] = token;
            return RestServer.AnswerAsync(context, body, status);
        });
        Assert.Equal(message.Replace("BASE", _server.Url, StringComparison.Ordinal), (await _server.Driver(Keystone).FailureAsync()).Message);
    }

    [Fact]
    public async Task A_login_that_is_too_much_says_when_to_try_again()
    {
        _server.On("/v3/auth/tokens", context =>
        {
            context.Response.Headers.RetryAfter = "9";
            return RestServer.AnswerAsync(context, "", 429);
        });
        Assert.Equal(TimeSpan.FromSeconds(9), (await _server.Driver(Keystone).FailureAsync()).RetryAfter);
        var failure = await Assert.ThrowsAsync<DriverException>(() =>
            _server.Driver(Keystone).ExecuteAsync(new("stop", ["s"], new Dictionary<string, Value>(), "k")).AsTask());
        Assert.StartsWith("cannot log in: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_message_shows_a_token()
    {
        _server.On("/compute/servers", context => RestServer.AnswerAsync(context, $"bad {context.Request.Headers["X-Auth-Token"]}", 400));
        Assert.EndsWith("it says: bad <hidden>", (await _server.Driver(Keystone).FailureAsync()).Message, StringComparison.Ordinal);
    }

    private Task LogInAsync(HttpContext context)
    {
        _token = string.Create(CultureInfo.InvariantCulture, $"token-{Interlocked.Increment(ref _logins)}");
        context.Response.Headers["X-Subject-Token"] = _token;
        return RestServer.AnswerAsync(
            context,
            $$$"""{"token": {"catalog": [{"type": "compute", "endpoints": [{"interface": "admin", "url": "http://x"}, {"interface": "public", "url": "{{{_server.Url}}}/compute"}]}]}}""",
            201);
    }

    private Func<HttpContext, Task> Guarded(string body) => context =>
        context.Request.Headers["X-Auth-Token"] == _token ? RestServer.AnswerAsync(context, body) : RestServer.AnswerAsync(context, "", 401);
}
