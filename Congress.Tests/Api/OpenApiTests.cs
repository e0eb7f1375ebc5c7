using System.Text.Json;

namespace Congress.Tests.Api;

/// <summary>The description of the API is one that programs can use, and of what is served.</summary>
public sealed class OpenApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    [Fact]
    public async Task The_document_has_the_form_of_OpenAPI()
    {
        var document = (await server.GetAsync("/openapi.json")).Is(200).Json;
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        Assert.Equal(("Congress", "1"), (document.GetProperty("info").GetProperty("title").GetString(), document.GetProperty("info").GetProperty("version").GetString()));
        var schemes = document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Name).ToArray();
        Assert.Equal(schemes, document.GetProperty("security").EnumerateArray().Select(s => Assert.Single(s.EnumerateObject()).Name));
        var names = new HashSet<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            Assert.StartsWith("/", path.Name, StringComparison.Ordinal);
            var expected = path.Name.Split('/').Where(p => p.StartsWith('{')).Select(p => p[1..^1]);
            Assert.Equal(expected, path.Value.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(ParameterOf) : []);
            foreach (var operation in path.Value.EnumerateObject().Where(o => o.Name != "parameters"))
            {
                Assert.Contains(operation.Name, Methods);
                Assert.NotEqual("", operation.Value.GetProperty("summary").GetString());
                Assert.True(names.Add(operation.Value.GetProperty("operationId").GetString()!), $"{operation.Name} {path.Name}");
                Assert.NotEmpty(operation.Value.GetProperty("responses").GetProperty("2XX").GetProperty("description").GetString()!);
                Assert.Equal("#/components/responses/Error", operation.Value.GetProperty("responses").GetProperty("default").GetProperty("$ref").GetString());
                Assert.Equal(operation.Name is "post" or "put" or "patch", operation.Value.TryGetProperty("requestBody", out _));
            }
        }

        Assert.Equal("object", document.GetProperty("components").GetProperty("schemas").GetProperty("Error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_is_described_is_served()
    {
        var paths = (await server.GetAsync("/openapi.json")).Is(200).Json.GetProperty("paths");
        foreach (var path in new[] { "/health", "/metrics", "/openapi.json", "/v1/events", "/v1/policies/{policy}/rules/{rule}" })
        {
            Assert.True(paths.TryGetProperty(path, out _), path);
        }

        foreach (var path in paths.EnumerateObject())
        {
            var allowed = (await server.SendAsync("OPTIONS", path.Name.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal))).Is(200).Headers["Allow"];
            Assert.Equal(path.Value.EnumerateObject().Select(o => o.Name).Where(n => n != "parameters"), allowed.ToLowerInvariant().Split(", "));
        }
    }

    private static string? ParameterOf(JsonElement parameter)
    {
        Assert.Equal(("path", true, "string"), (
            parameter.GetProperty("in").GetString(), parameter.GetProperty("required").GetBoolean(), parameter.GetProperty("schema").GetProperty("type").GetString()));
        return parameter.GetProperty("name").GetString();
    }
}
