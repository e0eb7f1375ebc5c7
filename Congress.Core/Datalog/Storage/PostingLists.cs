using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Congress.Datalog.Storage;

/// <summary>Numbered lists of row numbers, each side by side in memory, that grow and shrink at little cost.</summary>
/// <remarks>
/// A list of one row holds it itself. A longer one lies in a block of a pool, whose size is its count rounded up to a power
/// of two; when it outgrows its block, it moves to one of twice the size. Blocks that are given back are kept by size
/// (the buddy system without merging: Knuth 2.5), so changes leave no garbage.
/// </remarks>
internal sealed class PostingLists
{
    private const int SmallestAnnounced = 1 << 13;
    private const int LongList = 4096;   // in shorter ones a row is found by a vectorised search

    private readonly int[] _free = new int[32];   // by the binary logarithm of the size: the first free block plus 1, which holds the next
    private Posting[] _lists = [];
    private int[] _pool = [];
    private int _end;
    private int[]? _places;   // by row, its place in its list; made when a row is taken from a long list

    /// <summary>The rows of a list.</summary>
    public ReadOnlySpan<int> this[int list]
    {
        get
        {
            ref var posting = ref _lists[list];
            return posting.Count > 1 ? _pool.AsSpan(posting.Start, posting.Count) : MemoryMarshal.CreateReadOnlySpan(ref posting.Start, posting.Count);
        }
    }

    public int CountOf(int list) => _lists[list].Count;

    /// <summary>Asks memory for lists that will be read soon, as far as there are any.</summary>
    public unsafe void Announce(ReadOnlySpan<int> lists)
    {
        if (!Sse.IsSupported || _lists.Length < SmallestAnnounced)
        {
            return;
        }

        fixed (Posting* postings = _lists)
        {
            foreach (var list in lists)
            {
                Sse.Prefetch0(postings + Math.Max(list, 0));
            }
        }
    }

    /// <summary>Makes lists, empty ones, up to a number.</summary>
    public void Extend(int lists)
    {
        if (lists > _lists.Length)
        {
            Array.Resize(ref _lists, lists <= 2 * _lists.Length ? 2 * _lists.Length : lists);
        }
    }

    /// <summary>Fills lists that are all empty.</summary>
    /// <param name="listOf">By row, its list.</param>
    /// <param name="lists">The number of lists.</param>
    public void Fill(ReadOnlySpan<int> listOf, int lists)
    {
        Extend(lists);
        foreach (var list in listOf)
        {
            _lists[list].Count++;
        }

        long size = 0;
        for (var list = 0; list < lists; list++)
        {
            ref var posting = ref _lists[list];
            (posting.Start, size) = posting.Count > 1 ? ((int)size, size + SizeFor(posting.Count)) : (posting.Start, size);
        }

        _pool = new int[checked((int)size)];
        _end = (int)size;
        for (var row = 0; row < listOf.Length; row++)
        {
            ref var posting = ref _lists[listOf[row]];
            if (posting.Count == 1)
            {
                posting.Start = row;
            }
            else
            {
                _pool[posting.Start++] = row;
            }
        }

        for (var list = 0; list < lists; list++)
        {
            ref var posting = ref _lists[list];
            posting.Start -= posting.Count > 1 ? posting.Count : 0;
        }
    }

    /// <summary>How much room in the pool one more row may need, also after another has gone.</summary>
    public int RoomFor(int list) => _lists[list].Count is var count && (BitOperations.IsPow2(count) || BitOperations.IsPow2(count - 1)) ? 2 * count : 0;

    /// <summary>Makes room in the pool.</summary>
    public void Reserve(long room)
    {
        if (_end + room > _pool.Length)
        {
            Array.Resize(ref _pool, checked((int)Math.Max(_end + room, Math.Min(Array.MaxLength, _pool.Length + (_pool.Length / 2L)))));
        }
    }

    /// <summary>Adds a row at the end of a list.</summary>
    public void Append(int list, int row)
    {
        ref var posting = ref _lists[list];
        var count = posting.Count;
        if (_places is not null)
        {
            NotePlace(row, count);
        }

        if (count == 0)
        {
            (posting.Start, posting.Count) = (row, 1);
            return;
        }

        if (BitOperations.IsPow2(count))
        {
            var block = Take(2 * count);
            this[list].CopyTo(_pool.AsSpan(block));
            if (count > 1)
            {
                Give(posting.Start, count);
            }

            posting.Start = block;
        }

        _pool[posting.Start + count] = row;
        posting.Count++;
    }

    /// <summary>Takes a row from a list; the last one of the list takes its place.</summary>
    public void Remove(int list, int row)
    {
        ref var posting = ref _lists[list];
        var count = posting.Count - 1;
        if (count > 0)
        {
            var (place, last) = (PlaceOf(list, row), _pool[posting.Start + count]);
            _pool[posting.Start + place] = last;
            if (_places is not null)
            {
                _places[last] = place;
            }

            if (count == 1)
            {
                var block = posting.Start;
                posting.Start = _pool[block];
                Give(block, 2);
            }
            else if (BitOperations.IsPow2(count))
            {
                Give(posting.Start + count, count);   // the block's upper half
            }
        }

        posting.Count = count;
    }

    /// <summary>Gives a row another number.</summary>
    public void Renumber(int list, int row, int number)
    {
        ref var posting = ref _lists[list];
        if (posting.Count == 1)
        {
            posting.Start = number;
        }
        else
        {
            _pool[posting.Start + PlaceOf(list, row)] = number;
        }

        if (_places is not null)
        {
            _places[number] = _places[row];
        }
    }

    private static int SizeFor(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)count);

    private int PlaceOf(int list, int row)
    {
        var rows = this[list];
        if (_places is null && rows.Length > LongList)
        {
            MakePlaces();
        }

        return _places is null || rows.Length <= LongList ? rows.IndexOf(row) : _places[row];
    }

    private void MakePlaces()
    {
        _places = [];
        for (var list = 0; list < _lists.Length; list++)
        {
            var rows = this[list];
            for (var place = 0; place < rows.Length; place++)
            {
                NotePlace(rows[place], place);
            }
        }
    }

    private void NotePlace(int row, int place)
    {
        if (row >= _places!.Length)
        {
            Array.Resize(ref _places, Math.Max(row + 1, (int)Math.Min(Array.MaxLength, 2L * _places.Length)));
        }

        _places[row] = place;
    }

    private int Take(int size)
    {
        ref var first = ref _free[BitOperations.Log2((uint)size)];
        if (first != 0)
        {
            var block = first - 1;
            first = _pool[block];
            return block;
        }

        if (_end + (long)size > _pool.Length)
        {
            Reserve(Math.Max(size, _pool.Length));
        }

        _end += size;
        return _end - size;
    }

    private void Give(int block, int size)
    {
        ref var first = ref _free[BitOperations.Log2((uint)size)];
        _pool[block] = first;
        first = block + 1;
    }

    private struct Posting
    {
        public int Start;   // in the pool; of a list of one row, the row
        public int Count;
    }
}
