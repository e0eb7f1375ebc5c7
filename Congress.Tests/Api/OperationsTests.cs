using System.Net;
using Congress.Bus;
using Congress.Cli.Server.Http;
using Congress.Policies.Serving;
using Congress.Tests.Bus;

namespace Congress.Tests.Api;

/// <summary>How a server is, and what it counts.</summary>
public sealed class OperationsTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_server_that_can_do_its_work_is_well()
    {
        var health = (await server.GetAsync("/health")).Is(200).Json;
        Assert.Equal(("ok", "congress", "answers", "ok"), (TextOf("status"), TextOf("node"), TextOf("engine"), TextOf("store")));
        Assert.Equal("running", health.GetProperty("services").GetProperty("_engine").GetString());
        Assert.True(health.GetProperty("policy_version").GetInt64() >= 2);

        string? TextOf(string name) => health.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_server_without_an_engine_is_not_well()
    {
        await using var alone = await ApiAlone.StartAsync();
        var health = (await alone.GetAsync("/health")).Is(503).Json;
        Assert.Equal(("unavailable", "does not answer", "unknown"), (health.GetProperty("status").GetString(), health.GetProperty("engine").GetString(), health.GetProperty("store").GetString()));
        (await alone.GetAsync("/v1/policies")).IsError(503, 503, "Service Unavailable::no node runs service _engine");
        Assert.Contains("congress_engine_up 0\n", (await alone.GetAsync("/metrics")).Is(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_store_is_away_is_not_well_and_gives_no_reasons()
    {
        await using var alone = await ApiAlone.StartAsync(new LameEngine());
        var health = (await alone.GetAsync("/health")).Is(503);
        Assert.Equal(("answers", "unavailable"), (health.Json.GetProperty("engine").GetString(), health.Json.GetProperty("store").GetString()));
        Assert.DoesNotContain("/secret/path", health.Text, StringComparison.Ordinal);
        var metrics = (await alone.GetAsync("/metrics")).Is(200).Text;
        Assert.Contains("congress_store_up 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("congress_followed_tables{state=\"current\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("congress_followed_tables{state=\"stale\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("congress_violations", metrics, StringComparison.Ordinal);   // they are not known
    }

    [Fact]
    public async Task Requests_and_violations_are_counted()
    {
        await server.WithPolicyAsync("counted", "error(1)", "error(2)");
        await server.GetAsync("/v1/policies/counted_not");
        await server.SendAsync("BREW", "/v1/policies");
        var answer = (await server.GetAsync("/metrics")).Is(200);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Headers["Content-Type"]);
        foreach (var line in new[]
        {
            "# TYPE congress_requests_total counter", "congress_requests_total{method=\"POST\",status=\"201\"} 3", "congress_requests_total{method=\"GET\",status=\"404\"} 1",
            "congress_requests_total{method=\"other\",status=\"501\"} 1", "# TYPE congress_requests_in_flight gauge", "congress_requests_in_flight 1",
            "congress_engine_up 1", "congress_store_up 1", "congress_policy_version 5", "congress_violations 2", "congress_followed_tables{state=\"stale\"} 0",
        })
        {
            Assert.Contains($"{line}\n", answer.Text, StringComparison.Ordinal);
        }

        Assert.All(answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+=""[^""]*"",?)+\})? [0-9.E+-]+)$", line));
    }

    /// <summary>An engine whose store is away.</summary>
    private sealed class LameEngine : DataService
    {
        public LameEngine()
            : base(EngineMethods.Service) => Methods.Add(EngineMethods.Status, (_, _, _) => ValueTask.FromResult<EngineStatus>(new(
                "alone", 7, "cannot open /secret/path", new Dictionary<string, bool> { ["a:t"] = true, ["a:u"] = false, ["b:t"] = false }, new Dictionary<string, string>())));
    }
}
