using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Congress.Cli.Server;
using Congress.Cli.Server.Http;
using Congress.Tests.Persistence;

namespace Congress.Tests.Api;

/// <summary>All services of Congress on one node with a store of its own, and the API over HTTP.</summary>
public sealed class ApiServer : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpOptions _http;
    private CongressServer? _server;

    public ApiServer()
        : this(new() { Listen = new(IPAddress.Loopback, 0) })
    {
    }

    internal ApiServer(HttpOptions http) => _http = http;

    /// <summary>The options of a datasource that is there to try things with.</summary>
    public static string FakeConfig => """{"username": "admin", "password": "secret", "auth_url": "http://127.0.0.1:9", "project_name": "admin", "poll_time": 0}""";

    /// <summary>What went wrong unforeseen.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    private readonly List<string> _failures = [];

    public async Task InitializeAsync()
    {
        _server = await CongressServer.StartAsync(
            new()
            {
                State = _folder.Path,
                Library = Repository.PathOf("Congress.Tests/Api/Rest/rest-library"),
                Api = _http with { Failed = (request, exception) => { lock (_failures) { _failures.Add($"{request}: {exception}"); } } },
                HasEngine = true,
                HasDatasources = true,
            },
            CancellationToken.None);
        Client.BaseAddress = new(_server.Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
    }

    /// <summary>Stops the server; whoever is connected sees that.</summary>
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        _folder.Dispose();
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<ApiAnswer> PostAsync(string path, string json, string? key = null) => SendAsync("POST", path, json, key: key);

    /// <summary>Sends a request.</summary>
    public async Task<ApiAnswer> SendAsync(string method, string path, string? body = null, string? type = "application/json", string? key = null, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Headers.ExpectContinue = body.Length > 3_000_000;   // what is refused for its size is answered while the rest is still being sent: who does not ask first may find the connection closed
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (header is var (name, value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await Client.SendAsync(request);
        return new(
            (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Makes a policy with rules.</summary>
    public async Task WithPolicyAsync(string name, params string[] rules)
    {
        (await PostAsync("/v1/policies", $$"""{"name": "{{name}}"}""")).Is(201);
        foreach (var rule in rules)
        {
            (await PostAsync($"/v1/policies/{name}/rules", JsonSerializer.Serialize(new { rule }))).Is(201);
        }
    }

    /// <summary>Makes a datasource whose rows are pushed.</summary>
    public async Task WithDatasourceAsync(string name) =>
        (await PostAsync("/v1/data-sources", $$"""{"name": "{{name}}", "driver": "fake_datasource", "config": {{FakeConfig}}}""")).Is(201);
}

/// <summary>An answer of the API.</summary>
public sealed record ApiAnswer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The rows of an answer that has rows, each as JSON.</summary>
    public string Rows => string.Join(' ', Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("data").GetRawText()));

    /// <summary>Makes sure of the status.</summary>
    public ApiAnswer Is(int status)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        return this;
    }

    /// <summary>Makes sure that it is an error, in the form that all have.</summary>
    public void IsError(int status, int number, string message)
    {
        Is(status);
        var error = Json.GetProperty("error");
        Assert.Equal(number, error.GetProperty("error_code").GetInt32());
        Assert.True(error.TryGetProperty("error_data", out _));
        Assert.Equal(message, error.GetProperty("message").GetString());
    }
}
