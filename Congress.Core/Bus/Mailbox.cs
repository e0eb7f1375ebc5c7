using System.Threading.Channels;

namespace Congress.Bus;

/// <summary>Work for one service, done one after the other. Bounded: who finds it full is refused, or waits.</summary>
/// <remarks>
/// Work is done on the pool, with preference for the poster's thread: one who posts and then awaits the result gives the thread to the work, and no other
/// need be woken.
/// </remarks>
internal sealed class Mailbox : IThreadPoolWorkItem
{
    private readonly Channel<Func<CancellationToken, ValueTask>> _work;
    private readonly CancellationToken _ended;
    private readonly Action _enter;
    private readonly Func<ValueTask> _after;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isScheduled = 1;   // until it is opened
    private int _thread;            // that drains, with nothing but the pool below it
    private bool _isGiving;
    private IThreadPoolWorkItem? _given;

    /// <summary>Makes a mailbox that takes work, but does none before <see cref="Open"/>.</summary>
    /// <param name="capacity">The most work that waits.</param>
    /// <param name="enter">Is done on a thread before it works here.</param>
    /// <param name="after">Is done after each piece.</param>
    /// <param name="ended">Ends it; is given to all work.</param>
    public Mailbox(int capacity, Action enter, Func<ValueTask> after, CancellationToken ended)
    {
        _ = _completion.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _work = Channel.CreateBounded<Func<CancellationToken, ValueTask>>(new BoundedChannelOptions(capacity) { SingleReader = true });
        (_enter, _after, _ended) = (enter, after, ended);
    }

    /// <summary>Ends when all work is done after <see cref="Close"/>, or with the first failure.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Begins with the work.</summary>
    public void Open() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);

    /// <summary>Takes no more.</summary>
    public void Close()
    {
        _work.Writer.TryComplete();
        Schedule();
    }

    /// <summary>Ends without having begun.</summary>
    public void Abandon(Exception reason)
    {
        _work.Writer.TryComplete();
        _completion.TrySetException(reason);
    }

    public bool TryPost(Func<CancellationToken, ValueTask> work)
    {
        if (!TryPost(work, out var isDue))
        {
            return false;
        }

        if (isDue)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }

        return true;
    }

    /// <summary>The same for who holds a lock, which the work would only wait for.</summary>
    /// <param name="work">The work.</param>
    /// <param name="isDue">Whether the mailbox is to be queued to the pool now.</param>
    public bool TryPost(Func<CancellationToken, ValueTask> work, out bool isDue)
    {
        var isTaken = _work.Writer.TryWrite(work);
        isDue = isTaken && Interlocked.Exchange(ref _isScheduled, 1) == 0;
        return isTaken;
    }

    /// <summary>Waits for room, and then until the work is done.</summary>
    public async ValueTask PostAsync(Func<CancellationToken, ValueTask> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _work.Writer.WriteAsync(async token =>
        {
            try
            {
                await work(token).ConfigureAwait(false);
                done.TrySetResult();
            }
            catch (Exception exception)
            {
                done.TrySetException(exception);
                throw;
            }
        }, _ended).ConfigureAwait(false);
        Schedule();
        try
        {
            await done.Task.WaitAsync(_ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (done.Task.IsCompleted)
        {
            await done.Task.ConfigureAwait(false);   // it was this work that ended the service
        }
    }

    /// <summary>Does the last thing of a piece of work, in which somebody who waits may be given this thread.</summary>
    public void Finish(Action last)
    {
        _isGiving = Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;
        try
        {
            last();
        }
        finally
        {
            _isGiving = false;
        }
    }

    /// <summary>Gives the thread, within <see cref="Finish"/>, to somebody who waits, for when it has nothing else to do here.</summary>
    /// <returns>False when it cannot be had; the pool has others.</returns>
    public bool TryGive(IThreadPoolWorkItem waiting)
    {
        if (_thread != Environment.CurrentManagedThreadId || !_isGiving || _given is not null)
        {
            return false;
        }

        _given = waiting;
        return true;
    }

    /// <summary>Leaves to the pool who was given this thread: there is more to do here.</summary>
    public void LeaveGiven()
    {
        if (_given is { } given)
        {
            _given = null;
            ThreadPool.UnsafeQueueUserWorkItem(given, preferLocal: true);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        var thread = Environment.CurrentManagedThreadId;
        Volatile.Write(ref _thread, thread);
        var draining = DrainAsync();
        Interlocked.CompareExchange(ref _thread, 0, thread);
        if (draining.IsCompletedSuccessfully)
        {
            draining.Result?.Execute();
        }
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    /// <returns>Who was given the thread.</returns>
    private async ValueTask<IThreadPoolWorkItem?> DrainAsync()
    {
        IThreadPoolWorkItem? given;
        try
        {
            _enter();
            do
            {
                while (_work.Reader.TryRead(out var work))
                {
                    LeaveGiven();
                    _ended.ThrowIfCancellationRequested();
                    await work(_ended).ConfigureAwait(false);
                    await _after().ConfigureAwait(false);
                }

                if (_work.Reader.Completion.IsCompleted)
                {
                    _completion.TrySetResult();
                    break;
                }

                // Whoever sets it next may drain, on another thread: nothing of the mailbox is this one's from there on.
                (given, _given) = (_given, null);
                Volatile.Write(ref _isScheduled, 0);
                if ((!_work.Reader.TryPeek(out _) && !_work.Reader.Completion.IsCompleted) || Interlocked.Exchange(ref _isScheduled, 1) != 0)
                {
                    return given;
                }

                _given = given;
            }
            while (true);
        }
        catch (Exception exception)
        {
            _completion.TrySetException(exception);
        }

        LeaveGiven();
        return null;
    }
}
