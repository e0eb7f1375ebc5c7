using Congress.Data;

namespace Congress.Datalog.Storage;

/// <summary>Gives every value a 32-bit handle, so that evaluation compares integers only.</summary>
/// <remarks>
/// An integer from -2^30 to 2^30-1 is its own handle; any other value is interned, and its handle is 2^30 plus its number,
/// taken modulo 2^32. Equal values have equal handles, and the other way round. Handles never leave <c>Datalog</c>.
/// One writer interns while any number of readers look up: an entry is complete before the slot that leads to it is
/// written, and arrays are replaced, never shrunk. Only <see cref="Reclaim"/> must be alone.
/// </remarks>
internal sealed class SymbolTable
{
    private const int FirstSymbol = 1 << 30;
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private const int Fixed = 3;   // null, false and true are never reclaimed

    /// <summary>The greatest number of values; the handles above are those of <see cref="SymbolScope"/>.</summary>
    public const int MaxSymbols = int.MaxValue - (1 << 26);

    private Entry[][] _chunks = [new Entry[ChunkSize]];
    private int[] _slots = new int[64];   // open addressing with linear probing; a symbol's number plus 1, or 0
    private int[] _free = [];             // numbers to give out again
    private int _freeCount;
    private int _next;                    // the least number that was never given out

    public SymbolTable()
    {
        Intern(Value.Null);
        Intern(Value.False);
        Intern(Value.True);
    }

    /// <summary>The number of values that have been interned and not reclaimed.</summary>
    public int Count => _next - _freeCount;

    /// <summary>Whether the handle is the integer itself.</summary>
    public static bool IsInline(int handle) => unchecked((uint)(handle + FirstSymbol)) < 1u << 31;

    /// <summary>The handle of an integer that is its own; false for any other value.</summary>
    public static bool TryInline(Value value, out int handle)
    {
        var integer = value.Kind == ValueKind.Integer ? value.AsInteger() : long.MaxValue;
        handle = unchecked((int)integer);
        return integer is >= -FirstSymbol and < FirstSymbol;
    }

    /// <summary>The handle of a value, interned now if it is new. For the writer only.</summary>
    public int Intern(Value value)
    {
        if (TryInline(value, out var inline))
        {
            return inline;
        }

        var hash = value.GetHashCode();
        var slots = _slots;
        var slot = Probe(slots, value, hash);
        if (slots[slot] != 0)
        {
            return HandleOf(slots[slot] - 1);
        }

        if ((Count + 1) * 4L > slots.Length * 3L)
        {
            slots = Grow();
            slot = Probe(slots, value, hash);
        }

        var number = _freeCount > 0 ? _free[_freeCount - 1] : _next;
        if (number == MaxSymbols)
        {
            throw new InvalidOperationException($"More than {MaxSymbols} distinct values are in use.");
        }

        var chunk = number >> ChunkBits;
        if (chunk == _chunks.Length)
        {
            Volatile.Write(ref _chunks, [.. _chunks, new Entry[ChunkSize]]);
        }

        _chunks[chunk][number & (ChunkSize - 1)] = new(value, hash);
        _ = _freeCount > 0 ? _freeCount-- : _next++;
        Volatile.Write(ref slots[slot], number + 1);
        return HandleOf(number);
    }

    /// <summary>The handle of a value that may never have been interned.</summary>
    /// <returns>False when no row can hold the value.</returns>
    public bool TryFind(Value value, out int handle)
    {
        if (TryInline(value, out handle))
        {
            return true;
        }

        var slots = Volatile.Read(ref _slots);
        var found = Volatile.Read(ref slots[Probe(slots, value, value.GetHashCode())]);
        handle = HandleOf(found - 1);
        return found != 0;
    }

    /// <summary>The value of a handle.</summary>
    public Value ValueOf(int handle) => IsInline(handle) ? Value.Of((long)handle) : EntryOf(unchecked(handle - FirstSymbol)).Value;

    /// <summary>Forgets all values but those whose handles are marked, so that their numbers can be given out again.</summary>
    /// <param name="marked">Whether each number is in use; shorter than the table when the last ones are not.</param>
    public void Reclaim(System.Collections.BitArray marked)
    {
        Array.Resize(ref _free, _next);
        _freeCount = 0;
        for (var number = _next - 1; number >= Fixed; number--)
        {
            if (number >= marked.Length || !marked[number])
            {
                EntryOf(number) = default;
                _free[_freeCount++] = number;
            }
        }

        Array.Resize(ref _free, _freeCount);
        var size = 64;
        while ((Count + 1) * 2L > size)
        {
            size *= 2;
        }

        _slots = Rehash(new int[size]);
    }

    /// <summary>The number of symbols that handles may have; a mark for each fits in that many bits.</summary>
    public int Numbers => _next;

    /// <summary>The number of a handle; negative for an integer that is its own.</summary>
    public static int NumberOf(int handle) => IsInline(handle) ? -1 : unchecked(handle - FirstSymbol);

    private static int HandleOf(int number) => unchecked(FirstSymbol + number);

    private ref Entry EntryOf(int number) => ref Volatile.Read(ref _chunks)[number >> ChunkBits][number & (ChunkSize - 1)];

    /// <summary>The slot that leads to the value, or the empty one where it belongs.</summary>
    private int Probe(int[] slots, Value value, int hash)
    {
        var mask = slots.Length - 1;
        var slot = Spread(hash) & mask;
        while (Volatile.Read(ref slots[slot]) is var number and not 0)
        {
            ref var entry = ref EntryOf(number - 1);
            if (entry.Hash == hash && entry.Value == value)
            {
                return slot;
            }

            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private int[] Grow()
    {
        var slots = Rehash(new int[_slots.Length * 2]);
        Volatile.Write(ref _slots, slots);
        return slots;
    }

    private int[] Rehash(int[] slots)
    {
        var mask = slots.Length - 1;
        var free = new System.Collections.BitArray(_next);
        for (var i = 0; i < _freeCount; i++)
        {
            free[_free[i]] = true;
        }

        for (var number = 0; number < _next; number++)
        {
            if (free[number])
            {
                continue;
            }

            var slot = Spread(EntryOf(number).Hash) & mask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = number + 1;
        }

        return slots;
    }

    private static int Spread(int hash) => (int)(unchecked((uint)hash * 0x9E3779B9u) >> 1);   // Fibonacci hashing, Knuth 6.4

    private readonly record struct Entry(Value Value, int Hash);
}
