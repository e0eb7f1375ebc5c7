namespace Congress.Datasources;

/// <summary>Reads one group of tables again and again: at its interval, when asked, and after failures at longer and longer intervals.</summary>
/// <param name="group">The group.</param>
/// <param name="read">Reads it; the result is the number of its rows.</param>
/// <param name="workers">Bounds how many groups of a datasource are read at once.</param>
/// <param name="options">The intervals.</param>
internal sealed class GroupPoll(TableGroup group, Func<TableGroup, CancellationToken, Task<long>> read, SemaphoreSlim workers, DatasourceServiceOptions options)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _wake = NewWake();
    private List<TaskCompletionSource<long>> _asking = [];
    private volatile bool _isWanted = !group.IsLazy;
    private int _failures;

    public TableGroup Group => group;

    /// <summary>Whether it is read: lazy groups are not while nobody wants them.</summary>
    public bool IsActive => _isWanted;

    /// <summary>How often it was read with success.</summary>
    public long Updates { get; private set; }

    public DateTimeOffset? LastUpdated { get; private set; }

    /// <summary>What the last reading failed of; null when it succeeded.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Says whether somebody follows a table of the group.</summary>
    public void IsWanted(bool isWanted)
    {
        if (group.IsLazy && isWanted != _isWanted)
        {
            _isWanted = isWanted;
            Wake();
        }
    }

    /// <summary>Has it read at once, and waits for the end of a reading that began after now.</summary>
    public async Task<long> RefreshAsync(CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _asking.Add(asked);
        }

        Wake();
        return await asked.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads until it is told to end.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        var next = TimeSpan.Zero;
        while (!ended.IsCancellationRequested)
        {
            Task woken;
            lock (_gate)
            {
                woken = _wake.Task;
            }

            if (next != TimeSpan.Zero)
            {
                await woken.WaitAsync(next, options.Time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ended.ThrowIfCancellationRequested();
            }

            List<TaskCompletionSource<long>> asking;
            lock (_gate)
            {
                (_wake, asking, _asking) = (NewWake(), _asking, []);
            }

            next = _isWanted || asking.Count > 0 ? await ReadAsync(asking, ended).ConfigureAwait(false) : Timeout.InfiniteTimeSpan;
        }
    }

    /// <returns>When to read next.</returns>
    private async Task<TimeSpan> ReadAsync(List<TaskCompletionSource<long>> asking, CancellationToken ended)
    {
        await workers.WaitAsync(ended).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ended);
        using var deadline = new CancellationTokenSource(options.Timeout, options.Time);
        using var late = deadline.Token.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), stop);
        try
        {
            var rows = await read(group, stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            (Failure, LastUpdated, _failures) = (null, options.Time.GetUtcNow(), 0);
            Updates++;
            asking.ForEach(a => a.TrySetResult(rows));
            return options.Interval == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : options.Interval * (0.9 + (0.2 * Random.Shared.NextDouble()));
        }
        catch (Exception exception) when (!ended.IsCancellationRequested)
        {
            Failure = stop.IsCancellationRequested ? new DriverException($"reading took more than {options.Timeout.TotalSeconds} s", exception) : exception;
            asking.ForEach(a => a.TrySetException(Failure));
            _failures = Math.Min(_failures + 1, 30);
            return (exception as DriverException)?.RetryAfter is { } after && after > TimeSpan.Zero ? Least(after, options.MaxBackoff) : Backoff();
        }
        catch (Exception exception)
        {
            asking.ForEach(a => a.TrySetException(exception));
            throw;
        }
        finally
        {
            workers.Release();
        }
    }

    /// <summary>The interval at first, then twice as long with each failure; never shorter than a second, unless the interval is.</summary>
    private TimeSpan Backoff()
    {
        var interval = options.Interval == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : options.Interval;
        var backoff = interval * Math.Pow(2, _failures - 1) * (0.9 + (0.2 * Random.Shared.NextDouble()));
        return interval > options.MaxBackoff ? interval : Least(backoff, options.MaxBackoff);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Wake()
    {
        lock (_gate)
        {
            _wake.TrySetResult();
        }
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
