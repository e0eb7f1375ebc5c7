namespace Congress.Bus.Protocol.Tables;

/// <summary>The last changes of a table, for subscribers that have most of it. The oldest give way.</summary>
/// <remarks>A subscriber that needs more than the ring has is sent a snapshot.</remarks>
internal sealed class DeltaRing(ProtocolSettings settings, RingBudget budget)
{
    private Delta?[] _slots = new Delta[16];
    private int _first;
    private int _count;
    private long _bytes;

    /// <summary>The state before the oldest change that is held: from here on subscribers can go on by changes.</summary>
    public ulong Start { get; private set; }

    /// <summary>The change that leads to a state after <see cref="Start"/>; null when there is none yet.</summary>
    public Delta? Find(ulong sequence) =>
        sequence - Start - 1 < (ulong)_count ? _slots[(_first + (int)(sequence - Start - 1)) & (_slots.Length - 1)] : null;

    public void Add(Delta delta)
    {
        if (_count == _slots.Length)
        {
            var larger = new Delta?[_slots.Length * 2];
            for (var i = 0; i < _count; i++)
            {
                larger[i] = _slots[(_first + i) & (_slots.Length - 1)];
            }

            (_slots, _first) = (larger, 0);
        }

        _slots[(_first + _count++) & (_slots.Length - 1)] = delta;
        Account(delta.Bytes);
        while (_count > settings.RingDeltas || _bytes > settings.RingBytes || (budget.IsSpent && _count > 0))
        {
            var oldest = _slots[_first]!;
            _slots[_first] = null;
            _first = (_first + 1) & (_slots.Length - 1);
            _count--;
            Account(-oldest.Bytes);
            Start = oldest.Sequence;
        }
    }

    /// <summary>Forgets all and gives the memory back; what follows comes after the given state.</summary>
    public void Clear(ulong start)
    {
        Account(-_bytes);
        (_slots, _first, _count, Start) = (new Delta?[16], 0, 0, start);
    }

    private void Account(long bytes)
    {
        _bytes += bytes;
        budget.Spend(bytes);
    }
}

/// <summary>The memory that the rings of a node share.</summary>
internal sealed class RingBudget(long limit)
{
    private long _spent;

    public bool IsSpent => _spent > limit;

    public void Spend(long bytes) => _spent += bytes;
}
