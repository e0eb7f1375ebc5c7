using System.Text.Json;

namespace Congress.Tests.Api;

/// <summary>A stream of server-sent events as a client reads it, and the violations that it has come to know by them.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage answer, StreamReader reader) => (_answer, _reader) = (answer, reader);

    /// <summary>The violations, each as policy and fact.</summary>
    public SortedSet<string> Violations { get; } = new(StringComparer.Ordinal);

    public string ContentType => _answer.Content.Headers.ContentType!.ToString();

    public static async Task<EventStream> OpenAsync(ApiServer server)
    {
        var answer = await server.Client.GetAsync("/v1/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, await (answer.IsSuccessStatusCode ? Task.FromResult("") : answer.Content.ReadAsStringAsync()));
        return new(answer, new(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next line; null at the end.</summary>
    public Task<string?> LineAsync() => _reader.ReadLineAsync().WaitAsync(Long, TimeProvider.System);

    /// <summary>The name of the next event, after the violations were changed as it says; null at the end.</summary>
    public async Task<string?> NextAsync()
    {
        var name = "";
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Take(name, line[6..]);
                return name;
            }
        }

        return null;
    }

    /// <summary>Reads until the violations are these.</summary>
    /// <returns>The names of the events.</returns>
    public async Task<IReadOnlyList<string>> ReadUntilAsync(params string[] violations)
    {
        var names = new List<string>();
        do
        {
            names.Add(await NextAsync() ?? throw new EndOfStreamException());
        }
        while (!Violations.SetEquals(violations));

        return names;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _answer.Dispose();
    }

    private void Take(string name, string data)
    {
        if (name == "snapshot")
        {
            Violations.Clear();
        }

        using var json = JsonDocument.Parse(data);
        foreach (var violation in json.RootElement.TryGetProperty("violations", out var all) ? all.EnumerateArray() : default)
        {
            var key = $"{violation.GetProperty("policy").GetString()}:{violation.GetProperty("fact").GetString()}";
            _ = name == "cleared" ? Violations.Remove(key) : Violations.Add(key);
        }
    }
}
