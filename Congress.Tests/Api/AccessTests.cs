using System.Net;
using Congress.Cli.Server.Http;

namespace Congress.Tests.Api;

/// <summary>Who may do what, when there are tokens.</summary>
public sealed class AccessTests : IAsyncLifetime, IDisposable
{
    private readonly ApiServer _server = new(new HttpOptions
    {
        Listen = new(IPAddress.Loopback, 0),
        Tokens = [.. Enum.GetValues<Role>().Where(r => r != Role.Anybody).Select(r => new TokenHash($"{r}", r, TokenHash.Of($"token of {r}")))],
    });

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("GET", "/v1/policies", "Reader", 200)]
    [InlineData("POST", "/v1/policies", "Reader", 403)]
    [InlineData("POST", "/v1/policies", "Author", 400)]
    [InlineData("POST", "/v1/policies/classification?action=preview", "Reader", 200)]
    [InlineData("POST", "/v1/policies/classification?action=execute", "Author", 403)]
    [InlineData("POST", "/v1/policies/classification?action=execute", "Operator", 400)]
    [InlineData("DELETE", "/v1/policies/nosuch", "Reader", 403)]
    [InlineData("POST", "/v1/policies/classification/rules", "Reader", 403)]
    [InlineData("POST", "/v1/policies/classification/rules", "Author", 400)]
    [InlineData("PUT", "/v1/librarypolicies/x", "Reader", 403)]
    [InlineData("POST", "/v1/data-sources", "Author", 403)]
    [InlineData("POST", "/v1/data-sources", "Admin", 400)]
    [InlineData("PATCH", "/v1/data-sources/x", "Author", 403)]
    [InlineData("PUT", "/v1/data-sources/x/tables/t/rows", "Author", 403)]
    [InlineData("POST", "/v1/data-sources/x/webhook", "Author", 403)]
    [InlineData("GET", "/v1/system/drivers", "Reader", 200)]
    public async Task A_token_allows_what_its_role_does(string method, string path, string role, int status)
    {
        foreach (var header in new[] { ("Authorization", $"Bearer token of {role}"), ("X-Auth-Token", $"token of {role}") })
        {
            var answer = (await _server.SendAsync(method, path, method == "GET" ? null : "{}", header: header)).Is(status);
            if (status == 403)
            {
                Assert.StartsWith("You are not authorized to perform the requested action.::expected the role ", answer.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer nobody's")]
    [InlineData("Basic token of Admin")]
    public async Task Without_a_token_that_is_known_nothing_is_told(string? authorization)
    {
        foreach (var path in new[] { "/v1/policies", "/v1/nosuch", "/v1/data-sources/x", "/metrics", "/v1/events" })
        {
            (await _server.SendAsync("GET", path, header: authorization is null ? null : ("Authorization", authorization)))
                .IsError(401, 401, "The request you have made requires authentication.");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/health")]
    [InlineData("/openapi.json")]
    public async Task The_versions_and_the_health_are_told_to_anybody(string path) => (await _server.GetAsync(path)).Is(200);

    [Fact]
    public void A_token_is_kept_as_its_hash() => Assert.Equal(32, TokenHash.Of("secret").Length);
}
