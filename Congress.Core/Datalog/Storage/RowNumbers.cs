using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Congress.Datalog.Storage;

/// <summary>Finds the number of a row by its contents: open addressing with linear probing (Knuth 6.4, algorithms L and R).</summary>
/// <remarks>
/// The rows lie side by side in an array that its owner passes in. The upper bits of a row's hash say where its slot is, and
/// the slot holds the others beside the row's number plus 1: so a row is fetched only where it is very probably the one.
/// Many rows at once are hashed first, and their slots asked of memory before the first is looked at; together that took rbac from
/// 1.3 to 0.5 s (`congress eval --timings`, one AMD EPYC core).
/// Several threads may look up at once while nobody changes anything.
/// </remarks>
/// <param name="arity">The number of cells in a row.</param>
/// <param name="rows">For how many rows to make room.</param>
/// <param name="isGapless">Whether the numbers are always those from 0 up to the number of rows.</param>
[System.Runtime.CompilerServices.SkipLocalsInit]   // buffers on the stack are written before they are read
internal sealed class RowNumbers(int arity, int rows = 0, bool isGapless = false)
{
    private const int Batch = 256;

    private uint[] _slots = new uint[SizeFor(rows)];
    private int _bits = System.Numerics.BitOperations.Log2((uint)SizeFor(rows));   // of the number of slots, and so of a row's number
    private int _count;

    /// <summary>The numbers of rows that are known to be distinct.</summary>
    public static RowNumbers Of(int[] cells, int arity, int count)
    {
        var numbers = new RowNumbers(arity, count, isGapless: true) { _count = count };
        numbers.PutAll(cells);
        return numbers;
    }

    /// <summary>The number of a row, or -1 when it is not there.</summary>
    public int Find(int[] cells, ReadOnlySpan<int> row) => NumberIn(_slots[SlotOf(cells, row, RowHash.Of(row))]);

    /// <summary>The numbers of rows that stand side by side; -1 for those that are not there.</summary>
    public void Find(int[] cells, ReadOnlySpan<int> rows, Span<int> numbers)
    {
        Span<uint> hashes = stackalloc uint[Batch];
        for (var start = 0; start < numbers.Length; start += Batch)
        {
            var batch = hashes[..Math.Min(Batch, numbers.Length - start)];
            Announce(rows[(start * arity)..], batch);
            if (IsLarge)
            {
                AnnounceRows(cells, batch);
            }

            for (var i = 0; i < batch.Length; i++)
            {
                numbers[start + i] = NumberIn(_slots[SlotOf(cells, rows.Slice((start + i) * arity, arity), batch[i])]);
            }
        }
    }

    /// <summary>Enters a row under a number, unless it is there.</summary>
    /// <returns>The number under which the row is there now.</returns>
    public int FindOrAdd(int[] cells, ReadOnlySpan<int> row, int number)
    {
        MakeRoom(cells, 1);
        return FindOrAdd(cells, row, number, RowHash.Of(row));
    }

    /// <summary>Enters rows that are not there, and writes them behind those that are.</summary>
    /// <param name="cells">The rows that are there, and room behind them for all that may come.</param>
    /// <param name="first">The number of the first that comes.</param>
    /// <param name="rows">The rows, side by side; they may hold each other.</param>
    /// <param name="count">Their number.</param>
    /// <param name="numbers">Where to write the number of each; empty when nobody asks.</param>
    /// <returns>How many have been added.</returns>
    public int AddAll(int[] cells, int first, ReadOnlySpan<int> rows, int count, Span<int> numbers)
    {
        MakeRoom(cells, count);
        Span<uint> hashes = stackalloc uint[Batch];
        var next = first;
        for (var start = 0; start < count; start += Batch)
        {
            var batch = hashes[..Math.Min(Batch, count - start)];
            Announce(rows[(start * arity)..], batch);
            for (var i = 0; i < batch.Length; i++)
            {
                var row = rows.Slice((start + i) * arity, arity);
                row.CopyTo(cells.AsSpan(next * arity));
                var number = FindOrAdd(cells, row, next, batch[i]);
                next += number == next ? 1 : 0;
                if (!numbers.IsEmpty)
                {
                    numbers[start + i] = number;
                }
            }
        }

        return next - first;
    }

    /// <summary>Makes room for more rows.</summary>
    public void MakeRoom(int[] cells, int more)
    {
        if ((_count + (long)more) * 4 <= _slots.Length * 3L)
        {
            return;
        }

        var (old, mask) = (_slots, _slots.Length - 1);
        _slots = new uint[Math.Max(2 * old.Length, SizeFor(_count + more))];
        _bits = System.Numerics.BitOperations.Log2((uint)_slots.Length);
        if (isGapless)
        {
            PutAll(cells);
            return;
        }

        foreach (var slot in old)
        {
            if (slot != 0)
            {
                Put(cells, (int)(slot & mask) - 1);
            }
        }
    }

    /// <summary>Forgets a row, whose cells are still there.</summary>
    public void Remove(int[] cells, int number)
    {
        Free(cells, SlotOf(number, cells));
        _count--;
    }

    /// <summary>Gives a row another number; its cells are still at the old place.</summary>
    public void Renumber(int[] cells, int number, int other)
    {
        ref var slot = ref _slots[SlotOf(number, cells)];
        slot = (slot & ~Mask) | (uint)(other + 1);
    }

    /// <summary>Whether it pays to ask memory for slots before they are looked at.</summary>
    private bool IsLarge => Sse.IsSupported && _slots.Length > 1 << 15;

    private uint Mask => (uint)_slots.Length - 1;

    private static int SizeFor(int rows)
    {
        var size = 8;
        while (rows * 8L > size * 5L)
        {
            size *= 2;
        }

        return size;
    }

    private int NumberIn(uint slot) => (int)(slot & Mask) - 1;

    /// <summary>Hashes rows and asks memory for their slots.</summary>
    private void Announce(ReadOnlySpan<int> rows, Span<uint> hashes)
    {
        RowHash.Of(rows, arity, hashes);
        if (IsLarge)
        {
            AnnounceSlots(hashes);
        }
    }

    private unsafe void AnnounceSlots(ReadOnlySpan<uint> hashes)
    {
        var shift = 32 - _bits;
        fixed (uint* slots = _slots)
        {
            foreach (var hash in hashes)
            {
                Sse.Prefetch0(slots + (hash >> shift));
            }
        }
    }

    /// <summary>Asks memory for the rows that very probably are those with some hashes.</summary>
    private unsafe void AnnounceRows(int[] cells, ReadOnlySpan<uint> hashes)
    {
        var (slots, bits) = (_slots, _bits);
        var mask = (uint)slots.Length - 1;
        fixed (int* start = cells)
        {
            foreach (var hash in hashes)
            {
                var found = slots[(int)(hash >> (32 - bits))];
                Sse.Prefetch0(start + ((long)((found & mask) - 1) * arity));   // it does not matter where an empty slot leads
            }
        }
    }

    private int FindOrAdd(int[] cells, ReadOnlySpan<int> row, int number, uint hash)
    {
        ref var slot = ref _slots[SlotOf(cells, row, hash)];
        if (slot == 0)
        {
            slot = (hash << _bits) | (uint)(number + 1);
            _count++;
            return number;
        }

        return NumberIn(slot);
    }

    /// <summary>The slot that holds the row, or the empty one where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(int[] cells, ReadOnlySpan<int> row, uint hash)
    {
        var (slots, bits) = (_slots, _bits);
        var mask = (uint)slots.Length - 1;
        var rest = hash << bits;
        var slot = (int)(hash >> (32 - bits));
        while (slots[slot] is var found and not 0)
        {
            if ((found & ~mask) == rest && AreSame(cells, (int)(found & mask) - 1, row))
            {
                return slot;
            }

            slot = (slot + 1) & (int)mask;
        }

        return slot;
    }

    private int SlotOf(int number, int[] cells)
    {
        var slot = HomeOf(cells, number);
        while (NumberIn(_slots[slot]) != number)
        {
            slot = (slot + 1) & (int)Mask;
        }

        return slot;
    }

    private int HomeOf(int[] cells, int number) => (int)(RowHash.Of(cells.AsSpan(number * arity, arity)) >> (32 - _bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AreSame(int[] cells, int number, ReadOnlySpan<int> row)
    {
        var start = number * arity;
        for (var i = 0; i < row.Length; i++)
        {
            if (cells[start + i] != row[i])
            {
                return false;
            }
        }

        return true;
    }

    private void PutAll(int[] cells)
    {
        Span<uint> hashes = stackalloc uint[Batch];
        for (var start = 0; start < _count; start += Batch)
        {
            var batch = hashes[..Math.Min(Batch, _count - start)];
            Announce(cells.AsSpan(start * arity), batch);
            for (var i = 0; i < batch.Length; i++)
            {
                Put(start + i, batch[i]);
            }
        }
    }

    private void Put(int[] cells, int number) => Put(number, RowHash.Of(cells.AsSpan(number * arity, arity)));

    private void Put(int number, uint hash)
    {
        var mask = (int)Mask;
        var slot = (int)(hash >> (32 - _bits));
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        _slots[slot] = (hash << _bits) | (uint)(number + 1);
    }

    /// <summary>Empties a slot; later entries of its run move back over the gap, so that no tombstones are needed.</summary>
    private void Free(int[] cells, int slot)
    {
        var mask = (int)Mask;
        var gap = slot;
        for (var next = (gap + 1) & mask; _slots[next] != 0; next = (next + 1) & mask)
        {
            var home = HomeOf(cells, NumberIn(_slots[next]));
            if (((next - home) & mask) >= ((next - gap) & mask))
            {
                _slots[gap] = _slots[next];
                gap = next;
            }
        }

        _slots[gap] = 0;
    }
}
