using Congress.Bus;
using Congress.Data;
using Congress.Datalog.Answers;
using Congress.Policies;

namespace Congress;

/// <summary>The tables of datasources that the engine follows: those that its rules read.</summary>
public sealed partial class PolicyEngineService
{
    private readonly Dictionary<TableName, Followed> _followed = [];
    private readonly HashSet<string> _datasources = new(StringComparer.Ordinal);
    private readonly HashSet<TableName> _waitingTables = [];
    private readonly Dictionary<TableName, string> _refused = [];   // whose rows did not fit their schema, and why: followed again when that may have changed
    private PolicyBatch? _waiting;

    private sealed record Followed(TableReplica Replica, IDisposable Subscription);

    /// <summary>Follows what rules read now, and lets go of what they no longer do.</summary>
    private void FollowTables()
    {
        var wanted = _engine!.Dependencies.Tables.Where(t => t.Role == TableRole.Source && _datasources.Contains(t.Table.Policy)).Select(t => t.Table).ToHashSet();
        foreach (var (datasource, schema) in _options.Datasources)
        {
            wanted.UnionWith(schema.Select(t => new TableName(datasource, t.Table)));   // who names tables wants to see them, rules or not
        }

        foreach (var (table, followed) in _followed.Where(f => !wanted.Contains(f.Key)).ToArray())
        {
            followed.Subscription.Dispose();
            _followed.Remove(table);
            if (_datasources.Contains(table.Policy))
            {
                TakeOver(table, [], [.. followed.Replica.Rows]);
            }
        }

        foreach (var table in wanted.Where(t => !_followed.ContainsKey(t)))
        {
            var replica = new TableReplica(RowsOf(table));   // those of a former following, when its rows did not fit at last
            _followed.Add(table, new(replica, Follow(table.Policy, table.Table, (next, _) =>
            {
                if (_followed.TryGetValue(table, out var current) && current.Replica == replica)
                {
                    var (inserted, deleted) = replica.Apply(next);
                    TakeOver(table, inserted, deleted);
                }

                return ValueTask.CompletedTask;
            })));
        }

        _actionSources = null;
        NoteHeard();
    }

    private void TakeOver(TableName table, IReadOnlyList<Row> inserted, IReadOnlyList<Row> deleted)
    {
        if (_waiting is null)
        {
            _waiting = new();
            _ = PostAsync(ApplyWaiting).AsTask();   // after what waits already; should it fail, the service does
        }

        _waitingTables.Add(table);
        var name = table.ToString();
        foreach (var row in deleted)
        {
            _waiting.Delete(name, row.AsSpan());
        }

        _waiting.InsertAll(name, inserted);
    }

    private ValueTask ApplyWaiting(CancellationToken cancellationToken)
    {
        if (_waiting is { } batch)
        {
            _waiting = null;
            var result = _engine!.Apply(batch, cancellationToken);
            foreach (var table in _waitingTables)
            {
                _refused.Remove(table);
                if (!result.Permitted)
                {
                    // Its source has another schema than is known here: what it had stays.
                    _refused[table] = string.Join("; ", result.Diagnostics);
                    if (_followed.Remove(table, out var followed))
                    {
                        followed.Subscription.Dispose();
                    }
                }
            }

            _waitingTables.Clear();
        }

        NoteHeard();
        if (!_isReady && _followed.Values.All(f => f.Replica.Version is not null))
        {
            BeReady(cancellationToken);
        }

        return ValueTask.CompletedTask;
    }

    private List<Row> RowsOf(TableName table, CancellationToken cancellationToken = default)
    {
        var rows = new List<Row>();
        using var reader = _engine!.Read(table, cancellationToken);
        while (reader.Read())
        {
            rows.Add(new(reader.Current));
        }

        return rows;
    }
}
