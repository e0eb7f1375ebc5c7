using System.Globalization;
using System.Net;
using System.Text.Json;
using Congress.Cli.Server.Http;

namespace Congress.Tests.Api;

/// <summary>The stream of violation changes.</summary>
public sealed class ViolationEventTests : IAsyncLifetime, IDisposable
{
    private readonly ApiServer _server = new(new HttpOptions { Listen = new(IPAddress.Loopback, 0), Streams = 2, Heartbeat = TimeSpan.FromMilliseconds(100) });

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_stream_begins_with_a_snapshot_and_tells_what_appears_and_clears()
    {
        await _server.WithPolicyAsync("told", "error(x) :- p(x)", "p(1)");
        using var stream = await EventStream.OpenAsync(_server);
        Assert.Equal("text/event-stream", stream.ContentType);
        Assert.Equal("snapshot", await stream.NextAsync());
        Assert.Equal(["told:error(1)"], stream.Violations);
        var id = (await _server.PostAsync("/v1/policies/told/rules", """{"rule": "p(\"new\\nline\")"}""")).Is(201).Json.GetProperty("id").GetString();
        Assert.Equal("appeared", await stream.NextAsync());
        Assert.Equal(["told:error(\"new\\nline\")", "told:error(1)"], stream.Violations);
        (await _server.SendAsync("DELETE", $"/v1/policies/told/rules/{id}")).Is(200);
        Assert.Equal("cleared", await stream.NextAsync());
        Assert.Equal(["told:error(1)"], stream.Violations);
    }

    [Fact]
    public async Task A_stream_of_nothing_begins_with_an_empty_snapshot_and_says_that_it_is_alive()
    {
        using var stream = await EventStream.OpenAsync(_server);
        Assert.Equal("snapshot", await stream.NextAsync());
        Assert.Empty(stream.Violations);
        string? line;
        while ((line = await stream.LineAsync()) == "")
        {
        }

        Assert.Equal(": alive", line);
    }

    [Fact]
    public async Task A_stream_ends_when_the_server_stops()
    {
        using var stream = await EventStream.OpenAsync(_server);
        Assert.Equal("snapshot", await stream.NextAsync());
        await _server.StopAsync();
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Streams_are_limited_and_one_that_ends_makes_room()
    {
        using (var first = await EventStream.OpenAsync(_server))
        {
            using var second = await EventStream.OpenAsync(_server);
            var refused = await _server.GetAsync("/v1/events");
            refused.IsError(503, 503, "Service Unavailable::2 streams of events are open; more are not served");
            Assert.Equal("10", refused.Headers["Retry-After"]);
        }

        var isIn = false;
        for (var attempt = 0; attempt < 100 && !isIn; attempt++)
        {
            using var answer = await _server.Client.GetAsync("/v1/events", HttpCompletionOption.ResponseHeadersRead);
            isIn = answer.IsSuccessStatusCode;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.True(isIn, "the room of a stream that was closed is free again");
    }

    [Fact]
    public async Task A_reader_that_falls_behind_gets_a_new_snapshot_and_comes_to_the_same_violations()
    {
        (await _server.PostAsync("/v1/data-sources", """{"name": "many", "driver": "push", "config": {"tables": {"t": ["a", "b"]}}}""")).Is(201);
        await _server.WithPolicyAsync("slow", "error(x, y) :- many:t(x, y)");
        using var stream = await EventStream.OpenAsync(_server);
        Assert.Equal("snapshot", await stream.NextAsync());
        var text = new string('x', 5_000);
        for (var round = 0; round < 60; round++)
        {
            var rows = Enumerable.Range(0, 300).Select(n => (object[])[n, $"{round.ToString(CultureInfo.InvariantCulture)}{text}"]);
            (await _server.SendAsync("PUT", "/v1/data-sources/many/tables/t/rows", JsonSerializer.Serialize(rows))).Is(200);
        }

        (await _server.SendAsync("PUT", "/v1/data-sources/many/tables/t/rows", """[[1, "last"]]""")).Is(200);
        Assert.Contains("snapshot", await stream.ReadUntilAsync("slow:error(1, \"last\")"));
    }
}
