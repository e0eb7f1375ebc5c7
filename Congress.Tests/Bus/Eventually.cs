using Congress.Bus;
using Congress.Data;

namespace Congress.Tests.Bus;

/// <summary>Waits for what other threads bring about; generously, as the machine may be busy.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? most = null)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < (most ?? Long), $"not in time: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}

/// <summary>A subscription that is read all the time, and the rows that it has come to.</summary>
internal sealed class ReadTable : IAsyncDisposable
{
    private readonly Subscription _subscription;
    private readonly TableReplica _replica = new();
    private readonly Lock _gate = new();
    private readonly List<TableEvent> _events = [];
    private readonly Task _reading;

    public ReadTable(DseNode node, string service, string table)
    {
        _subscription = node.Subscribe(new(service, table));
        _reading = Task.Run(ReadAsync);
    }

    public TableEvent[] Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public bool IsStale
    {
        get
        {
            lock (_gate)
            {
                return _replica.IsStale;
            }
        }
    }

    public Row[] Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. _replica.Rows.Order()];
            }
        }
    }

    public Task HasAsync(params Row[] rows) => HasAsync(rows, null);

    public async Task HasAsync(IEnumerable<Row> rows, TimeSpan? most)
    {
        var expected = rows.Order().ToArray();
        await Eventually.TrueAsync(() => !IsStale && Rows.SequenceEqual(expected), $"{_subscription.Table} has {expected.Length} rows, fresh", most);
    }

    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var next in _subscription)
        {
            lock (_gate)
            {
                _replica.Apply(next);
                _events.Add(next);
            }
        }
    }
}
