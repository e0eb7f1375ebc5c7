using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Congress.Benchmarks.Cluster;

/// <summary>Asks any of the APIs, and keeps to what a careful client does: what was not answered, or with 503, is asked again with the same key.</summary>
internal sealed class ApiClient(IReadOnlyList<Uri> apis) : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);   // the API promises an answer within ten
    private readonly HttpClient[] _clients = [.. apis.Select(a => new HttpClient { BaseAddress = a, Timeout = Hang })];
    private long _unavailable;
    private long _unreached;
    private long _hung;

    /// <summary>How often the answer was 503.</summary>
    public long Unavailable => Interlocked.Read(ref _unavailable);

    /// <summary>How often there was nobody, or the connection was lost.</summary>
    public long Unreached => Interlocked.Read(ref _unreached);

    /// <summary>How often there was no answer in time.</summary>
    public long Hung => Interlocked.Read(ref _hung);

    /// <summary>Asks until there is an answer other than 503.</summary>
    public async Task<ApiReply> AskAsync(string method, string path, string? body = null, string? key = null)
    {
        while (true)
        {
            if (await TryAsync(method, path, body, key) is { } answer && answer.Status != 503)
            {
                return answer;
            }

            await Task.Delay(Random.Shared.Next(20, 100), CancellationToken.None);
        }
    }

    /// <summary>Asks once; null when nobody answered.</summary>
    public async Task<ApiReply?> TryAsync(string method, string path, string? body = null, string? key = null)
    {
        var client = _clients[Random.Shared.Next(_clients.Length)];
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode == 503)
            {
                Interlocked.Increment(ref _unavailable);
            }

            var version = answer.Headers.TryGetValues("Policy-Version", out var values) ? long.Parse(values.First(), CultureInfo.InvariantCulture) : 0;
            return new((int)answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text), version);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)   // the latter when a connection is gone as soon as it stands
        {
            Interlocked.Increment(ref _unreached);
            return null;
        }
        catch (TaskCanceledException)
        {
            Interlocked.Increment(ref _hung);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }
}

/// <summary>What an API answers.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Json">The body; undefined when there is none.</param>
/// <param name="Version">The version of the policies that it is about; 0 when it does not say.</param>
internal sealed record ApiReply(int Status, JsonElement Json, long Version);
