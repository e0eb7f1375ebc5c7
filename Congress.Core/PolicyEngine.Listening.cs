using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Congress.Data;
using Congress.Datalog;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Listening;

namespace Congress;

/// <summary>Who is told of changes.</summary>
public sealed partial class PolicyEngine
{
    private ImmutableArray<Listener> _listeners = [];
    private ITimer? _clock;

    /// <summary>Raised when a handler throws, or is too slow to be told everything. Other handlers are not affected.</summary>
    public event EventHandler<HandlerFailedEventArgs>? HandlerFailed;

    /// <summary>Calls back when a table changes: once for each batch that changes it, with what comes and goes net, after the batch
    /// has taken effect, on the thread that applied it. The callback may use the engine.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy. Nothing need define it yet.</param>
    /// <param name="handler">The callback.</param>
    /// <returns>Ends it when disposed.</returns>
    /// <exception cref="PolicyException">There is no such policy, or no such table of a datasource.</exception>
    public IDisposable OnChange(string table, Action<TableUpdate> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var name = NameOf(table);
        return Listen(new Trigger(name, handler, Fail), [name], CancellationToken.None);
    }

    /// <summary>Calls back for each new call of an action that rules ask for, when <see cref="PolicyEngineOptions.Actions"/>
    /// is <see cref="ActionMode.Enforce"/>, on the thread that applied the change. The callback may use the engine.</summary>
    /// <param name="action">The action as <c>service:action</c>; for one that a policy names without a service, <c>policy:action</c>. Null for all.</param>
    /// <param name="handler">The callback.</param>
    /// <returns>Ends it when disposed.</returns>
    public IDisposable OnAction(string? action, Action<ActionCall> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Listen(new ActionHandler(action, handler, Fail), [], CancellationToken.None);
    }

    /// <summary>Follows a table: a snapshot first, then each change. A reader that does not keep up gets a new snapshot.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy. Nothing need define it yet.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="PolicyException">There is no such policy, or no such table of a datasource.</exception>
    public IAsyncEnumerable<TableUpdate> Watch(string table, CancellationToken cancellationToken = default)
    {
        var name = NameOf(table);
        return Follow<TableUpdate>(notice => notice.Of(name), view => new(name, _engine.Version, true, view.SortedRowsOf(name), []),
            u => u.Version, u => u.Inserted.Count + u.Deleted.Count, [name], cancellationToken);
    }

    /// <summary>Follows the violations: all there are first, then those that appear and clear. A reader that does not keep up gets a new snapshot.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<ViolationUpdate> WatchViolations(CancellationToken cancellationToken = default) =>
        Follow<ViolationUpdate>(notice => notice.HasViolations ? notice.Violations : null, view => new(_engine.Version, true, ViolationsIn(view), []),
            u => u.Version, u => u.Appeared.Count + u.Cleared.Count, [], cancellationToken);

    /// <summary>Follows the calls of actions that rules ask for: all there are first, then those that come and are withdrawn. A reader
    /// that does not keep up gets a new snapshot, and may miss a call that came and went meanwhile.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<ActionUpdate> WatchActions(CancellationToken cancellationToken = default)
    {
        var isDryRun = _options.Actions == ActionMode.DryRun;
        return Follow<ActionUpdate>(
            notice => notice.Actions is { Requested.Count: 0, Withdrawn.Count: 0 } ? null : notice.Actions with { IsDryRun = isDryRun },
            view => new(_engine.Version, true, isDryRun, [.. view.DerivedTables.Where(t => t.IsAction && view.Program.IsJudging(t.Policy)).Order()
                .SelectMany(t => view.SortedRowsOf(t).Select(row => ActionCall.Of(t, row)))], []),
            u => u.Version, u => u.Requested.Count + u.Withdrawn.Count, [], cancellationToken);
    }

    private async IAsyncEnumerable<T> Follow<T>(
        Func<ChangeNotice, T?> collect, Func<View, T> snapshot, Func<T, long> versionOf, Func<T, int> sizeOf, IReadOnlyList<TableName> tables,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var watcher = new Watcher<T>(collect, () => Read(snapshot, cancellationToken), versionOf, sizeOf);
        using var listening = Listen(watcher, tables, cancellationToken);
        await foreach (var update in watcher.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    /// <summary>Adds a listener and keeps the tables that it listens to.</summary>
    private Listening Listen(Listener listener, IReadOnlyList<TableName> tables, CancellationToken cancellationToken)
    {
        Demand(tables, cancellationToken);
        lock (_writer)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _listeners = _listeners.Add(listener);
            _clock ??= _options.TimeProvider.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }

        return new(this, listener, tables);
    }

    /// <summary>What those who listen want of a change, to be done once it is committed.</summary>
    private List<Action> Collect(Proposal proposal, EvaluationRequest request)
    {
        var posts = new List<Action>();
        if (!_listeners.IsEmpty)
        {
            var notice = new ChangeNotice(_engine, proposal, request);
            foreach (var listener in _listeners)
            {
                if ((listener is not ActionHandler || _options.Actions == ActionMode.Enforce) && listener.Collect(notice) is { } post)
                {
                    posts.Add(post);
                }
            }
        }

        return posts;
    }

    private void Deliver()
    {
        foreach (var listener in _listeners)
        {
            listener.Deliver();
        }
    }

    /// <summary>While somebody listens, rules that read the clock follow it.</summary>
    private void Tick()
    {
        try
        {
            FollowClock(CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            // the engine ended meanwhile
        }
        catch (PolicyException exception)
        {
            Fail(new("now", exception, $"the rules that read the clock could not be evaluated: {exception.Message}"));
        }
    }

    private void Fail(HandlerFailedEventArgs failure) => HandlerFailed?.Invoke(this, failure);

    private sealed class Listening(PolicyEngine engine, Listener listener, IReadOnlyList<TableName> tables) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            {
                return;
            }

            lock (engine._writer)
            {
                engine._listeners = engine._listeners.Remove(listener);
            }

            listener.Close();
            engine.Release(tables);
        }
    }
}
