using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>Parts of changes that came before what they follow. Bounded: what finds no room is asked for again.</summary>
internal sealed class EarlyParts(int capacity)
{
    private readonly SortedDictionary<(ulong Sequence, uint Part), DeltaPart> _parts = [];
    private Epoch _epoch;

    public void Add(Epoch epoch, DeltaPart part)
    {
        // Numbers of another epoch mean other changes.
        if (epoch != _epoch)
        {
            _parts.Clear();
            _epoch = epoch;
        }

        if (_parts.Count < capacity)
        {
            _parts.TryAdd((part.Sequence, part.Part), part);
        }
    }

    /// <summary>Takes out the part that comes next, if it is here.</summary>
    public bool TryTake(Epoch epoch, ulong sequence, uint part, out DeltaPart taken)
    {
        taken = default;
        return epoch == _epoch && _parts.Remove((sequence, part), out taken);
    }

    /// <summary>Forgets the changes up to a state.</summary>
    public void DropThrough(ulong sequence)
    {
        while (_parts.Count > 0 && _parts.First().Key is var first && first.Sequence <= sequence)
        {
            _parts.Remove(first);
        }
    }

    public void Clear() => _parts.Clear();
}
