namespace Congress.Tests.Api;

/// <summary>The library, the drivers and the versions over HTTP.</summary>
public sealed class LibraryRouteTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Schema = "Bad Request::Input policy item violates schema.";
    private const string All = "/v1/librarypolicies";

    [Fact]
    public async Task A_policy_of_the_library_is_added_shown_replaced_and_deleted()
    {
        var created = (await server.PostAsync(All, """{"name": "mine", "rules": [{"rule": "p(1)"}]}""")).Is(201);
        var path = $"{All}/{created.Json.GetProperty("id").GetString()}";
        Assert.EndsWith(path, created.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal(created.Text, (await server.GetAsync(path)).Is(200).Text);
        Assert.Contains("mine", (await server.GetAsync($"{All}?name=mine")).Is(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"rules\"", (await server.GetAsync($"{All}?include_rules=false")).Is(200).Text, StringComparison.Ordinal);
        Assert.Equal("ours", (await server.SendAsync("PUT", path, """{"name": "ours", "rules": []}""")).Is(200).Json.GetProperty("name").GetString());
        (await server.SendAsync("PUT", path, """{"name": "LibOne", "rules": []}""")).IsError(409, 409, "Policy with name LibOne already exists");
        (await server.SendAsync("PUT", path, """{"rules": []}""")).IsError(400, 400, Schema);
        Assert.Equal("ours", (await server.SendAsync("DELETE", path)).Is(200).Json.GetProperty("name").GetString());
        var id = path[(All.Length + 1)..];
        (await server.GetAsync(path)).IsError(404, 404, $"No policy found with policy id {id}");
        (await server.SendAsync("DELETE", path)).IsError(404, 404, $"No policy found with policy id {id}");
        (await server.SendAsync("PUT", path, """{"name": "ours", "rules": []}""")).IsError(404, 404, $"No policy found with policy id {id}");
    }

    [Theory]
    [InlineData("5", 400, "the body is a number; expected an object")]
    [InlineData("""{"name": "x"}""", 400, Schema)]
    [InlineData("""{"name": 5, "rules": []}""", 400, Schema)]
    [InlineData("""{"name": "x", "rules": [{"rule": 5}]}""", 400, Schema)]
    [InlineData("""{"name": "LibOne", "rules": []}""", 409, "Policy with name LibOne already exists")]
    public async Task A_policy_that_makes_no_sense_is_refused(string body, int status, string message) => (await server.PostAsync(All, body)).IsError(status, status, message);

    [Fact]
    public async Task Drivers_are_listed_and_shown()
    {
        Assert.Contains("""{"id":"fake_datasource","description":"This is a fake driver used for testing"}""", (await server.GetAsync("/v1/system/drivers")).Is(200).Text, StringComparison.Ordinal);
        var fake = (await server.GetAsync("/v1/system/drivers/fake_datasource")).Is(200).Json;
        Assert.Equal("required", fake.GetProperty("config").GetProperty("password").GetString());
        Assert.Equal("password", fake.GetProperty("secret")[0].GetString());
        (await server.GetAsync("/v1/system/drivers/zz")).IsError(404, 404, "Driver not found zz. Either not supported or disabled by deployer in Congress config");
    }

    [Theory]
    [InlineData("/", 200, "versions")]
    [InlineData("/v1", 200, "version")]
    [InlineData("/v1/", 200, "version")]
    [InlineData("/anything/else", 300, "choices")]
    public async Task The_versions_are_told(string path, int status, string form) => Assert.True((await server.GetAsync(path)).Is(status).Json.TryGetProperty(form, out _));
}
