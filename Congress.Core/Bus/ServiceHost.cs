using Congress.Bus.Protocol;
using Congress.Bus.Protocol.Tables;
using Congress.Data;

namespace Congress.Bus;

/// <summary>Runs a service on a node: waits for its lease, starts it, and starts it again when it fails.</summary>
internal sealed class ServiceHost(DseNode node, DataService service, ServiceOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private CancellationTokenSource? _stop;
    private Task _supervision = Task.CompletedTask;
    private volatile ServiceLife? _life;
    private volatile bool _isNodeStopping;
    private bool _hasEnded;
    private uint _starts;
    private int _failures;
    private string? _lastFailure;
    private ServiceState _state;

    public DseNode Node => node;

    public DataService Service => service;

    /// <summary>The token of the life that runs.</summary>
    public ulong Fence => Life().Entry.Fence;

    public ServiceStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new(service.Name, _state, (int)_starts, _failures, _lastFailure);
            }
        }
    }

    /// <summary>Starts the service. Unless it waits for a lease, or for its last life to end, it can publish when this returns.</summary>
    public void Start()
    {
        CancellationToken stop;
        Task before;
        var supervision = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stop is not null || _hasEnded)
            {
                return;
            }

            _stop = new();
            (stop, before, _supervision) = (_stop.Token, _supervision, supervision.Task);
        }

        _ = SuperviseAsync();

        async Task SuperviseAsync()
        {
            try
            {
                await before.ConfigureAwait(false);
                await this.SuperviseAsync(stop).ConfigureAwait(false);
            }
            finally
            {
                // Before whoever waits for the end can start the service, or one of its name, again.
                if (!_isNodeStopping)
                {
                    node.RemoveService(service.Name);
                }

                supervision.TrySetResult();
            }
        }
    }

    /// <summary>Stops the service: what it works on may end, for a while.</summary>
    /// <param name="isFinal">Whether it is never to be started again.</param>
    public async Task StopAsync(bool isFinal)
    {
        CancellationTokenSource? stop;
        Task supervision;
        lock (_gate)
        {
            _hasEnded |= isFinal;
            (stop, _stop) = (_stop, null);
            supervision = _supervision;
        }

        if (stop is not null)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        await supervision.ConfigureAwait(false);
        stop?.Dispose();
    }

    /// <summary>Stops the service as its node stops: its tables stay until subscribers have caught up.</summary>
    public ValueTask DisposeAsync()
    {
        _isNodeStopping = true;
        return new(StopAsync(isFinal: true));
    }

    /// <summary>Publishes for the life that asks.</summary>
    public void Publish(string table, IReadOnlyCollection<Row> inserted, IReadOnlyCollection<Row>? deleted)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        ArgumentNullException.ThrowIfNull(inserted);
        foreach (var row in inserted)
        {
            RowSize.Check(row);
        }

        foreach (var row in deleted ?? [])
        {
            ArgumentNullException.ThrowIfNull(row, nameof(deleted));
        }

        var life = Life();
        if (!node.Publish(life.Entry, new(service.Name, table), inserted, deleted))
        {
            throw new InvalidOperationException($"service '{service.Name}' does not run on node '{node.Id}' any more: it was stopped, or has lost its lease");
        }
    }

    public void Retract(string table)
    {
        Life();
        node.Retract(new(service.Name, table));
    }

    public IDisposable Follow(TableName table, Func<TableEvent, CancellationToken, ValueTask> take) => Life().Follow(table, take);

    public void Every(TimeSpan interval, Func<CancellationToken, ValueTask> work) => Life().Every(interval, work);

    public ValueTask PostAsync(Func<CancellationToken, ValueTask> work) => Life().PostAsync(work);

    public bool TryTake(CallArrived call) => _life?.TryTake(call) == true;

    public void Abandon(ulong token) => _life?.Abandon(token);

    /// <summary>Notes that a table has subscribers now, or none any more.</summary>
    public void DemandChanged(string table, bool isWanted)
    {
        lock (_gate)
        {
            _ = isWanted ? _wanted.Add(table) : _wanted.Remove(table);
        }

        _life?.Demand();
    }

    public void CheckHang() => _life?.CheckHang();

    public string[] Wanted()
    {
        lock (_gate)
        {
            return [.. _wanted];
        }
    }

    /// <summary>The life that runs; what is left over of a former one has no say in it.</summary>
    private ServiceLife Life()
    {
        var life = _life;
        return life is not null && (ServiceLife.Current is not { } asking || asking.Host != this || asking == life)
            ? life
            : throw new InvalidOperationException(
                $"service '{service.Name}' does not run on node '{node.Id}'; it can publish and follow from its start to its stop, while it holds its lease");
    }

    private async Task SuperviseAsync(CancellationToken stop)
    {
        var backoff = node.Options.MinBackoff;
        while (!stop.IsCancellationRequested)
        {
            var began = node.Options.Time.GetTimestamp();
            try
            {
                await RunOnceAsync(stop).ConfigureAwait(false);
                backoff = node.Options.MinBackoff;   // it lost its lease; that is no failure
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                backoff = node.Options.Time.GetElapsedTime(began) > Healthy ? node.Options.MinBackoff : backoff;
                Failed(exception, backoff);
                await Task.Delay(backoff, node.Options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                backoff = backoff * 2 < node.Options.MaxBackoff ? backoff * 2 : node.Options.MaxBackoff;
            }
        }

        Is(ServiceState.Stopped);
    }

    /// <summary>One life: from the lease to a failure, the loss of the lease, or the stop.</summary>
    private async Task RunOnceAsync(CancellationToken stop)
    {
        var (fence, heldSince) = await HoldLeaseAsync(stop).ConfigureAwait(false);
        lock (_gate)
        {
            _starts++;
        }

        // Numbered by node: another service that takes the name begins another epoch.
        var life = new ServiceLife(this, EntryOf(node.NextStart(), isActive: true, fence), options, heldSince);
        try
        {
            // What is published while it starts is of this life already; calls wait in the mailbox.
            node.SetService(life.Entry);
            _life = life;
            Is(ServiceState.Running);
            await life.RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            if (!stop.IsCancellationRequested)
            {
                node.SetService(life.Entry with { IsActive = false });
                _life = null;
            }

            await life.DisposeAsync().ConfigureAwait(false);
            _life = null;
        }
    }

    /// <summary>Waits for the lease.</summary>
    /// <returns>Its token, and from when on it counts.</returns>
    private async Task<(ulong Fence, long Since)> HoldLeaseAsync(CancellationToken stop)
    {
        if (options.SingleOwner is not { } lease)
        {
            return (0, 0);
        }

        for (var isFirst = true; ; isFirst = false)
        {
            var asked = node.Options.Time.GetTimestamp();
            if (await lease.TryHoldAsync(service.Name, node.Identity.ToString(), options.LeaseTime, stop).ConfigureAwait(false) is { } token)
            {
                return (token, asked);
            }

            if (isFirst)
            {
                Is(ServiceState.Standby);
                node.SetService(EntryOf(node.NextStart(), isActive: false, 0));
            }

            await Task.Delay(options.LeaseTime / 9, node.Options.Time, stop).ConfigureAwait(false);
        }
    }

    private ServiceEntry EntryOf(uint start, bool isActive, ulong fence) =>
        new(service.Name, start, isActive, fence, [.. service.Tables], [.. service.Methods.Names]);

    private void Is(ServiceState state)
    {
        lock (_gate)
        {
            _state = state;
        }

        BusLog.ServiceIs(node.Options.Logger, node.Id, service.Name, state);
    }

    private void Failed(Exception exception, TimeSpan backoff)
    {
        lock (_gate)
        {
            _failures++;
            (_state, _lastFailure) = (ServiceState.Failed, $"{exception.GetType().Name}: {exception.Message}");
        }

        BusLog.ServiceFailed(node.Options.Logger, node.Id, service.Name, exception.Message, backoff, exception);
    }
}
