using System.Net.ServerSentEvents;
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
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isThere;

    public ViolationStream(Func<Uri> api)
    {
        _api = api;
        _reading = ReadAsync(_stop.Token);
    }

    /// <summary>Waits until a violation is there, or until it is not.</summary>
    /// <exception cref="StoryException">That takes too long.</exception>
    public async Task WaitAsync(string fact, bool isThere, TimeSpan most, CancellationToken cancellationToken)
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
                    if (_isThere && _facts.Contains(fact) == isThere)
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
            throw new StoryException($"the stream did not tell within {most.TotalSeconds} s that {fact} {(isThere ? "appeared" : "cleared")}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
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
            catch (Exception exception) when (exception is HttpRequestException or IOException)
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
                    _facts.Clear();
                    _facts.UnionWith(facts);
                    _isThere = true;
                    break;
                case "appeared":
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
}
