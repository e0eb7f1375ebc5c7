using System.Text.Json;
using Congress.Actions;
using Congress.Bus;
using Congress.Data;
using Congress.Datasources.Serving;

namespace Congress.Datasources;

/// <summary>What a datasource answers.</summary>
public sealed partial class DatasourceService
{

    private readonly Lock _fencing = new();
    private ulong _fence;
    private long _pushes;

    private void AddMethods()
    {
        Methods.AddConcurrent(DatasourceMethods.Refresh, async (_, _, token) =>
            (await Task.WhenAll(_polls.Where(p => p.IsActive).Select(p => p.RefreshAsync(token))).ConfigureAwait(false)).Sum());
        Methods.AddConcurrent(DatasourceMethods.Status, (_, _, _) => ValueTask.FromResult<DatasourceStatus>(new(
            _polls.Select(p => p.LastUpdated).Append(LastPushed).Max(),
            _polls.Where(p => p.Failure is not null).ToDictionary(p => p.Group.Name, p => p.Failure!.Message, StringComparer.Ordinal),
            _polls.Sum(p => p.Updates) + Interlocked.Read(ref _pushes),
            _polls.All(p => !p.IsActive || p.Updates > 0),
            [.. _wanted.Order(StringComparer.Ordinal)])));
        Methods.AddConcurrent(DatasourceMethods.Schema, (_, _, _) => ValueTask.FromResult<DatasourceSchemaAnswer>(
            new(_driver.Schema, _driver is IActionDriver actions ? actions.Actions : [])));
        Methods.AddConcurrent(DatasourceMethods.Rows, (asked, _, _) => ValueTask.FromResult(RowsOf(asked)));
        Methods.Add(DatasourceMethods.Push, PushAsync);
        Methods.Add(DatasourceMethods.Webhook, ReceiveAsync);
        Methods.AddConcurrent(ActionMethods.Execute, ExecuteAsync);
        Methods.AddConcurrent(ActionMethods.Promise, (action, _, _) => ValueTask.FromResult(
            _driver is IActionDriver actions && actions.Actions.FirstOrDefault(a => a.Name == action) is { } known ? known.Promise : ActionPromise.AtMostOnce));
    }

    private DateTimeOffset? LastPushed { get; set; }

    private DatasourceRowsAnswer RowsOf(DatasourceRowsQuestion asked)
    {
        if (!_driver.Schema.Any(t => t.Table == asked.Table))
        {
            throw NoTable(asked.Table);
        }

        if (!_tables.TryGetValue(asked.Table, out var state))
        {
            return PollOf(asked.Table) is { Group.IsLazy: true, IsActive: false }
                ? throw new DatasourceException(DatasourceFailure.LazyTable, $"table {Name}:{asked.Table} is read only while a rule needs it, and none does")
                : new(0, [], true);
        }

        if (asked is { Offset: 0 } && asked.Limit >= state.Rows.Count && MessagePage.Of(state.Rows, MessagePage.LengthOf) is var all && all.Count == state.Rows.Count)
        {
            return new(state.State, all, true);   // in no order, which is sooner
        }

        var offset = (int)Math.Clamp(asked.Offset, 0, state.Rows.Count);
        var page = MessagePage.Of(state.Rows.Order().Skip(offset).Take((int)Math.Min(asked.Limit, int.MaxValue)), MessagePage.LengthOf);
        return new(state.State, page, offset + page.Count == state.Rows.Count);
    }

    private async ValueTask<long> PushAsync(DatasourcePush push, CallContext context, CancellationToken cancellationToken)
    {
        if (_driver is not IPushedTables pushed)
        {
            throw new DatasourceException(DatasourceFailure.NotPushed, $"datasource {Name} reads its tables; rows cannot be pushed");
        }

        if (!pushed.PushedTables.Contains(push.Table, StringComparer.Ordinal))
        {
            throw _driver.Schema.Any(t => t.Table == push.Table)
                ? new DatasourceException(DatasourceFailure.NotPushed, $"table {Name}:{push.Table} is read from the system; rows cannot be pushed")
                : NoTable(push.Table);
        }

        var tables = Guard(() => pushed.Translate(push.Table, push.Objects));
        await AcceptAsync(tables, cancellationToken).ConfigureAwait(false);
        return tables[push.Table].Count;
    }

    private async ValueTask<bool> ReceiveAsync(DatasourcePush message, CallContext context, CancellationToken cancellationToken)
    {
        if (_driver is not IWebhook webhook)
        {
            throw new DatasourceException(DatasourceFailure.NotPushed, $"datasource {Name} takes no messages");
        }

        IReadOnlyDictionary<string, IReadOnlyCollection<Row>> tables;
        try
        {
            tables = await webhook.ReceiveAsync(message.Objects, cancellationToken).ConfigureAwait(false);
        }
        catch (DriverException exception)
        {
            throw new DatasourceException(DatasourceFailure.BadInput, exception.Message, exception);
        }

        await AcceptAsync(tables, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes rows that were given: they last, if they are to, before they are seen.</summary>
    private async Task AcceptAsync(IReadOnlyDictionary<string, IReadOnlyCollection<Row>> tables, CancellationToken cancellationToken)
    {
        if (_options.Kept is { } kept)
        {
            await kept.WriteAsync(tables, cancellationToken).ConfigureAwait(false);
        }

        Take(tables);
        Interlocked.Increment(ref _pushes);
        LastPushed = _options.Time.GetUtcNow();
    }

    private async ValueTask<bool> ExecuteAsync(ActionRequest request, CallContext context, CancellationToken cancellationToken)
    {
        if (_driver is not IActionDriver actions)
        {
            throw new ActionException(isUnknown: false, $"datasource {Name} has no actions");
        }

        if (string.IsNullOrEmpty(request.Action))
        {
            throw new ActionException(isUnknown: false, "Action not found");
        }

        lock (_fencing)
        {
            if (request.Fence != 0 && request.Fence < _fence)
            {
                throw new ActionException(isUnknown: false, $"the call has token {request.Fence}, and one with token {_fence} has been seen: another engine acts now");
            }

            _fence = Math.Max(_fence, request.Fence);
        }

        try
        {
            await actions.ExecuteAsync(new(request.Action, request.Positional, request.Named, request.Key), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DriverException exception)
        {
            throw new ActionException(isUnknown: false, exception.Message, exception) { IsForNow = exception.IsUnreachable || exception.RetryAfter is not null };
        }
        catch (Exception exception) when (exception is not ActionException)
        {
            throw new ActionException(isUnknown: true, exception.Message, exception);
        }
    }

    private DatasourceException NoTable(string table) => new(DatasourceFailure.NoTable,
        $"datasource {Name} has no table {table}; it has {(_driver.Schema.Count == 0 ? "none" : string.Join(", ", _driver.Schema.Select(t => t.Table)))}");

    private static T Guard<T>(Func<T> translate)
    {
        try
        {
            return translate();
        }
        catch (DriverException exception)
        {
            throw new DatasourceException(DatasourceFailure.BadInput, exception.Message, exception);
        }
    }
}
