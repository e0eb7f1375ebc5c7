using System.Collections.Concurrent;
using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>A table as somebody knows it who is only told of changes, by a callback or by a stream.</summary>
internal sealed class FollowedTable : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);   // for streams, however busy the machine; who is called back is told at once

    private readonly BlockingCollection<TableUpdate> _updates = [];
    private readonly HashSet<Row> _rows;
    private readonly TimeSpan _patience;
    private readonly Action _end;

    public FollowedTable(PolicyEngine engine, TableName table, IEnumerable<Row> rows, bool isStream)
    {
        Table = table;
        _patience = isStream ? Patience : TimeSpan.Zero;
        if (!isStream)
        {
            _rows = [.. rows];
            _end = engine.OnChange(table.ToString(), _updates.Add).Dispose;
            return;
        }

        var stop = new CancellationTokenSource();
        var reading = Task.Run(() => ReadAsync(engine, stop.Token), CancellationToken.None);
        _end = () =>
        {
            stop.Cancel();
            Assert.True(reading.Wait(Patience), $"the stream of {table} does not end");
            stop.Dispose();
        };
        Assert.True(_updates.TryTake(out var snapshot, Patience), $"{table} has no snapshot");
        Assert.Equal((true, engine.Version, 0), (snapshot.IsSnapshot, snapshot.Version, snapshot.Deleted.Count));
        _rows = [.. snapshot.Inserted];
        Verdict.Same($"the snapshot of {table}", rows.ToHashSet(), _rows);
    }

    public TableName Table { get; }

    /// <summary>Fails when the table was not told exactly what one change has made of it: one net update, or none when it is as before.</summary>
    public void IsTold(HashSet<Row> rows, long version, string when)
    {
        if (_rows.SetEquals(rows))
        {
            Assert.False(_updates.TryTake(out var none), $"{Table} {when}: told without a change: {none}");
            return;
        }

        Assert.True(_updates.TryTake(out var update, _patience), $"{Table} {when}: not told");
        Assert.Equal((false, version), (update.IsSnapshot, update.Version));
        Verdict.Same($"what comes to {Table} {when}", rows.Except(_rows).ToHashSet(), update.Inserted.ToHashSet());
        Verdict.Same($"what goes from {Table} {when}", _rows.Except(rows).ToHashSet(), update.Deleted.ToHashSet());
        Assert.Equal(update.Inserted.Order().Distinct(), update.Inserted);
        Assert.Equal(update.Deleted.Order().Distinct(), update.Deleted);
        _rows.ExceptWith(update.Deleted);
        _rows.UnionWith(update.Inserted);
        Assert.Empty(_updates);
    }

    public void Dispose()
    {
        _end();
        _updates.Dispose();
    }

    private async Task ReadAsync(PolicyEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var update in engine.Watch(Table.ToString(), cancellationToken))
            {
                _updates.Add(update, CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // the end
        }
    }
}
