using Congress.Bus.Protocol.Tables;
using Congress.Data;

namespace Congress.Tests.Simulation;

/// <summary>A subscriber: replays what it takes and holds every state against what the publisher really had.</summary>
internal sealed class SimulatedReader(World world, SimulatedProcess process, TableName table)
{
    private readonly List<TableEvent> _taken = [];
    private readonly HashSet<Epoch> _left = [];
    private TableVersion _version;
    private ulong _state;
    private bool _hasState;
    private bool _isFresh;
    private ulong _highestFence;
    private bool _isReady;
    private bool _isMisled;
    private TimeSpan _promptSince = world.Now;

    public ulong Id { get; private set; }

    public TableName Table => table;

    /// <summary>How it takes: at once, seldom, or not at all.</summary>
    public ReadingPace Pace { get; private set; }

    public Follower? Follower => process.Protocol.Followers.FirstOrDefault(f => f.Id == Id);

    public void Subscribe() => Id = process.Protocol.Subscribe(table, world.Now);

    /// <summary>A change was tampered with: what changes lead to may be wrong from now on; snapshots may not.</summary>
    public void Mislead() => _isMisled = true;

    public void Unsubscribe() => process.Do(() => process.Protocol.Unsubscribe(Id));

    public void SetPace(ReadingPace pace)
    {
        if (pace == ReadingPace.AtOnce && Pace != ReadingPace.AtOnce)
        {
            _promptSince = world.Now;
        }

        Pace = pace;
    }

    public void OnReady()
    {
        _isReady = true;
        if (Pace == ReadingPace.AtOnce)
        {
            Take();
        }
    }

    /// <summary>With the tick of its process. A reader at once also looks when it was not told: that must not matter.</summary>
    public void OnTick()
    {
        if (Pace switch
        {
            ReadingPace.AtOnce => _isReady || world.Random.Chance(0.5),
            ReadingPace.Seldom => world.Random.Chance(0.05),
            _ => false,
        })
        {
            process.Do(Take);
        }

        CheckFreshness();
        CheckBounds();
    }

    /// <summary>Why it has not yet what its publisher has at the end; null when it has, and knows it.</summary>
    public string? Missing(Epoch epoch, TableTruth truth)
    {
        if (!_hasState || _version != new TableVersion(epoch, truth.Sequence))
        {
            return $"{process} has {table} @{(_hasState ? _version : "nothing")} instead of @{epoch}:{truth.Sequence} ({Describe()})";
        }

        return _state != truth.State ? $"{process} has wrong rows of {table}"
            : !_isFresh ? $"{process} has {table} @{_version} and takes it for stale ({Describe()})"
            : null;
    }

    private string Describe() => Follower is { } f ? $"link {f.Link}, live {f.IsLive}, fresh {f.IsFresh}: {f.Reason}" : "not subscribed";

    private void Take()
    {
        _isReady = false;
        process.Protocol.Take(Id, _taken, world.Now);
        foreach (var next in _taken)
        {
            See(next);
        }

        _taken.Clear();
    }

    private void See(TableEvent next)
    {
        if (world.IsTraced)
        {
            world.Trace($"{process} takes {next}");
        }

        switch (next)
        {
            case TableSnapshot snapshot:
                Move(snapshot.Version);
                if (!_hasState)
                {
                    _isFresh = true;
                }

                (_state, _hasState) = (Rows.StateOf(snapshot.Rows), true);
                world.Count("snapshots taken");
                break;
            case TableDelta delta:
                if (!_hasState || delta.Version.Epoch != _version.Epoch)
                {
                    Fail($"{delta} comes without the state before it");
                }

                Move(delta.Version);
                var (inserted, deleted) = (Rows.StateOf(delta.Inserted), Rows.StateOf(delta.Deleted));
                if (!_isMisled && ((inserted & _state) != 0 || (deleted & ~_state) != 0 || (inserted & deleted) != 0))
                {
                    Fail($"{delta} is not net");
                }

                _state = (_state | inserted) & ~deleted;
                world.Count("deltas taken");
                break;
            case TableStale:
                Tell(false);
                world.Count("stale");
                return;
            case TableFresh:
                Tell(true);
                world.Count("fresh");
                return;
        }

        if (next.Table != table)
        {
            Fail($"{next} is of another table");
        }

        world.Count("states checked");
        if (world.FindTruth(table, _version.Epoch)?.At(_version.Sequence) is not { } truth)
        {
            Fail($"{next} is a state that never was");
        }
        else if (truth != _state && !(_isMisled && next is TableDelta))
        {
            Fail($"{next} leads to {_state:x16}; the publisher had {truth:x16}");
        }
    }

    private void Tell(bool isFresh)
    {
        if (!_hasState || isFresh == _isFresh)
        {
            Fail($"told {(isFresh ? "fresh" : "stale")} {(_hasState ? "again" : "before any state")}");
        }

        _isFresh = isFresh;
    }

    private void Move(TableVersion version)
    {
        var epoch = version.Epoch;
        if (epoch.Fence < _highestFence)
        {
            Fail($"goes back to fence {epoch.Fence} from {_highestFence}");
        }

        if (_left.Contains(epoch))
        {
            Fail($"goes back to epoch {epoch}");
        }

        if (_hasState && epoch == _version.Epoch && version.Sequence <= _version.Sequence && !process.IsMisled)
        {
            Fail($"goes back to {version} from {_version}");
        }

        if (_hasState && epoch != _version.Epoch)
        {
            if (epoch.Incarnation == _version.Epoch.Incarnation && (epoch.Start, epoch.Fence).CompareTo((_version.Epoch.Start, _version.Epoch.Fence)) < 0)
            {
                Fail($"goes back to epoch {epoch} from {_version.Epoch}");
            }

            _left.Add(_version.Epoch);
            world.Count("epochs followed");
        }

        (_version, _highestFence) = (version, epoch.Fence);
    }

    private void CheckFreshness()
    {
        var bound = world.FreshBound;
        bound += world.Now - process.HeldAt <= bound ? process.Held : TimeSpan.Zero;
        var since = _promptSince > process.RunningSince ? _promptSince : process.RunningSince;
        if (!_hasState || !_isFresh || Pace != ReadingPace.AtOnce || process.IsPaused || world.Now - since <= bound)
        {
            return;
        }

        world.Count("freshness checked");
        var age = world.Now - world.FindTruth(table, _version.Epoch)!.CurrentUntil(_version.Sequence, world.Now);
        if (age > bound)
        {
            Fail($"has been old for {age.TotalSeconds:0.00} s at {_version} and is not told ({Describe()})");
        }
    }

    private void CheckBounds()
    {
        var settings = world.Scenario.Settings;
        if (Follower is { } follower && follower.Waiting > (settings.Window * settings.FrameRows) + settings.EarlyParts + 1)
        {
            Fail($"{follower.Waiting} events wait; the window is {settings.Window} frames of {settings.FrameRows} changes");
        }
    }

    private void Fail(string what) => world.Fail($"{process} {table} #{Id}: {what}");
}

/// <summary>How a subscriber takes what has come.</summary>
internal enum ReadingPace
{
    AtOnce,
    Seldom,
    Stopped,
}
