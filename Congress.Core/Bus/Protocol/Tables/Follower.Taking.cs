using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>What waits to be taken by the subscriber, what it has been told of its age, and the acknowledgements that follow.</summary>
internal sealed partial class Follower
{
    private readonly Queue<TableEvent> _waiting = new();
    private uint _framesReceived;       // of this generation
    private uint _framesAcknowledged;
    private int _framesHeld;            // whose changes wait, of any generation
    private bool _hasRefused;           // a frame, for want of room
    private bool _hasRows;
    private bool _isPeerHealthy;
    private readonly List<(ulong Sequence, TimeSpan At)> _marks = [];       // of heartbeats, not reached yet
    private TimeSpan _burstAt;          // when the last heartbeats began to come, one or many at once
    private TimeSpan? _currentBefore;   // as _currentAt was then
    private TimeSpan? _currentAt;       // when the state here was last known to be the publisher's newest
    private TimeSpan _answersSince;     // no answer to this generation is older
    private string _reason = "not asked yet";
    private bool _isFresh;
    private bool _toldFresh;

    /// <summary>Whether the state is current, as far as heartbeats tell.</summary>
    public bool IsFresh => _isFresh;

    /// <summary>Why it is not.</summary>
    public string Reason => _reason;

    public int Waiting => _waiting.Count;

    /// <summary>Takes what there is. Only now the publisher is told that there is room again.</summary>
    public void TakeAll(List<TableEvent> into, TimeSpan now)
    {
        _progressAt = IsLive && _waiting.Count > 0 ? now : _progressAt;
        while (_waiting.TryDequeue(out var next))
        {
            if (next is TableSnapshot && !_hasRows)
            {
                (_hasRows, _toldFresh) = (true, true);
            }

            into.Add(next);
        }

        if (_hasRows && _toldFresh != _isFresh)
        {
            _toldFresh = _isFresh;
            into.Add(_isFresh ? new TableFresh(table) : new TableStale(table, _reason));
        }

        _framesHeld = 0;
        if (_hasRefused && _link != 0)
        {
            Ask(now);
        }

        Acknowledge();
    }

    /// <summary>Whether the publisher's node is heard.</summary>
    public void OnPeerHealth(bool isHealthy, string reason, TimeSpan now)
    {
        _isPeerHealthy = isHealthy;
        if (!isHealthy)
        {
            _reason = reason;
        }

        TellWhetherFresh(now);
    }

    private void Deliver(TableEvent next)
    {
        _waiting.Enqueue(next);
        if (_waiting.Count == 1)
        {
            outbox.Tell(new SubscriptionReady(id));
        }
    }

    /// <summary>Frames that gave nothing to take, and those of a snapshot, make room at once; others when they are taken.</summary>
    private void AcknowledgeUnlessWaiting()
    {
        if (!IsLive ? _framesReceived - _framesAcknowledged >= settings.Window / 4 : _waiting.Count == 0)
        {
            Acknowledge();
        }
    }

    private void Acknowledge()
    {
        if (_framesReceived != _framesAcknowledged && _link != 0)
        {
            _framesAcknowledged = _framesReceived;
            outbox.Send(_link, new Ack(id, _generation, _framesReceived));
        }
    }

    /// <summary>Everything up to the newest state is here, whichever frames or acknowledgements were lost.</summary>
    private void AcknowledgeAll(uint frames)
    {
        _framesReceived = Math.Max(_framesReceived, frames);
        _framesAcknowledged = 0;
        Acknowledge();
    }

    private void BecomeLive()
    {
        IsLive = true;
        _askForAll = false;
        _behindSince = null;
        _backoff = settings.Patience * 2;
        TellWhetherFresh(_progressAt);
    }

    private void LoseTouch(TimeSpan now, string reason)
    {
        IsLive = false;
        _behindSince = null;
        _reason = reason;
        TellWhetherFresh(now);
    }

    /// <summary>Notes how far the publisher was when its heartbeat came.</summary>
    /// <remarks>Heartbeats that come at once were held back on the way: the last of them alone tells how it is now.</remarks>
    private void Note(TableMark mark, TimeSpan now)
    {
        if (now - _burstAt >= settings.Heartbeat / 2)
        {
            (_burstAt, _currentBefore) = (now, _currentAt);
            _marks.RemoveAll(m => now - m.At > settings.Suspect);
        }
        else
        {
            _marks.RemoveAll(m => m.At >= _burstAt);
            _currentAt = mark.Sequence > _sequence ? _currentBefore : _currentAt;
        }

        _marks.Add((mark.Sequence, now));
        ReachMarks();
    }

    private void ReachMarks()
    {
        while (_marks.Count > 0 && _marks[0].Sequence <= _sequence)
        {
            BeCurrent(_marks[0].At);
            _marks.RemoveAt(0);
        }
    }

    private void BeCurrent(TimeSpan at) => _currentAt = _currentAt is { } known && known > at ? known : at;

    /// <summary>A state is fresh for as long as a publisher may be silent after it was the newest. Being out of touch for a moment does not make it old.</summary>
    private void TellWhetherFresh(TimeSpan now)
    {
        var isFresh = _isPeerHealthy && _link != 0 && now - _currentAt <= settings.Suspect;
        if (isFresh == _isFresh)
        {
            return;
        }

        _isFresh = isFresh;
        if (!isFresh && _isPeerHealthy && IsLive)
        {
            _reason = "its changes come late";
        }

        if (_waiting.Count == 0)
        {
            outbox.Tell(new SubscriptionReady(id));
        }
    }
}
