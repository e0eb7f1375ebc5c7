using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>Follows one table of one service: a snapshot first, then changes in sequence.</summary>
/// <remarks>
/// While <see cref="IsLive"/>, what was taken plus what waits to be taken is the publisher's state at <see cref="Version"/>. Any doubt (a gap,
/// another epoch, another hash, silence) is answered in one way: ask again, with the next generation, from the state that is here.
/// </remarks>
internal sealed partial class Follower(ulong id, TableName table, ulong seed, ProtocolSettings settings, Outbox outbox)
{
    private readonly Jitter _jitter = new(seed ^ id);
    private readonly EarlyParts _early = new(settings.EarlyParts);
    private readonly List<Row> _partInserted = [];
    private readonly List<Row> _partDeleted = [];

    private long _link;                 // to the publisher; 0: none is known
    private uint _generation;
    private Epoch? _answering;          // the epoch of this generation's answer
    private Epoch _epoch;
    private ulong _sequence;
    private UInt128 _hash;
    private RowHash _hashes;
    private ulong _highestFence;
    private uint _nextPart;             // of the change after _sequence
    private SnapshotAssembly? _assembly;
    private TimeSpan _progressAt;
    private TimeSpan _backoff = settings.Patience * 2;
    private TimeSpan _wait;             // for an answer to this generation
    private TimeSpan? _behindSince;
    private bool _askForAll;

    public ulong Id => id;

    public TableName Table => table;

    /// <summary>The link to the publisher; 0 when none is known.</summary>
    public long Link => _link;

    /// <summary>Whether the publisher answers and the last answer is in sequence.</summary>
    public bool IsLive { get; private set; }

    /// <summary>The state that is here.</summary>
    public TableVersion Version => new(_epoch, _sequence);

    /// <summary>How often rows and hash did not fit.</summary>
    public int Divergences { get; private set; }

    /// <summary>The publisher is at the end of this link; 0 when it is nowhere.</summary>
    public void Aim(long link, TimeSpan now)
    {
        if (link == _link)
        {
            return;
        }

        _link = link;
        _backoff = settings.Patience * 2;
        LoseTouch(now, link == 0 ? $"no node runs service '{table.Policy}'" : $"service '{table.Policy}' is being asked");
        if (link != 0)
        {
            Ask(now);
        }
    }

    public void OnChunk(long link, SnapshotChunk chunk, TimeSpan now)
    {
        if (!IsAnswer(link, chunk.Generation, chunk.Epoch) || (chunk.Epoch == _epoch && chunk.Sequence <= _sequence && !_askForAll))
        {
            return;
        }

        _framesReceived++;
        var version = new TableVersion(chunk.Epoch, chunk.Sequence);
        if (_assembly is null || _assembly.Version.Epoch != version.Epoch || _assembly.Version.Sequence < version.Sequence)
        {
            _assembly = new(chunk);
        }

        if (_assembly.Version == version)
        {
            _progressAt = _assembly.Add(chunk) ? now : _progressAt;
            if (_assembly.IsComplete)
            {
                Complete(_assembly, chunk.Hash, now);
            }
        }

        AcknowledgeUnlessWaiting();
    }

    public void OnDeltas(long link, Deltas deltas, TimeSpan now)
    {
        if (!IsAnswer(link, deltas.Generation, deltas.Epoch))
        {
            return;
        }

        if (_framesHeld >= settings.Window)
        {
            _hasRefused = true;   // asked again and again, a subscriber that takes nothing would be sent a window each time
            return;
        }

        _framesReceived++;
        if (deltas.Parts.Count == 0 && deltas.Epoch == _epoch && !_askForAll)
        {
            BeCurrent(_answersSince);
            BecomeLive();   // the publisher goes on from the state that is here
        }

        foreach (var part in deltas.Parts)
        {
            Take(deltas.Epoch, part, now);
        }

        while (_epoch == deltas.Epoch && _sequence < ulong.MaxValue && _early.TryTake(_epoch, _sequence + 1, _nextPart, out var early))
        {
            Apply(early, now);
        }

        _framesHeld += _waiting.Count > 0 ? 1 : 0;
        AcknowledgeUnlessWaiting();
    }

    /// <summary>The publisher will not answer this generation.</summary>
    public void OnRefused(long link, SubscribeRefused refused, TimeSpan now)
    {
        if (link == _link && refused.Generation == _generation)
        {
            // Asked again when the patience of an unanswered question is over, which is short again when there was an answer, or when the directory says more.
            LoseTouch(now, refused.Reason);
            _wait = Min(_wait, _jitter.Of(_backoff));
        }
    }

    /// <summary>A heartbeat of the publisher's node: how far the table is, or null when the node does not know of this subscription.</summary>
    public void OnMark(long link, TableMark? mark, TimeSpan now)
    {
        if (link != _link)
        {
            return;
        }

        if (mark is { } told && told.Epoch == _epoch && !_askForAll)
        {
            Note(told, now);
        }

        if (!IsLive)
        {
            _answersSince = mark is null && _answering is null ? now : _answersSince;   // an answer that has begun tells of the time when it did
            if (mark is { } answered && answered.Generation == _generation && answered.Frames > 0 && now - _progressAt > settings.Patience)
            {
                GoOn(answered.Frames, now);
            }

            return;
        }

        if (mark is not { } known || known.Generation != _generation || known.Epoch != _epoch)
        {
            if (now - _progressAt > settings.Patience)
            {
                LoseTouch(now, "the publisher has forgotten the subscription");
                Ask(now);
            }
        }
        else if (known.Sequence == _sequence)
        {
            _behindSince = null;
            if (known.Hash != _hash)
            {
                Diverged(now);
            }
            else if (known.Frames > 0 && _waiting.Count == 0)
            {
                AcknowledgeAll(known.Frames);
            }
        }
        else if (known.Sequence > _sequence)
        {
            _behindSince ??= now;
        }
    }

    public void OnTick(TimeSpan now)
    {
        if (_link != 0)
        {
            var isUnanswered = !IsLive && now - _progressAt > _wait;
            var isStuck = IsLive && _behindSince is { } since && _waiting.Count == 0 && now - Max(since, _progressAt) > settings.Patience;
            if (isUnanswered || isStuck)
            {
                _backoff = Min(_backoff * 2, settings.MaxPatience);
                LoseTouch(now, isStuck ? "changes are missing" : "the publisher does not answer");
                Ask(now);
            }
        }

        TellWhetherFresh(now);
    }

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        if (_link != 0)
        {
            outbox.Send(_link, new Unsubscribe(id));
        }
    }

    /// <summary>The answer has come to a halt: frames or acknowledgements of it are lost.</summary>
    private void GoOn(uint framesSent, TimeSpan now)
    {
        if (framesSent > _framesReceived)
        {
            Ask(now);
        }
        else
        {
            AcknowledgeAll(framesSent);
        }
    }

    private bool IsAnswer(long link, uint generation, Epoch epoch)
    {
        if (link != _link || generation != _generation || epoch.Fence < _highestFence)
        {
            return false;
        }

        _answering ??= epoch;
        return _answering == epoch;
    }

    private void Ask(TimeSpan now)
    {
        _generation++;
        _answering = null;
        _assembly = null;
        _hasRefused = false;
        _framesReceived = _framesAcknowledged = 0;
        _progressAt = _answersSince = now;
        _wait = _jitter.Of(_backoff);
        ForgetPart();
        var (epoch, sequence) = _askForAll ? default : (_epoch, _sequence);
        outbox.Send(_link, new Subscribe(id, _generation, table, epoch, sequence));
    }

    private void Complete(SnapshotAssembly assembly, UInt128 hash, TimeSpan now)
    {
        _assembly = null;
        var hashes = new RowHash(assembly.Version.Epoch);
        if (assembly.Verified(hashes) is not { } rows)
        {
            Diverged(now);
            return;
        }

        if (assembly.Version.Epoch != _epoch)
        {
            _marks.Clear();
            _currentAt = _currentBefore = null;
        }

        ((_epoch, _sequence), _hash, _hashes) = (assembly.Version, hash, hashes);
        BeCurrent(_answersSince);
        ReachMarks();
        _highestFence = _epoch.Fence;
        ForgetPart();
        _early.DropThrough(_sequence);
        _waiting.Clear();   // states before this one need not be seen
        Deliver(new TableSnapshot(table, Version, rows));
        BecomeLive();
        while (_sequence < ulong.MaxValue && _early.TryTake(_epoch, _sequence + 1, _nextPart, out var early))
        {
            Apply(early, now);
        }
    }

    private void Take(Epoch epoch, DeltaPart part, TimeSpan now)
    {
        if (epoch != _epoch || _askForAll)
        {
            _early.Add(epoch, part);   // its snapshot is still on the way
        }
        else if (part.Sequence <= _sequence)
        {
            BecomeLive();              // seen before; but the answer is in sequence
        }
        else if (part.Sequence == _sequence + 1 && part.Part == _nextPart)
        {
            BecomeLive();
            Apply(part, now);
        }
        else
        {
            _early.Add(epoch, part);
        }
    }

    private void Apply(DeltaPart part, TimeSpan now)
    {
        _progressAt = now;
        _partInserted.AddRange(part.Inserted.Span);
        _partDeleted.AddRange(part.Deleted.Span);
        _nextPart++;
        if (!part.IsLast)
        {
            return;
        }

        foreach (var row in _partInserted)
        {
            _hash += _hashes.Of(row);
        }

        foreach (var row in _partDeleted)
        {
            _hash -= _hashes.Of(row);
        }

        _sequence = part.Sequence;
        ReachMarks();
        Deliver(new TableDelta(table, Version, [.. _partInserted], [.. _partDeleted]));
        ForgetPart();
    }

    private void Diverged(TimeSpan now)
    {
        Divergences++;
        outbox.Tell(new TableDiverged(table, Version));
        _askForAll = true;
        LoseTouch(now, "rows and hash do not fit");
        Ask(now);
    }

    private void ForgetPart()
    {
        _partInserted.Clear();
        _partDeleted.Clear();
        _nextPart = 0;
    }

    private static TimeSpan Max(TimeSpan x, TimeSpan y) => x > y ? x : y;

    private static TimeSpan Min(TimeSpan x, TimeSpan y) => x < y ? x : y;
}
