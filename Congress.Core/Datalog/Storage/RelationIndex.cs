namespace Congress.Datalog.Storage;

/// <summary>Finds the rows of a relation with given values in some of its columns; of rows that were only added, the newest first.</summary>
/// <remarks>Each distinct key has one slot, which holds the head of a chain of the rows with it. The links backwards, which
/// only removal needs, are made when a row is removed for the first time.</remarks>
internal sealed class RelationIndex(Relation relation, int[] columns)
{
    private int[] _slots = new int[8];   // the head of a key's chain plus 1, or 0
    private int[] _older = [];           // by row: the next in the chain plus 1, or 0
    private int[]? _newer;               // by row: the one before plus 1, or 0 for a head
    private int _rows;

    public ReadOnlySpan<int> Columns => columns;

    /// <summary>The number of distinct keys.</summary>
    public int Keys { get; private set; }

    /// <summary>The head of the key's chain, or -1.</summary>
    public int First(ReadOnlySpan<int> key)
    {
        var mask = _slots.Length - 1;
        var slot = RowHash.Of(key) & mask;
        while (_slots[slot] is var row and not 0)
        {
            if (HasKey(row - 1, key))
            {
                return row - 1;
            }

            slot = (slot + 1) & mask;
        }

        return -1;
    }

    /// <summary>The next row with the same key, or -1.</summary>
    public int Older(int row) => _older[row] - 1;

    /// <summary>Takes in the rows that have been added since the last time.</summary>
    public void CatchUp()
    {
        if (_rows == relation.Count)
        {
            return;
        }

        Reserve(relation.Count, linksBack: false, growsSlots: false);
        Span<int> key = stackalloc int[columns.Length];
        for (; _rows < relation.Count; _rows++)
        {
            if ((Keys + 1) * 4L > _slots.Length * 3L)
            {
                Grow();
            }

            ReadKey(_rows, key);
            Insert(_rows, key);
        }
    }

    /// <summary>Makes room for as many rows.</summary>
    /// <param name="rows">The number of rows that there will be.</param>
    /// <param name="linksBack">Whether rows will be removed.</param>
    /// <param name="growsSlots">Whether to make room for as many keys, too.</param>
    public void Reserve(int rows, bool linksBack, bool growsSlots = true)
    {
        if (_older.Length < rows)
        {
            Array.Resize(ref _older, Math.Max(rows, (int)Math.Min(Array.MaxLength, _older.Length * 2L)));
        }

        if (_newer is not null && _newer.Length < _older.Length)
        {
            Array.Resize(ref _newer, _older.Length);
        }

        if (linksBack)
        {
            LinkBack();
        }

        while (growsSlots && (Keys + rows - _rows + 1) * 4L > _slots.Length * 3L)
        {
            Grow();
        }
    }

    /// <summary>Takes a row out of its chain; the row is still there, and the index has caught up.</summary>
    public void Unlink(int row)
    {
        var newer = LinkBack();
        var (before, after) = (newer[row], _older[row]);
        if (after != 0)
        {
            newer[after - 1] = before;
        }

        if (before != 0)
        {
            _older[before - 1] = after;
        }
        else if (after != 0)
        {
            _slots[SlotOf(row)] = after;
        }
        else
        {
            Keys--;
            Free(SlotOf(row));
        }
    }

    /// <summary>Gives the last row the number of one that was unlinked; the row still lies at its old place.</summary>
    public void Renumber(int row, int number)
    {
        var newer = LinkBack();
        var (before, after) = (newer[row], _older[row]);
        (newer[number], _older[number]) = (before, after);
        if (after != 0)
        {
            newer[after - 1] = number + 1;
        }

        if (before != 0)
        {
            _older[before - 1] = number + 1;
        }
        else
        {
            _slots[SlotOf(row)] = number + 1;
        }
    }

    /// <summary>Forgets the last row's place, once it has been unlinked or renumbered.</summary>
    public void Shrink() => _rows--;

    private int[] LinkBack()
    {
        if (_newer is null)
        {
            _newer = new int[_older.Length];
            for (var row = 0; row < _rows; row++)
            {
                if (_older[row] != 0)
                {
                    _newer[_older[row] - 1] = row + 1;
                }
            }
        }

        return _newer;
    }

    /// <summary>The slot of a chain's head.</summary>
    private int SlotOf(int head)
    {
        Span<int> key = stackalloc int[columns.Length];
        ReadKey(head, key);
        var mask = _slots.Length - 1;
        var slot = RowHash.Of(key) & mask;
        while (_slots[slot] != head + 1)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    /// <summary>Empties a slot; later entries of its run move back over the gap (Knuth 6.4, algorithm R).</summary>
    private void Free(int slot)
    {
        Span<int> key = stackalloc int[columns.Length];
        var mask = _slots.Length - 1;
        var gap = slot;
        for (var next = (gap + 1) & mask; _slots[next] != 0; next = (next + 1) & mask)
        {
            ReadKey(_slots[next] - 1, key);
            var home = RowHash.Of(key) & mask;
            if (((next - home) & mask) >= ((next - gap) & mask))
            {
                _slots[gap] = _slots[next];
                gap = next;
            }
        }

        _slots[gap] = 0;
    }

    private void Insert(int row, ReadOnlySpan<int> key)
    {
        var mask = _slots.Length - 1;
        var slot = RowHash.Of(key) & mask;
        if (_newer is not null)
        {
            _newer[row] = 0;
        }

        while (_slots[slot] is var head and not 0)
        {
            if (HasKey(head - 1, key))
            {
                _older[row] = head;
                _slots[slot] = row + 1;
                if (_newer is not null)
                {
                    _newer[head - 1] = row + 1;
                }

                return;
            }

            slot = (slot + 1) & mask;
        }

        Keys++;
        _older[row] = 0;
        _slots[slot] = row + 1;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new int[old.Length * 2];
        var mask = _slots.Length - 1;
        Span<int> key = stackalloc int[columns.Length];
        foreach (var head in old)
        {
            if (head == 0)
            {
                continue;
            }

            ReadKey(head - 1, key);
            var slot = RowHash.Of(key) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = head;
        }
    }

    private void ReadKey(int row, Span<int> key)
    {
        var cells = relation[row];
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = cells[columns[i]];
        }
    }

    private bool HasKey(int row, ReadOnlySpan<int> key)
    {
        var cells = relation[row];
        for (var i = 0; i < key.Length; i++)
        {
            if (cells[columns[i]] != key[i])
            {
                return false;
            }
        }

        return true;
    }
}
