namespace Congress.Tests.Simulation;

/// <summary>How OpenStack Congress keeps a subscriber up to date, for comparison: numbered messages, a queue of early ones, and a new subscription when the
/// oldest of them has waited for ten seconds. Heartbeats do not say how far the publisher is.</summary>
/// <remarks>After <c>receive_data_sequenced</c> of congress/dse2/data_service.py. A state is a set of bits, as everywhere in the simulation.</remarks>
internal sealed class ReferenceSubscriber
{
    private static readonly TimeSpan TimeToResubscribe = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<long, (ReferenceMessage Message, TimeSpan At)> _queue = [];
    private long? _last;

    public ulong State { get; private set; }

    public void Receive(ReferenceMessage message, TimeSpan now)
    {
        if (message.Sequence == 0)
        {
            // A reset: the publisher begins again, and what is queued is void.
            _queue.Clear();
            Apply(message);
        }
        else if (_last is null && message.IsSnapshot)
        {
            Apply(message);
        }
        else if (_last is null || message.Sequence > _last + 1)
        {
            _queue.TryAdd(message.Sequence, (message, now));
            return;
        }
        else if (message.Sequence == _last + 1)
        {
            Apply(message);
        }

        Drain();
    }

    /// <summary>Whether it is time to subscribe anew; then everything queued is forgotten.</summary>
    public bool MustResubscribe(TimeSpan now)
    {
        if (_queue.Count == 0 || now - _queue.Values.Min(q => q.At) < TimeToResubscribe)
        {
            return false;
        }

        _queue.Clear();
        _last = null;
        return true;
    }

    private void Drain()
    {
        while (_queue.Count > 0 && _queue.First().Key is var next && next <= _last + 1)
        {
            _queue.Remove(next, out var queued);
            if (next == _last + 1)
            {
                Apply(queued.Message);
            }
        }
    }

    private void Apply(ReferenceMessage message)
    {
        State = message.IsSnapshot ? message.Inserted : (State & ~message.Deleted) | message.Inserted;
        _last = message.Sequence;
    }
}

/// <summary>A message of the reference: a snapshot or a change.</summary>
internal sealed record ReferenceMessage(long Sequence, bool IsSnapshot, ulong Inserted, ulong Deleted);

/// <summary>One publisher and one subscriber of the reference, over a link with the faults of a seed's scenario.</summary>
internal sealed class ReferenceSimulation(long seed)
{
    private readonly SimulationRandom _random = new((ulong)seed + 77);
    private readonly Scenario _scenario = Scenario.Of(new((ulong)seed));
    private readonly VirtualTime _time = new();
    private readonly ReferenceSubscriber _subscriber = new();
    private ulong _state;
    private long _sequence = -1;
    private bool _isCut;

    private bool IsHealed => _time.Now >= _scenario.HealedAt;

    /// <summary>Whether the subscriber has what the publisher has so long after the healing.</summary>
    public bool Converges(TimeSpan within)
    {
        Change();
        Subscribe();
        ScheduleChange();
        ScheduleFault();
        Look();
        _time.RunUntil(_scenario.HealedAt + within);
        return _subscriber.State == _state;
    }

    private void ScheduleChange() => _time.After(_random.Milliseconds(1, _scenario.ChangeEvery * 2), () =>
    {
        if (!IsHealed)
        {
            Change();
            ScheduleChange();
        }
    });

    private void Change()
    {
        var (inserted, deleted) = (1UL << _random.Below(_scenario.Domain), 1UL << _random.Below(_scenario.Domain));
        var after = (_state & ~deleted) | inserted;
        var message = new ReferenceMessage(++_sequence, _sequence == 0, after & ~_state, _state & ~after);
        _state = after;
        Send(message);
    }

    /// <summary>A subscription is a call in the reference: it is answered with a snapshot or fails, and then is tried again.</summary>
    private void Subscribe()
    {
        if (_isCut)
        {
            _time.After(TimeSpan.FromSeconds(1), Subscribe);
            return;
        }

        var snapshot = new ReferenceMessage(_sequence, true, _state, 0);
        _time.After(_random.Milliseconds(0, _scenario.MaxLatency), () => _subscriber.Receive(snapshot, _time.Now));
    }

    private void Send(ReferenceMessage message)
    {
        if (_isCut || _random.Chance(_scenario.Drop))
        {
            return;
        }

        for (var copies = _random.Chance(_scenario.Duplicate) ? 2 : 1; copies > 0; copies--)
        {
            var latency = _random.Milliseconds(0, _random.Chance(_scenario.Reorder) ? 2 * _scenario.MaxLatency : _scenario.MaxLatency);
            _time.After(latency, () => _subscriber.Receive(message, _time.Now));
        }
    }

    private void ScheduleFault() => _time.After(_random.Milliseconds(10, _scenario.FaultEvery * 20), () =>
    {
        if (IsHealed)
        {
            return;
        }

        if (_scenario.Faults.HasFlag(FaultKinds.Cuts))
        {
            _isCut = true;
            _time.After(_random.Milliseconds(100, 4000), () => _isCut = false);
        }

        if (_scenario.Faults.HasFlag(FaultKinds.Services))
        {
            (_state, _sequence) = (0, -1);   // the publisher has started again and counts from 0
            Change();
        }

        ScheduleFault();
    });

    private void Look() => _time.After(TimeSpan.FromSeconds(1), () =>
    {
        if (_subscriber.MustResubscribe(_time.Now))
        {
            Subscribe();
        }

        Look();
    });
}
