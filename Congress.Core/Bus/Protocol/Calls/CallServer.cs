using Congress.Data;

namespace Congress.Bus.Protocol.Calls;

/// <summary>The calls that services of this node work on, and the answers that repetitions are given.</summary>
internal sealed class CallServer(ProtocolSettings settings, Outbox outbox)
{
    private readonly Dictionary<ulong, Work> _running = [];
    private readonly Dictionary<(long Link, ulong Id), Work> _waiters = [];
    private readonly Dictionary<CallKey, Work> _keyed = [];
    private readonly AnswerCache _answers = new(settings);
    private ulong _lastToken;

    public int Count => _running.Count;

    /// <summary>Takes a call to a service that runs here.</summary>
    public void OnCall(long link, NodeId caller, Call call, TimeSpan now)
    {
        var key = new CallKey(caller, call.Service, call.Method, call.Key);
        if (call.Key.Length > 0)
        {
            if (_answers.Find(key, now) is { } known)
            {
                Reply(link, call.Id, known);
                return;
            }

            if (_keyed.TryGetValue(key, out var same))
            {
                same.Deadline = same.Deadline > now + Deadline(call) ? same.Deadline : now + Deadline(call);
                Join(same, link, call.Id);
                return;
            }
        }

        if (_running.Count >= settings.RunningCalls || _waiters.ContainsKey((link, call.Id)))
        {
            outbox.Send(link, new Fault(call.Id, FaultKind.Overloaded, "", $"{_running.Count} calls are being worked on", 500));
            return;
        }

        var work = new Work(++_lastToken, call.Key.Length > 0 ? key : null) { Deadline = now + Deadline(call) };
        _running.Add(work.Token, work);
        if (work.Key is not null)
        {
            _keyed.Add(key, work);
        }

        Join(work, link, call.Id);
        outbox.Tell(new CallArrived(work.Token, caller, call));
    }

    public void OnCancel(long link, ulong id)
    {
        if (_waiters.Remove((link, id), out var work))
        {
            work.Waiters.Remove((link, id));
            AbandonIfUnwanted(work);
        }
    }

    public void OnLinkDown(long link)
    {
        foreach (var waiter in _waiters.Keys.Where(w => w.Link == link).ToArray())
        {
            OnCancel(waiter.Link, waiter.Id);
        }
    }

    /// <summary>A service is done with a call.</summary>
    /// <param name="token">The work.</param>
    /// <param name="result">The answer or the fault; its number is that of no caller yet.</param>
    /// <param name="now">The time.</param>
    public void Complete(ulong token, Frame result, TimeSpan now)
    {
        if (!_running.Remove(token, out var work))
        {
            return;   // it ended by its deadline
        }

        if (work.Key is not null)
        {
            _keyed.Remove(work.Key.Value);

            // What was begun is not begun again, though it may have been given up: then a repetition learns just that.
            if (result is not Fault { Kind: FaultKind.Overloaded or FaultKind.NoService })
            {
                _answers.Add(work.Key.Value, result, now);
            }
        }

        foreach (var (link, id) in work.Waiters)
        {
            _waiters.Remove((link, id));
            Reply(link, id, result);
        }
    }

    public void OnTick(TimeSpan now)
    {
        foreach (var work in _running.Values.Where(w => now >= w.Deadline).ToArray())
        {
            outbox.Tell(new CallAbandoned(work.Token));
            Complete(work.Token, new Fault(0, FaultKind.DeadlineExceeded, "", "the deadline passed while the service worked on it", 0), now);
        }
    }

    private static TimeSpan Deadline(Call call) => TimeSpan.FromMilliseconds(Math.Min(call.Deadline, 3_600_000));

    private void Join(Work work, long link, ulong id)
    {
        if (_waiters.TryAdd((link, id), work))
        {
            work.Waiters.Add((link, id));
        }
    }

    /// <summary>Work that may be asked for again under its key goes on without anybody waiting, until its deadline.</summary>
    private void AbandonIfUnwanted(Work work)
    {
        if (work.Waiters.Count == 0 && work.Key is null)
        {
            _running.Remove(work.Token);
            outbox.Tell(new CallAbandoned(work.Token));
        }
    }

    private void Reply(long link, ulong id, Frame result) => outbox.Send(link, result switch
    {
        Answer answer => answer with { Id = id },
        Fault fault => fault with { Id = id },
        _ => throw new ArgumentException($"{result} is no result", nameof(result)),
    });

    private sealed class Work(ulong token, CallKey? key)
    {
        public ulong Token => token;

        public CallKey? Key => key;

        public List<(long Link, ulong Id)> Waiters { get; } = [];

        public TimeSpan Deadline { get; set; }
    }
}

/// <summary>What makes two calls one.</summary>
internal readonly record struct CallKey(NodeId Caller, string Service, string Method, string Key);
