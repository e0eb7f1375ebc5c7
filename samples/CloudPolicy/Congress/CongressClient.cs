using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CloudPolicy.Congress;

/// <summary>A client of the REST API. A request that is answered 503 is repeated, with its key, as the API says.</summary>
internal sealed class CongressClient(Func<Uri> api) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };

    /// <summary>Reads.</summary>
    /// <exception cref="StoryException">It is refused.</exception>
    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Creates something, or asks for something to be done.</summary>
    /// <exception cref="StoryException">It is refused.</exception>
    public Task<JsonNode> PostAsync(string path, JsonNode? body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>The status with which a request to read is answered, without repetition.</summary>
    public async Task<HttpStatusCode> AskOnceAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(api(), path), cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>The rows of a table of a policy or datasource, each as Datalog.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string path, CancellationToken cancellationToken) =>
        [.. (await GetAsync(path, cancellationToken))["results"]!.AsArray().Select(row => $"({string.Join(", ", row!["data"]!.AsArray().Select(v => v!.ToJsonString()))})")];

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var (key, began) = (Guid.NewGuid().ToString(), TimeProvider.System.GetTimestamp());
        while (true)
        {
            using var request = new HttpRequestMessage(method, new Uri(api(), path));
            if (method != HttpMethod.Get)
            {
                request.Headers.Add("Idempotency-Key", key);
                request.Content = new StringContent((body ?? new JsonObject()).ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            }

            using var answer = await _http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return JsonNode.Parse(text) ?? new JsonObject();
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new StoryException($"{method} {path}: status {(int)answer.StatusCode}: {text}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
