using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace CloudPolicy.Congress;

/// <summary>Follows the API's stream of violations, and keeps those that there are. It connects again when the stream ends.</summary>
internal sealed class ViolationStream : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Uri> _api;
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _appearances = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isThere;

    public ViolationStream(Func<Uri> api)
    {
        _api = api;
        _reading = ReadAsync(_stop.Token);
    }

    /// <summary>How often it has been told that a violation appeared.</summary>
    public int AppearancesOf(string fact)
    {
        lock (_gate)
        {
            return _appearances.GetValueOrDefault(fact);
        }
    }

    /// <summary>Waits until it is told that a violation appeared once more, which may be over by then.</summary>
    /// <exception cref="StoryException">That takes too long.</exception>
    public Task AppearedAsync(string fact, int before, TimeSpan most, CancellationToken cancellationToken) =>
        WaitAsync($"{fact} appeared", () => _appearances.GetValueOrDefault(fact) > before, most, cancellationToken);

    /// <summary>Waits until a violation is not there.</summary>
    /// <exception cref="StoryException">That takes too long.</exception>
    public Task ClearedAsync(string fact, TimeSpan most, CancellationToken cancellationToken) =>
        WaitAsync($"{fact} cleared", () => _isThere && !_facts.Contains(fact), most, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WaitAsync(string what, Func<bool> isSo, TimeSpan most, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(most);
        try
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (isSo())
                    {
                        return;
                    }

                    changed = _changed.Task;
                }

                await changed.WaitAsync(patience.Token);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoryException($"the stream did not tell within {most.TotalSeconds} s that {what}", exception);
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var stream = await _http.GetStreamAsync(new Uri(_api(), "/v1/events"), stop);
                await foreach (var next in SseParser.Create(stream).EnumerateAsync(stop))
                {
                    Take(next.EventType, JsonNode.Parse(next.Data)!);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException)
            {
                // Congress is being restarted.
            }

            lock (_gate)
            {
                _isThere = false;   // until the next snapshot
            }

            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(string name, JsonNode data)
    {
        lock (_gate)
        {
            var facts = data["violations"]?.AsArray().Select(v => (string)v!["fact"]!).ToArray() ?? [];
            switch (name)
            {
                case "snapshot":
                    Note(facts.Except(_facts));
                    _facts.Clear();
                    _facts.UnionWith(facts);
                    _isThere = true;
                    break;
                case "appeared":
                    Note(facts);
                    _facts.UnionWith(facts);
                    break;
                case "cleared":
                    _facts.ExceptWith(facts);
                    break;
            }

            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Note(IEnumerable<string> appeared)
    {
        foreach (var fact in appeared)
        {
            _appearances[fact] = _appearances.GetValueOrDefault(fact) + 1;
        }
    }
}
