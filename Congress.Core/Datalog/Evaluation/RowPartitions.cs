using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Many rows among which some come several times, to be made distinct a part at a time.</summary>
/// <remarks>
/// A hash of millions of rows waits for memory at each. Here a row goes to one of some hundred parts by its hash, and a part is looked
/// through as a whole, in the caches (radix partitioning: P. Boncz et al., Database Architecture Optimized for the New
/// Bottleneck: Memory Access, VLDB 1999). Rows that come again and again take no
/// more room than twice the distinct ones, as a part is looked through whenever it has doubled. It lies in chunks, which other parts
/// use again, as memory that nobody has touched is dear.
/// </remarks>
[System.Runtime.CompilerServices.SkipLocalsInit]   // buffers on the stack are written before they are read
internal sealed class RowPartitions
{
    private const int Bits = 8;
    private const int Batch = 256;
    private const int ChunkBits = 8;            // of the rows in a chunk
    private const int SmallestPart = 1 << 12;   // rows; fewer are not looked through before the end

    private readonly int _arity;
    private readonly Part[] _parts = new Part[1 << Bits];
    private readonly Stack<int[]> _free = new();
    private uint[] _slots = [];

    /// <summary>Makes room for rows of an arity that is not 0.</summary>
    public RowPartitions(int arity)
    {
        _arity = arity;
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = new();
        }
    }

    /// <summary>The number of rows that are held; those that came twice since a part was looked through last count twice.</summary>
    public int Count { get; private set; }

    /// <summary>Adds rows that stand side by side.</summary>
    public void Add(ReadOnlySpan<int> rows, int count)
    {
        Span<uint> hashes = stackalloc uint[Batch];
        for (var start = 0; start < count; start += Batch)
        {
            var batch = hashes[..Math.Min(Batch, count - start)];
            RowHash.Of(rows[(start * _arity)..], _arity, batch);
            for (var i = 0; i < batch.Length; i++)
            {
                var part = _parts[batch[i] >> (32 - Bits)];
                if (part.Free == 0)
                {
                    MakeRoom(part);
                }

                part.Free--;
                Copy(rows.Slice((start + i) * _arity, _arity), part.Last.AsSpan(part.End, _arity));
                part.End += _arity;
            }
        }

        Count += count;
    }

    /// <summary>Writes the distinct rows to a relation that has none.</summary>
    public void MoveTo(Relation rows)
    {
        var room = rows.Room(Count);
        var total = 0;
        foreach (var part in _parts)
        {
            Settle(part);
            for (var row = 0; row < part.Count; row += 1 << ChunkBits)
            {
                var chunk = part.Chunks[row >> ChunkBits].AsSpan(0, Math.Min(part.Count - row, 1 << ChunkBits) * _arity);
                chunk.CopyTo(room[(total * _arity)..]);
                total += chunk.Length / _arity;
            }

            part.Chunks.Clear();
        }

        rows.Append(total);
        Count = 0;
    }

    private static void Copy(ReadOnlySpan<int> row, Span<int> cells)
    {
        for (var column = 0; column < cells.Length; column++)
        {
            cells[column] = row[column];
        }
    }

    /// <summary>Gives a part another chunk, after looking through it when it has doubled.</summary>
    private void MakeRoom(Part part)
    {
        if (part.Count >= Math.Max(SmallestPart, 2 * part.Settled))
        {
            Settle(part);
            if (part.Free > 0)
            {
                return;
            }
        }

        part.Chunks.Add(_free.TryPop(out var chunk) ? chunk : new int[_arity << ChunkBits]);
        part.Last = part.Chunks[^1];
        (part.End, part.Free) = (0, 1 << ChunkBits);
    }

    /// <summary>Keeps the first of each of the rows of a part.</summary>
    private void Settle(Part part)
    {
        var (count, chunks) = (part.Count, part.Chunks);
        var bits = System.Numerics.BitOperations.Log2((uint)Math.Max(16, count)) + 2;
        if (_slots.Length < 1 << bits)
        {
            _slots = new uint[1 << bits];
        }

        var slots = _slots.AsSpan(0, 1 << bits);
        slots.Clear();
        Span<uint> hashes = stackalloc uint[1 << ChunkBits];
        var kept = 0;
        for (var start = 0; start < count; start += 1 << ChunkBits)
        {
            var cells = chunks[start >> ChunkBits];
            var batch = hashes[..Math.Min(1 << ChunkBits, count - start)];
            RowHash.Of(cells, _arity, batch);
            for (var i = 0; i < batch.Length; i++)
            {
                var row = cells.AsSpan(i * _arity, _arity);
                ref var slot = ref slots[SlotOf(row, batch[i] << Bits, slots, bits, chunks)];   // all rows of the part have the same upper bits
                if (slot == 0)
                {
                    Copy(row, RowOf(chunks, kept));
                    slot = (batch[i] << Bits << bits) | (uint)++kept;
                }
            }
        }

        Count -= count - kept;
        part.Settled = kept;
        Shrink(part, kept);
    }

    /// <summary>The slot that holds the row - its number plus 1, and the rest of its hash - or the empty one where it belongs.</summary>
    private int SlotOf(ReadOnlySpan<int> row, uint hash, ReadOnlySpan<uint> slots, int bits, List<int[]> chunks)
    {
        var mask = (uint)slots.Length - 1;
        var (slot, rest) = ((int)(hash >> (32 - bits)), hash << bits);
        while (slots[slot] is var found and not 0 && ((found & ~mask) != rest || !RowOf(chunks, (int)(found & mask) - 1).SequenceEqual(row)))
        {
            slot = (slot + 1) & (int)mask;
        }

        return slot;
    }

    private Span<int> RowOf(List<int[]> chunks, int row) => chunks[row >> ChunkBits].AsSpan((row & ((1 << ChunkBits) - 1)) * _arity, _arity);

    /// <summary>Leaves a part with its first rows.</summary>
    private void Shrink(Part part, int count)
    {
        var chunks = (count + (1 << ChunkBits) - 1) >> ChunkBits;
        for (var i = part.Chunks.Count - 1; i >= chunks; i--)
        {
            _free.Push(part.Chunks[i]);
            part.Chunks.RemoveAt(i);
        }

        part.Free = (chunks << ChunkBits) - count;
        part.Last = chunks == 0 ? [] : part.Chunks[^1];
        part.End = ((1 << ChunkBits) - part.Free) * _arity;
    }

    /// <summary>Rows whose hashes begin alike.</summary>
    private sealed class Part
    {
        public List<int[]> Chunks { get; } = [];

        /// <summary>The last chunk.</summary>
        public int[] Last = [];

        /// <summary>Where its free cells begin.</summary>
        public int End;

        /// <summary>The number of rows that it has room for.</summary>
        public int Free;

        /// <summary>The number of rows that were left when the part was looked through last.</summary>
        public int Settled;

        public int Count => (Chunks.Count << ChunkBits) - Free;
    }
}
