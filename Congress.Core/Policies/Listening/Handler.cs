namespace Congress.Policies.Listening;

/// <summary>A callback of the user: it is called for one thing after the other, on the thread that made the change.</summary>
/// <remarks>
/// While a thread is in the callback, others that bring more leave it to that thread, so a callback that changes the engine,
/// or that blocks, holds up nobody but its own caller. What it throws is told to the engine's user, and others are not affected.
/// </remarks>
/// <param name="name">What the callback is registered for.</param>
/// <param name="callback">The callback.</param>
/// <param name="fail">Told what goes wrong.</param>
internal abstract class Handler<T>(string name, Action<T> callback, Action<HandlerFailedEventArgs> fail) : Listener
{
    /// <summary>How many things may wait for the callback.</summary>
    protected const int MaxWaiting = 1024;

    private readonly Lock _lock = new();
    private bool _isBusy;
    private bool _isClosed;

    protected List<T> Waiting { get; private set; } = [];

    public override void Deliver()
    {
        while (TryTake(out var things))
        {
            var done = 0;
            try
            {
                while (done < things.Count)
                {
                    Call(things[done++]);
                }
            }
            finally
            {
                Leave(things.Skip(done));
            }
        }
    }

    public override void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Waiting = [];
        }
    }

    /// <summary>Puts something behind what waits.</summary>
    protected void Add(T thing)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                if (Waiting.Count >= MaxWaiting)
                {
                    MakeRoom();
                }

                Waiting.Add(thing);
            }
        }
    }

    /// <summary>Shortens what waits, as the callback does not keep up.</summary>
    protected abstract void MakeRoom();

    protected void Fail(string message) => fail(new(name, null, message));

    private void Call(T thing)
    {
        try
        {
            callback(thing);
        }
        catch (Exception exception)
        {
            fail(new(name, exception, $"the handler of {name} threw {exception.GetType().Name}: {exception.Message}"));
        }
    }

    /// <summary>Leaves the callback to others, with what is not done: whoever is told of failures may throw as well.</summary>
    private void Leave(IEnumerable<T> rest)
    {
        lock (_lock)
        {
            _isBusy = false;
            if (!_isClosed)
            {
                Waiting.InsertRange(0, rest);
            }
        }
    }

    private bool TryTake(out List<T> things)
    {
        lock (_lock)
        {
            things = Waiting;
            if (_isBusy || _isClosed || things.Count == 0)
            {
                return false;
            }

            _isBusy = true;
            Waiting = [];
            return true;
        }
    }
}
