namespace Congress.Datalog.Storage;

/// <summary>Finds the rows of a relation with given values in some of its columns, newest first.</summary>
/// <remarks>Each distinct key has one slot, which holds the newest row with it; rows with the same key are chained.</remarks>
internal sealed class RelationIndex(Relation relation, int[] columns)
{
    private int[] _slots = new int[8];   // the newest row of a key plus 1, or 0
    private int[] _older = [];
    private int _rows;

    public ReadOnlySpan<int> Columns => columns;

    /// <summary>The number of distinct keys.</summary>
    public int Keys { get; private set; }

    /// <summary>The newest row with the key, or -1.</summary>
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

    /// <summary>The next older row with the same key, or -1.</summary>
    public int Older(int row) => _older[row] - 1;

    /// <summary>Takes in the rows that have been added since the last time.</summary>
    public void CatchUp()
    {
        if (_rows == relation.Count)
        {
            return;
        }

        if (_older.Length < relation.Count)
        {
            Array.Resize(ref _older, Math.Max(relation.Count, (int)Math.Min(Array.MaxLength, _older.Length * 2L)));
        }

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

    private void Insert(int row, ReadOnlySpan<int> key)
    {
        var mask = _slots.Length - 1;
        var slot = RowHash.Of(key) & mask;
        while (_slots[slot] is var head and not 0)
        {
            if (HasKey(head - 1, key))
            {
                _older[row] = head;
                _slots[slot] = row + 1;
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
