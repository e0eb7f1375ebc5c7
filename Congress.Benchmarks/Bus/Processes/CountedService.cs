using Congress.Bus;
using Congress.Data;

namespace Congress.Benchmarks.Bus.Processes;

/// <summary>Publishes a table each of whose states tells of itself whether it was one: its rows all have the same number, which rises.</summary>
internal sealed class CountedService(string name, TimeSpan interval) : DataService(name)
{
    public const int Width = 10;

    private long _number;

    protected internal override ValueTask StartAsync(CancellationToken cancellationToken)
    {
        Every(interval, _ =>
        {
            Publish("state", [.. Enumerable.Range(0, Width).Select(i => new Row(i, _number))]);
            _number++;
            return ValueTask.CompletedTask;
        });
        return ValueTask.CompletedTask;
    }
}

/// <summary>Follows such a table and notes what is wrong with it.</summary>
internal sealed class CountedReader : IDisposable
{
    private readonly Subscription _subscription;
    private readonly Func<IReadOnlySet<Row>, long?> _numberOf;
    private readonly bool _rises;
    private readonly TableReplica _replica = new();
    private readonly Lock _gate = new();
    private readonly List<string> _wrong = [];
    private (ulong Incarnation, long Number) _last;
    private long _states;
    private bool _isFresh;

    /// <summary>Begins to follow a table.</summary>
    /// <param name="node">Who follows.</param>
    /// <param name="table">The table.</param>
    /// <param name="numberOf">The number of a state; null when the rows are not one.</param>
    /// <param name="rises">Whether the numbers rise as long as the publishing process lives.</param>
    public CountedReader(DseNode node, TableName table, Func<IReadOnlySet<Row>, long?> numberOf, bool rises)
    {
        (_subscription, _numberOf, _rises) = (node.Subscribe(table), numberOf, rises);
        _ = Task.Run(ReadAsync);
    }

    /// <summary>The process that published the last state, its number, and whether it is fresh.</summary>
    public (ulong Incarnation, long Number, bool IsFresh) Now
    {
        get
        {
            lock (_gate)
            {
                return (_last.Incarnation, _last.Number, _isFresh);
            }
        }
    }

    public (long States, IReadOnlyList<string> Wrong) Result
    {
        get
        {
            lock (_gate)
            {
                return (_states, [.. _wrong]);
            }
        }
    }

    public static long? NumberOf(IReadOnlySet<Row> rows) =>
        rows.Count == CountedService.Width && rows.Select(r => r[1].AsInteger()).Distinct().ToArray() is [var number] ? number : null;

    public void Dispose() => _subscription.Dispose();

    private async Task ReadAsync()
    {
        await foreach (var next in _subscription)
        {
            lock (_gate)
            {
                _replica.Apply(next);
                _isFresh = !_replica.IsStale;
                var incarnation = _replica.Version!.Value.Epoch.Incarnation;
                if (_numberOf(_replica.Rows) is not { } number || (_rises && incarnation == _last.Incarnation && number < _last.Number))
                {
                    _wrong.Add($"{next} after {_last.Number}: {string.Join(' ', _replica.Rows.Take(12))}");
                    continue;
                }

                _last = (incarnation, number);
                _states++;
            }
        }
    }
}
