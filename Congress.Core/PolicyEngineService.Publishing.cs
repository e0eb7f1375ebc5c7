using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Serving;

namespace Congress;

/// <summary>The tables that others follow.</summary>
public sealed partial class PolicyEngineService
{
    private readonly Dictionary<string, IDisposable?> _published = new(StringComparer.Ordinal);   // null: wanted, but not yet to be told
    private readonly Lock _telling = new();

    /// <inheritdoc/>
    protected internal override ValueTask OnFirstSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        _published[table] = _isReady ? Publish(table, cancellationToken) : null;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected internal override ValueTask OnLastSubscriberAsync(string table, CancellationToken cancellationToken)
    {
        if (_published.Remove(table, out var listening))
        {
            listening?.Dispose();
            Retract(table);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Publishes what is wanted and is not published yet: the engine was not ready, or had no such table.</summary>
    private void PublishWhatIsWanted(CancellationToken cancellationToken)
    {
        foreach (var table in _published.Where(p => p.Value is null).Select(p => p.Key).ToArray())
        {
            _published[table] = Publish(table, cancellationToken);
        }
    }

    /// <summary>Publishes a table of the engine, and its changes from now on.</summary>
    /// <returns>What ends it; null when the engine has no such table: its subscriber waits, as for any other that is not published yet.</returns>
    private IDisposable? Publish(string table, CancellationToken cancellationToken)
    {
        if (table == EngineMethods.ViolationsTable)
        {
            return PublishViolations();
        }

        IDisposable? listening = null;
        try
        {
            lock (_telling)
            {
                // A rule that reads the clock changes its table on another thread. What came before the rows were read is in them.
                var known = long.MaxValue;
                listening = _engine!.OnChange(table, update =>
                {
                    lock (_telling)
                    {
                        if (update.Version > known)
                        {
                            Publish(table, update.Inserted, update.IsSnapshot ? [] : update.Deleted);
                        }
                    }
                });
                var version = _engine.Version;
                Publish(table, RowsOf(TableName.Parse(table, _options.Engine.DefaultPolicy), cancellationToken));
                known = version;
                return listening;
            }
        }
        catch (PolicyException)
        {
            listening?.Dispose();
            return null;
        }
    }

    /// <summary>A change that could not be published leaves a wrong table behind: the service starts anew.</summary>
    private void Fail(HandlerFailedEventArgs failed)
    {
        try
        {
            _ = PostAsync(_ => throw new InvalidOperationException($"a change could not be published: {failed.Message}", failed.Exception)).AsTask();
        }
        catch (InvalidOperationException)
        {
            // This life is over already.
        }
    }
}
