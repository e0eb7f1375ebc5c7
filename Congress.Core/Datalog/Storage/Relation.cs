namespace Congress.Datalog.Storage;

/// <summary>A set of rows of handles, numbered in order of arrival, with the hash indexes that rules asked for.</summary>
/// <remarks>
/// Rows lie side by side in one array. While rows are only added, a row keeps its number, so a range of numbers is a
/// version: semi-naive evaluation reads its deltas as ranges. Removal moves the last row into the gap.
/// A relation that is shared is changed by commits only; meanwhile one writer may add an index to it, and readers take
/// those that they find.
/// </remarks>
internal sealed class Relation(int arity)
{
    private RelationIndex[] _indexes = [];   // replaced, never changed
    private int[]? _heights;
    private ColumnSample? _sample;
    private int[] _rows = arity == 0 ? [] : new int[4 * arity];
    private int[] _slots = new int[8];   // open addressing with linear probing; a row's number plus 1, or 0

    public int Arity => arity;

    public int Count { get; private set; }

    /// <summary>All rows side by side; only the first <see cref="Count"/> times <see cref="Arity"/> cells count.</summary>
    public int[] Cells => _rows;

    public ReadOnlySpan<int> this[int row] => _rows.AsSpan(row * arity, arity);

    /// <summary>Whether each row has a height: when it was derived, as a number that is greater than those of the rows of its
    /// component from which it follows.</summary>
    public bool HasHeights => _heights is not null;

    /// <summary>Whether the relation is part of the committed state, which readers see.</summary>
    public bool IsShared { get; private set; }

    public int HeightOf(int row) => _heights![row];

    /// <summary>Gives a height to all rows from a number on.</summary>
    public void SetHeights(int from, int height)
    {
        if (_heights is null || _heights.Length < Count)
        {
            Array.Resize(ref _heights, Math.Max(Count, _rows.Length / Math.Max(1, arity)));
        }

        _heights.AsSpan(from, Count - from).Fill(height);
    }

    /// <summary>Forgets the heights.</summary>
    public void DropHeights() => _heights = null;

    /// <summary>Makes the relation part of the committed state.</summary>
    public Relation Share()
    {
        IsShared = true;
        return this;
    }

    /// <summary>Adds a row.</summary>
    /// <returns>False when it was there.</returns>
    public bool Add(ReadOnlySpan<int> row)
    {
        if ((Count + 1) * 4L > _slots.Length * 3L)
        {
            Grow();
        }

        var slot = SlotOf(row);
        if (_slots[slot] != 0)
        {
            return false;
        }

        var start = Count * arity;
        if (start + arity > _rows.Length)
        {
            Array.Resize(ref _rows, (int)Math.Min(Array.MaxLength, Math.Max(4L * arity, _rows.Length * 2L)));
        }

        row.CopyTo(_rows.AsSpan(start));
        _slots[slot] = ++Count;
        return true;
    }

    /// <summary>The number of a row, or -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<int> row) => _slots[SlotOf(row)] - 1;

    public bool Contains(ReadOnlySpan<int> row) => Find(row) >= 0;

    /// <summary>Removes a row.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(ReadOnlySpan<int> row)
    {
        var slot = SlotOf(row);
        var number = _slots[slot] - 1;
        if (number < 0)
        {
            return false;
        }

        foreach (var index in _indexes)
        {
            index.CatchUp();
            index.Unlink(number);
        }

        Free(slot);
        var last = Count - 1;
        if (number != last)
        {
            foreach (var index in _indexes)
            {
                index.Renumber(last, number);
            }

            _slots[SlotOf(this[last])] = number + 1;
            this[last].CopyTo(_rows.AsSpan(number * arity, arity));
            if (_heights is not null)
            {
                _heights[number] = _heights[last];
            }
        }

        foreach (var index in _indexes)
        {
            index.Shrink();
        }

        Count = last;
        return true;
    }

    /// <summary>Makes room, here and in the indexes, so that <see cref="Change"/> with so many added rows needs no memory.</summary>
    public void Reserve(int removed, int added)
    {
        var rows = Count + added;
        var cells = (long)rows * arity;
        if (cells > _rows.Length)
        {
            Array.Resize(ref _rows, (int)Math.Min(Array.MaxLength, Math.Max(cells, _rows.Length + (_rows.Length / 2L))));
        }

        while ((rows + 1) * 4L > _slots.Length * 3L)
        {
            Grow();
        }

        if (_heights is not null && _heights.Length < rows)
        {
            Array.Resize(ref _heights, Math.Max(rows, _rows.Length / Math.Max(1, arity)));
        }

        foreach (var index in _indexes)
        {
            index.Reserve(rows, removed > 0);
        }
    }

    /// <summary>Removes the rows of one relation and adds those of another, with their heights; no index is left behind.</summary>
    public void Change(Relation removed, Relation added)
    {
        for (var row = 0; row < removed.Count; row++)
        {
            Remove(removed[row]);
        }

        for (var row = 0; row < added.Count; row++)
        {
            if (Add(added[row]) && added._heights is not null)
            {
                SetHeights(Count - 1, added._heights[row]);
            }
        }

        foreach (var index in _indexes)
        {
            index.CatchUp();
        }
    }

    /// <summary>The index on the given columns, complete up to the last row; made now if it is new.</summary>
    public RelationIndex IndexOn(ReadOnlySpan<int> columns)
    {
        var index = FindIndex(columns);
        if (index is not null)
        {
            index.CatchUp();
            return index;
        }

        index = new(this, columns.ToArray());
        index.CatchUp();
        Volatile.Write(ref _indexes, [.. _indexes, index]);
        return index;
    }

    /// <summary>The index on the given columns; null when there is none.</summary>
    public RelationIndex? FindIndex(ReadOnlySpan<int> columns)
    {
        foreach (var index in Volatile.Read(ref _indexes))
        {
            if (columns.SequenceEqual(index.Columns))
            {
                return index;
            }
        }

        return null;
    }

    /// <summary>About how many distinct values stand in a column.</summary>
    public double DistinctIn(int column)
    {
        var sample = _sample;
        if (sample is null || sample.IsOutdated(Count))
        {
            _sample = sample = new(this);   // readers may do so at once: they find the same
        }

        return sample[column];
    }

    /// <summary>The number of indexes.</summary>
    public int Indexes => _indexes.Length;

    /// <summary>A relation with the same rows, without indexes.</summary>
    public Relation Copy()
    {
        var copy = new Relation(arity) { Count = Count, _rows = _rows.AsSpan().ToArray(), _slots = _slots.AsSpan().ToArray() };
        return copy;
    }

    /// <summary>The slot that holds the row, or the empty one where it belongs.</summary>
    private int SlotOf(ReadOnlySpan<int> row)
    {
        var mask = _slots.Length - 1;
        var slot = RowHash.Of(row) & mask;
        while (_slots[slot] is var number and not 0 && !row.SequenceEqual(this[number - 1]))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var row = 0; row < Count; row++)
        {
            var slot = RowHash.Of(this[row]) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = row + 1;
        }
    }

    /// <summary>Empties a slot; later entries of its run move back over the gap, so that no tombstones are needed
    /// (Knuth 6.4, algorithm R).</summary>
    private void Free(int slot)
    {
        var mask = _slots.Length - 1;
        var gap = slot;
        for (var next = (gap + 1) & mask; _slots[next] != 0; next = (next + 1) & mask)
        {
            var home = RowHash.Of(this[_slots[next] - 1]) & mask;
            if (((next - home) & mask) >= ((next - gap) & mask))
            {
                _slots[gap] = _slots[next];
                gap = next;
            }
        }

        _slots[gap] = 0;
    }
}
