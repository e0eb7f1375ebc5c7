using System.Threading.Channels;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Bus;

/// <summary>One life of a service: its mailbox, the loop that works it off, and what was begun for it. It ends with the first failure.</summary>
internal sealed class ServiceLife : IAsyncDisposable
{
    private static readonly AsyncLocal<ServiceLife?> Asking = new();

    private readonly ServiceHost _host;
    private readonly ServiceOptions _options;
    private readonly long _heldSince;
    private readonly Mailbox _mailbox;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationToken _ended;
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, CancellationTokenSource?> _calls = [];   // taken; null: waits in the mailbox
    private readonly List<Subscription> _subscriptions = [];
    private readonly HashSet<string> _served = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _readers = new(Math.Max(4, Environment.ProcessorCount * 2));
    private Task _beginning = Task.CompletedTask;
    private int _hasDemandChanged = 1;
    private bool _isOver;
    private long _busySince;
    private TimeSpan _busyLimit = Timeout.InfiniteTimeSpan;

    public ServiceLife(ServiceHost host, ServiceEntry entry, ServiceOptions options, long heldSince)
    {
        _heldSince = heldSince;
        (_host, Entry, _options, _ended) = (host, entry, options, _over.Token);
        _mailbox = new(host.Node.Options.MailboxLength, () => Asking.Value = this, ServeDemandAsync, _ended);
    }

    /// <summary>The life whose work is being done where this is asked.</summary>
    public static ServiceLife? Current => Asking.Value;

    public ServiceHost Host => _host;

    /// <summary>Gives the thread that answers a call to its caller.</summary>
    public bool TryGive(IThreadPoolWorkItem caller) => _mailbox.TryGive(caller);

    public ServiceEntry Entry { get; }

    private DseNodeOptions Settings => _host.Node.Options;

    /// <summary>Runs until the service fails, loses its lease, or is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _beginning = Task.Run(BeginAsync, CancellationToken.None);
        var loop = _mailbox.Completion;
        var lease = _options.SingleOwner is { } held ? RenewAsync(held, end.Token) : Task.Delay(Timeout.InfiniteTimeSpan, end.Token);
        try
        {
            var first = await Task.WhenAny(loop, _failure.Task, lease).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                // No new work is taken; what waits is done.
                _mailbox.Close();
                await ((Task)Task.WhenAny(loop, _failure.Task)).WaitAsync(Settings.ShutdownTime, Settings.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await first.ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a call in. Under the node's lock.</summary>
    public bool TryTake(CallArrived call)
    {
        lock (_gate)
        {
            _calls.Add(call.Token, null);
        }

        if (_mailbox.TryPost(_ => AnswerAsync(call), out var isDue))
        {
            if (isDue)
            {
                _host.Node.Wake(_mailbox);
            }

            return true;
        }

        lock (_gate)
        {
            _calls.Remove(call.Token);
            return false;
        }
    }

    public void Abandon(ulong token)
    {
        CancellationTokenSource? call;
        lock (_gate)
        {
            // One that waits is not begun; one that runs is told.
            _calls.Remove(token, out call);
        }

        // Whoever is told runs code that is not ours: not here, under the node's lock.
        if (call is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(Cancel, call, preferLocal: false);
        }
    }

    /// <summary>Has the loop look who wants which table; after what it does now, if it has more work than it can hold.</summary>
    public void Demand()
    {
        if (Interlocked.Exchange(ref _hasDemandChanged, 1) == 0)
        {
            _mailbox.TryPost(static _ => ValueTask.CompletedTask);
        }
    }

    public IDisposable Follow(TableName table, Func<TableEvent, CancellationToken, ValueTask> take)
    {
        var subscription = _host.Node.Subscribe(table);
        lock (_gate)
        {
            if (!_isOver)
            {
                _subscriptions.Add(subscription);
            }
        }

        Watch(async () =>
        {
            using (subscription)
            {
                await foreach (var next in subscription.ConfigureAwait(false).WithCancellation(_ended))
                {
                    await PostAsync(token => take(next, token)).ConfigureAwait(false);
                }
            }

            lock (_gate)
            {
                _subscriptions.Remove(subscription);
            }
        });
        return subscription;
    }

    public void Every(TimeSpan interval, Func<CancellationToken, ValueTask> work) => Watch(async () =>
    {
        while (true)
        {
            await PostAsync(work).ConfigureAwait(false);
            await Task.Delay(interval, Settings.Time, _ended).ConfigureAwait(false);
        }
    });

    /// <summary>Has the loop do something, and waits for its end.</summary>
    public ValueTask PostAsync(Func<CancellationToken, ValueTask> work) => _mailbox.PostAsync(work);

    /// <summary>A handler that goes on long after its call's deadline fails the service: it is started anew without it.</summary>
    public void CheckHang()
    {
        lock (_gate)
        {
            if (_busyLimit == Timeout.InfiniteTimeSpan || Settings.Time.GetElapsedTime(_busySince) < _busyLimit)
            {
                return;
            }
        }

        _failure.TrySetException(new TimeoutException($"a handler has been running for {Settings.Time.GetElapsedTime(_busySince).TotalSeconds:0.0} s, long after the deadline of its call"));
    }

    /// <summary>Ends everything that was begun, within the time for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _mailbox.Close();
        Subscription[] subscriptions;
        (ulong Token, bool IsBegun)[] calls;
        lock (_gate)
        {
            _isOver = true;
            subscriptions = [.. _subscriptions];
            calls = [.. _calls.Select(c => (c.Key, c.Value is not null))];
            _calls.Clear();
        }

        foreach (var (token, isBegun) in calls)
        {
            _host.Node.Complete(token, new Fault(0, isBegun ? FaultKind.DeadlineExceeded : FaultKind.NoService, "", isBegun
                ? $"service '{Entry.Service}' stopped while it worked on the call" : $"service '{Entry.Service}' stopped before it began with the call", 0));
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Dispose();
        }

        await EndingAsync(() => _over.CancelAsync()).ConfigureAwait(false);
        await Task.WhenAll(_beginning, _mailbox.Completion).WaitAsync(Settings.ShutdownTime, Settings.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndingAsync(() => _host.Service.StopAsync().AsTask()).ConfigureAwait(false);
        if (_options.SingleOwner is { } lease)
        {
            await EndingAsync(() => lease.ReleaseAsync(Entry.Service, _host.Node.Identity.ToString()).AsTask()).ConfigureAwait(false);
        }

        if (_mailbox.Completion.IsCompleted)
        {
            _over.Dispose();
        }
    }

    private static void Cancel(CancellationTokenSource call)
    {
        try
        {
            call.Cancel();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or AggregateException)
        {
            // The handler has ended meanwhile, or what it wanted done then has failed: nobody waits for either.
        }
    }

    /// <summary>Does one thing of those at the end, so that neither its failure nor its slowness keeps the others from being done.</summary>
    private async Task EndingAsync(Func<Task> work)
    {
        try
        {
            await Task.Run(work).WaitAsync(Settings.ShutdownTime, Settings.Time).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            BusLog.ServiceFailed(Settings.Logger, _host.Node.Id, Entry.Service, $"while it stopped: {exception.Message}", TimeSpan.Zero, exception);
        }
    }

    private async Task BeginAsync()
    {
        try
        {
            Asking.Value = this;
            await _host.Service.StartAsync(_ended).ConfigureAwait(false);
            await ServeDemandAsync().ConfigureAwait(false);
            _mailbox.Open();
        }
        catch (Exception exception)
        {
            _mailbox.Abandon(exception);
            _failure.TrySetException(exception);
        }
    }

    private async ValueTask ServeDemandAsync()
    {
        if (Volatile.Read(ref _hasDemandChanged) == 0)
        {
            return;
        }

        _mailbox.LeaveGiven();
        _ended.ThrowIfCancellationRequested();
        Volatile.Write(ref _hasDemandChanged, 0);
        var wanted = _host.Wanted();
        foreach (var table in wanted)
        {
            if (_served.Add(table))
            {
                await _host.Service.OnFirstSubscriberAsync(table, _ended).ConfigureAwait(false);
            }
        }

        foreach (var table in _served.Except(wanted, StringComparer.Ordinal).ToArray())
        {
            _served.Remove(table);
            await _host.Service.OnLastSubscriberAsync(table, _ended).ConfigureAwait(false);
        }
    }

    private async ValueTask AnswerAsync(CallArrived arrived)
    {
        if (_host.Service.Methods.IsConcurrent(arrived.Call.Method))
        {
            // What has been done before the call came is seen by it; what comes later need not wait for its end.
            await _readers.WaitAsync(_ended).ConfigureAwait(false);
            _ = Task.Run(() => ReadAsync(arrived), CancellationToken.None);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_ended);
        if (!TryBegin(arrived, stop))
        {
            return;
        }

        lock (_gate)
        {
            (_busySince, _busyLimit) = (Settings.Time.GetTimestamp(), TimeSpan.FromMilliseconds(arrived.Call.Deadline) + Settings.HangTime);
        }

        var result = await ResultAsync(arrived, stop.Token).ConfigureAwait(false);
        lock (_gate)
        {
            _calls.Remove(arrived.Token);
            _busyLimit = Timeout.InfiniteTimeSpan;
        }

        _mailbox.Finish(() => _host.Node.Complete(arrived.Token, result));
    }

    /// <summary>Answers a call beside the loop. Should it go on after its deadline, it holds up no more than its place among the readers.</summary>
    private async Task ReadAsync(CallArrived arrived)
    {
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_ended);
            if (!TryBegin(arrived, stop))
            {
                return;
            }

            stop.CancelAfter(TimeSpan.FromMilliseconds(arrived.Call.Deadline));
            var result = await ResultAsync(arrived, stop.Token).ConfigureAwait(false);
            lock (_gate)
            {
                _calls.Remove(arrived.Token);
            }

            _host.Node.Complete(arrived.Token, result);
        }
        catch (ObjectDisposedException)
        {
            // The service has ended, and its calls have been answered so.
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>Begins with a call, unless nobody waits for it any more.</summary>
    private bool TryBegin(CallArrived arrived, CancellationTokenSource stop)
    {
        lock (_gate)
        {
            if (!_calls.ContainsKey(arrived.Token))
            {
                return false;
            }

            _calls[arrived.Token] = stop;
            return true;
        }
    }

    private async ValueTask<Frame> ResultAsync(CallArrived arrived, CancellationToken stop)
    {
        var call = arrived.Call;
        try
        {
            return new Answer(0, await _host.Service.Methods.AnswerAsync(
                call.Method, call.Request, new(arrived.Caller, (int)call.Attempt, call.Key), stop).ConfigureAwait(false));
        }
        catch (InvalidCallException exception)
        {
            return new Fault(0, FaultKind.BadArgument, "", exception.Message, 0);
        }
        catch (Exception exception)
        {
            return new Fault(0, FaultKind.Thrown, Diagnostics.CongressException.NameOf(exception), Shorten(exception.Message), 0);
        }
    }

    /// <summary>Holds on to the lease; ends when another has it, fails when it cannot be known in time that this service still does.</summary>
    private async Task RenewAsync(ILease lease, CancellationToken stop)
    {
        var renewed = _heldSince;
        var pause = _options.LeaseTime / 3;
        while (true)
        {
            await Task.Delay(pause, Settings.Time, stop).ConfigureAwait(false);
            var asked = Settings.Time.GetTimestamp();
            var left = (_options.LeaseTime * 5 / 6) - Settings.Time.GetElapsedTime(renewed);
            if (left <= TimeSpan.Zero)
            {
                throw new TimeoutException("the lease could not be renewed in time");
            }

            try
            {
                var token = await lease.TryHoldAsync(Entry.Service, _host.Node.Identity.ToString(), _options.LeaseTime, stop).AsTask()
                    .WaitAsync(left, Settings.Time, stop).ConfigureAwait(false);
                if (token != Entry.Fence)
                {
                    return;   // another holds it, or has held it
                }

                (renewed, pause) = (asked, _options.LeaseTime / 3);
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                pause = _options.LeaseTime / 9;   // it is still held, and there may be time to try again
            }
        }
    }

    /// <summary>Runs beside the loop; its failure is the service's.</summary>
    private void Watch(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // the way in which it ends
        }
        catch (ChannelClosedException)
        {
            // stopping
        }
        catch (Exception exception)
        {
            _failure.TrySetException(exception);
        }
    }, CancellationToken.None);

    private static string Shorten(string text) => text.Length <= 4000 ? text : text[..4000];
}
