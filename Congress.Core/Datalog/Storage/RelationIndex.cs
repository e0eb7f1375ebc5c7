using System.Buffers;

namespace Congress.Datalog.Storage;

/// <summary>Finds the rows of a relation with given values in some of its columns; of rows that were only added, the oldest first.</summary>
/// <remarks>The values of one column that lie close together are the numbers of their lists; others find it by a hash.</remarks>
internal sealed class RelationIndex(Relation relation, int[] columns)
{
    private const int SparsestDirect = 4;   // values for each row
    private const int MostAnnounced = 16;   // columns

    private readonly PostingLists _lists = new();
    private RowNumbers? _numbers;   // of the keys; null while a key is its own number
    private int[] _keys = [];       // the keys side by side
    private int[] _free = [];       // numbers of lists to use again
    private int _freeCount;
    private int _least;             // the key with the number 0, where a key is its own number
    private int _count;             // of lists that were given out
    private int _rows;

    public ReadOnlySpan<int> Columns => columns;

    /// <summary>The rows of a list; none for -1.</summary>
    public ReadOnlySpan<int> this[int list] => list < 0 ? default : _lists[list];

    /// <summary>The rows with a key.</summary>
    public ReadOnlySpan<int> RowsWith(scoped ReadOnlySpan<int> key) => this[Find(key)];

    /// <summary>The list of a key, or -1.</summary>
    public int Find(scoped ReadOnlySpan<int> key) => _numbers is not null ? _numbers.Find(_keys, key) : DirectOf(key[0]);

    /// <summary>The lists of keys that stand side by side; -1 for none.</summary>
    public void Find(ReadOnlySpan<int> keys, Span<int> lists)
    {
        if (_numbers is not null)
        {
            _numbers.Find(_keys, keys, lists);
        }
        else
        {
            for (var i = 0; i < lists.Length; i++)
            {
                lists[i] = DirectOf(keys[i]);
            }
        }

        _lists.Announce(lists);
    }

    /// <summary>Looks up the lists of rows, so that memory is asked for all at once.</summary>
    /// <param name="rows">Rows of as many columns as the relation has.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public void Announce(Relation rows, int first, int count)
    {
        if (columns.Length > MostAnnounced)
        {
            return;
        }

        Span<int> keys = stackalloc int[count * columns.Length];
        Span<int> lists = stackalloc int[count];
        for (var i = 0; i < count; i++)
        {
            ReadKey(rows[first + i], keys.Slice(i * columns.Length, columns.Length));
        }

        Find(keys, lists);
    }

    /// <summary>Takes in the rows that have been added since the last time.</summary>
    public void CatchUp()
    {
        if (_count == 0 && relation.Count > 0)
        {
            Build();
        }

        Span<int> key = stackalloc int[columns.Length];
        for (; _rows < relation.Count; _rows++)
        {
            ReadKey(_rows, key);
            _lists.Append(ListFor(key), _rows);
        }
    }

    /// <summary>Makes room for rows that will be added, so that this needs no memory.</summary>
    public void Reserve(Relation added)
    {
        Span<int> key = stackalloc int[columns.Length];
        long room = 0;
        var lists = 0;
        for (var row = 0; row < added.Count; row++)
        {
            ReadKey(added[row], key);
            var list = Find(key);
            room += list < 0 ? 0 : _lists.RoomFor(list);
            lists += list < 0 ? 1 : 0;
        }

        // Rows may share their key, and then need room for each doubling of its list.
        _lists.Reserve(room + (added.Count > 1 ? 4L * added.Count : 0));
        if (lists > 0 && _numbers is not null)
        {
            _numbers.MakeRoom(_keys, lists);
            MakeRoomForKeys(lists);
        }
    }

    /// <summary>Forgets a row, which is still there; the index has caught up.</summary>
    public void Remove(int row)
    {
        Span<int> key = stackalloc int[columns.Length];
        ReadKey(row, key);
        var list = Find(key);
        _lists.Remove(list, row);
        if (_numbers is not null && _lists.CountOf(list) == 0)
        {
            _numbers.Remove(_keys, list);
            Free(list);
        }
    }

    /// <summary>Takes in a row that has replaced one that was removed.</summary>
    public void Add(int row)
    {
        Span<int> key = stackalloc int[columns.Length];
        ReadKey(row, key);
        _lists.Append(ListFor(key), row);
    }

    /// <summary>Gives the last row the number of one that was removed; the row still lies at its old place.</summary>
    public void Renumber(int row, int number)
    {
        Span<int> key = stackalloc int[columns.Length];
        ReadKey(row, key);
        _lists.Renumber(Find(key), row, number);
    }

    /// <summary>Forgets the last row's place, once it has been removed or renumbered.</summary>
    public void Shrink() => _rows--;

    private int DirectOf(int key) => (uint)(key - _least) is var number && number < (uint)_count ? (int)number : -1;

    private int ListFor(ReadOnlySpan<int> key)
    {
        if (_numbers is null)
        {
            if (DirectOf(key[0]) is var direct and >= 0)
            {
                return direct;
            }

            TakeNumbers();
        }

        MakeRoomForKeys(1);
        var next = _freeCount > 0 ? _free[_freeCount - 1] : _count;
        key.CopyTo(_keys.AsSpan(next * columns.Length));
        var list = _numbers!.FindOrAdd(_keys, key, next);
        if (list == next)
        {
            _ = _freeCount > 0 ? _freeCount-- : _count++;
        }

        return list;
    }

    private void MakeRoomForKeys(int lists)
    {
        if (_keys.Length < (_count + lists) * columns.Length)
        {
            Array.Resize(ref _keys, Math.Max(8, Math.Max(2 * _keys.Length, (_count + lists) * columns.Length)));
        }

        _lists.Extend(_count + lists);
    }

    /// <summary>Takes in all rows at once.</summary>
    private void Build()
    {
        var listOf = ArrayPool<int>.Shared.Rent(relation.Count);
        var numbers = listOf.AsSpan(0, relation.Count);
        if (columns.Length == 1 && relation.RangeOf(columns[0]) is var (least, greatest) && (long)greatest - least < (SparsestDirect * (long)relation.Count) + 64)
        {
            var column = columns[0];
            (_least, _count) = (least, greatest - least + 1);
            for (var row = 0; row < numbers.Length; row++)
            {
                numbers[row] = relation.Cells[(row * relation.Arity) + column] - least;
            }
        }
        else
        {
            _numbers = new(columns.Length);
            Span<int> key = stackalloc int[columns.Length];
            for (var row = 0; row < numbers.Length; row++)
            {
                ReadKey(row, key);
                numbers[row] = ListFor(key);
            }
        }

        _lists.Fill(numbers, _count);
        _rows = relation.Count;
        ArrayPool<int>.Shared.Return(listOf);
    }

    /// <summary>Goes over to a hash of the keys, as one has come that lies apart.</summary>
    private void TakeNumbers()
    {
        _numbers = new(1, _count);
        _keys = new int[_count + 1];
        for (var list = 0; list < _count; list++)
        {
            _keys[list] = _least + list;
            if (_lists.CountOf(list) > 0)
            {
                _numbers.FindOrAdd(_keys, _keys.AsSpan(list, 1), list);
            }
            else
            {
                Free(list);
            }
        }
    }

    private void Free(int list)
    {
        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, Math.Max(8, 2 * _freeCount));
        }

        _free[_freeCount++] = list;
    }

    private void ReadKey(int row, Span<int> key) => ReadKey(relation[row], key);

    private void ReadKey(ReadOnlySpan<int> cells, Span<int> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = cells[columns[i]];
        }
    }
}
