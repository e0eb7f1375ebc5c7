using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Congress.Tests.Datasources.Rest;

public sealed class RestFailureTests : IAsyncLifetime
{
    private RestServer _server = null!;

    public async Task InitializeAsync() => _server = await RestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_status_of_failure_is_said_with_how_the_answer_begins()
    {
        _server.On("/items", $"<h1>No\n  way</h1> {new string('x', 500)}", 403);
        var failure = await _server.Items(""" "query": {"a": "b"},""").FailureAsync();
        Assert.Equal($"GET {_server.Url}/items?a=b: status 403 Forbidden; it says: <h1>No way</h1> {new string('x', 184)}...", failure.Message);
        Assert.Null(failure.RetryAfter);
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "120", 120)]
    [InlineData(503, "Fri, 01 Jan 2021 00:00:00 GMT", 0)]
    [InlineData(503, null, null)]
    [InlineData(500, "7", null)]
    public async Task A_system_says_when_to_try_again(int status, string? header, int? seconds)
    {
        _server.On("/items", context =>
        {
            context.Response.Headers.RetryAfter = header;
            return RestServer.AnswerAsync(context, "", status);
        });
        Assert.Equal(seconds, (await _server.Items().FailureAsync()).RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("[{\"id\": 1},\n  {\"id\": oops}]", "the answer is not JSON at line 2, position 10: 'o' is an invalid start of a value; it says: [{\"id\": 1}, {\"id\": oops}]")]
    [InlineData("[{\"id\": 1}", "the answer is not JSON at line 1, position 11: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed; it says: [{\"id\": 1}")]
    [InlineData("", "the answer is empty")]
    public async Task What_is_no_json_is_said_with_line_and_position(string body, string message)
    {
        _server.On("/items", body);
        Assert.Equal($"GET {_server.Url}/items: {message}", (await _server.Items().FailureAsync()).Message);
    }

    [Fact]
    public async Task What_is_nested_too_deeply_is_refused()
    {
        _server.On("/items", new string('[', 100_000));
        Assert.Contains("maximum configured depth of 64", (await _server.Items().FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_have_the_form_that_is_expected_is_said_with_the_place()
    {
        _server.On("/items", """{"list": [{"id": 1}, 5]}""");
        Assert.Equal($"GET {_server.Url}/items: table 't': expected an object, found a number, at $[1]", (await _server.Items("\"items\": \"list\",").FailureAsync()).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Half_a_body_is_no_answer(bool isChunked)
    {
        _server.On("/items", async context =>
        {
            context.Response.ContentLength = isChunked ? null : 1000;
            await context.Response.WriteAsync("[{\"id\": 1}");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        var message = (await _server.Items().FailureAsync()).Message;
        Assert.StartsWith($"GET {_server.Url}/items: ", message, StringComparison.Ordinal);
        Assert.Matches("the connection was lost|no whole answer came", message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_answer_is_not_waited_for(bool hasBegun)
    {
        using var over = new CancellationTokenSource();
        _server.On("/items", async context =>
        {
            if (hasBegun)
            {
                await context.Response.WriteAsync("[");
                await context.Response.Body.FlushAsync();
            }

            await Task.WhenAny(Task.Delay(Timeout.Infinite, over.Token));
        });
        Assert.Equal($"GET {_server.Url}/items: no answer within 0.3 s", (await _server.Items(options: "\"timeout\": 0.3,").FailureAsync()).Message);
        await over.CancelAsync();
    }

    [Fact]
    public async Task Who_stops_the_reading_is_not_told_that_the_system_failed()
    {
        using var over = new CancellationTokenSource();
        _server.On("/items", async context =>
        {
            await over.CancelAsync();
            await Task.WhenAny(Task.Delay(Timeout.Infinite, context.RequestAborted));
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _server.Items().AllAsync(over.Token));
    }

    [Fact]
    public async Task An_answer_that_is_too_long_is_not_read()
    {
        _server.On("/items", new string(' ', 2000));
        Assert.Equal($"GET {_server.Url}/items: the answer is longer than max_bytes allows", (await _server.Items(options: "\"max_bytes\": 1999,").FailureAsync()).Message);
    }

    [Fact]
    public async Task Redirects_are_bounded()
    {
        _server.On("/items", context =>
        {
            context.Response.Headers.Location = "/items";
            return RestServer.AnswerAsync(context, "", 301);
        });
        Assert.Equal($"GET {_server.Url}/items: more than 2 redirects", (await _server.Items(options: "\"max_redirects\": 2,").FailureAsync()).Message);
        Assert.Equal(3, _server.Asked.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_cannot_be_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        await using var driver = RestServer.Make(System.Text.Json.JsonElement.Parse($$"""{"url": "{{url}}", "resources": [{"path": "x", "table": "t", "columns": ["id"]}]}"""));
        Assert.StartsWith($"GET {url}/x: cannot connect: ", (await driver.FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_message_shows_a_secret()
    {
        const string secret = "s3cr\\\"t &x";
        _server.On("/items", context => RestServer.AnswerAsync(context, $"you sent {context.Request.Headers.Authorization} {context.Request.Headers["X-Key"]} {context.Request.QueryString}", 400));
        var driver = _server.Items(""" "query": {"key": "{key}"},""", $$""" "username": "ann", "password": "pass&word", "secret_headers": {"X-Key": "header-key"}, "secrets": {"key": {{System.Text.Json.JsonSerializer.Serialize(secret)}}},""");
        var message = (await driver.FailureAsync()).Message;
        Assert.Equal($"GET {_server.Url}/items?key=<hidden>: status 400 BadRequest; it says: you sent Basic <hidden> <hidden> ?key=<hidden>", message);
        Assert.Equal(secret, Uri.UnescapeDataString(_server.Asked.Single().Url.Split('=')[1]));
    }
}
