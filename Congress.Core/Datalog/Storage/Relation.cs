namespace Congress.Datalog.Storage;

/// <summary>A set of rows of handles, numbered in order of arrival, with the hash indexes that rules asked for.</summary>
/// <remarks>
/// Rows lie side by side in one array. While rows are only added, a row keeps its number, so a range of numbers is a
/// version: semi-naive evaluation reads its deltas as ranges. Removal moves the last row into the gap.
/// Rows that come in ascending order are distinct without a look at the others; their numbers by contents are made when
/// somebody asks for one and there are more than a few: a change mostly has one or two rows, which are as soon compared.
/// A relation that is shared is changed by commits only; meanwhile one writer may add an index to it, and readers take
/// those that they find.
/// </remarks>
internal sealed partial class Relation(int arity)
{
    private const int GrowthByGuess = 8;
    private const int FewRows = 8;
    private const int FirstRows = 4;   // for which to make room; most relations of a change have none

    private RelationIndex[] _indexes = [];   // replaced, never changed
    private RowNumbers? _numbers;            // null while nobody has asked
    private bool _isAscending = true;        // while there are no numbers, whether each row is greater than the one before
    private RowHeights? _heights;
    private ColumnSample? _sample;
    private ColumnRanges? _ranges;
    private int[] _rows = [];

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
        _heights ??= new();
        _heights.Set(from, Count, height);
    }

    /// <summary>Forgets the heights.</summary>
    public void DropHeights() => _heights = null;

    /// <summary>Forgets all rows of a relation that has no indexes.</summary>
    public void Clear()
    {
        System.Diagnostics.Debug.Assert(_indexes.Length == 0 && !IsShared, "Somebody reads the rows.");
        (Count, _numbers, _isAscending, _heights, _sample, _ranges) = (0, null, true, null, null, null);
    }

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
        if (_numbers is null && _isAscending && (Count == 0 || IsLess(this[Count - 1], row)))
        {
            MakeRoom(1);
            row.CopyTo(_rows.AsSpan(Count * arity));
            Count++;
            return true;
        }

        if (_numbers is null && Count < FewRows)
        {
            if (FindAmongFew(row) >= 0)
            {
                return false;
            }

            _isAscending = false;
        }
        else if (Numbers.FindOrAdd(_rows, row, Count) != Count)
        {
            return false;
        }

        MakeRoom(1);
        row.CopyTo(_rows.AsSpan(Count * arity));
        Count++;
        return true;
    }

    /// <summary>Adds rows that stand side by side.</summary>
    public void AddAll(ReadOnlySpan<int> rows, int count)
    {
        if (_numbers is null && Count + count <= FewRows)
        {
            for (var row = 0; row < count; row++)
            {
                Add(rows.Slice(row * arity, arity));
            }

            return;
        }

        MakeRoom(count);
        var first = _numbers is null && _isAscending ? AscendingIn(rows, count) : 0;
        rows[..(first * arity)].CopyTo(_rows.AsSpan(Count * arity));
        Count += first;
        if (first < count)
        {
            Count += Numbers.AddAll(_rows, Count, rows[(first * arity)..], count - first, default);
        }
    }

    /// <summary>Adds rows that stand side by side, and tells the numbers of all.</summary>
    public void AddAll(ReadOnlySpan<int> rows, int count, Span<int> numbers)
    {
        var found = Numbers;
        MakeRoom(count);
        Count += found.AddAll(_rows, Count, rows, count, numbers);
    }

    /// <summary>Makes room for rows that come now, and when there is none, for others that will probably come: those of a file are so
    /// moved seldom, and its relation is not larger than it must be.</summary>
    /// <param name="rows">How many come now.</param>
    /// <param name="ahead">How many may come after them, as it seems from those there are.</param>
    public void Expect(int rows, long ahead)
    {
        var cells = (Count + (long)rows) * arity;
        if (cells > _rows.Length && ahead > 0)
        {
            var most = Math.Min(Array.MaxLength, GrowthByGuess * cells);
            Array.Resize(ref _rows, (int)Math.Max(cells, Math.Min(most, cells + ((ahead + (ahead / 64)) * arity))));
        }
    }

    /// <summary>Makes room for rows behind the last; <see cref="Append"/> says how many have been written.</summary>
    /// <returns>Their cells.</returns>
    public Span<int> Room(int rows)
    {
        MakeRoom(rows);
        return _rows.AsSpan(Count * arity, rows * arity);
    }

    /// <summary>Adds the rows that have been written behind the last and are known to be new.</summary>
    public void Append(int rows)
    {
        if (rows == 0)
        {
            return;
        }

        _isAscending = false;
        if (_numbers is not null)
        {
            _numbers.MakeRoom(_rows, rows);
            for (var row = Count; row < Count + rows; row++)
            {
                _numbers.FindOrAdd(_rows, this[row], row);
            }
        }

        Count += rows;
    }

    /// <summary>The number of a row, or -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<int> row) => HasFew ? FindAmongFew(row) : Numbers.Find(_rows, row);

    public bool Contains(ReadOnlySpan<int> row) => Find(row) >= 0;

    /// <summary>The numbers of rows that stand side by side; -1 for those that are not there.</summary>
    public void Find(ReadOnlySpan<int> rows, Span<int> numbers)
    {
        if (!HasFew)
        {
            Numbers.Find(_rows, rows, numbers);
            return;
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = FindAmongFew(rows.Slice(i * arity, arity));
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

    /// <summary>A handle that is not greater than any in a column, and one that is not less; of an empty relation, a least one that is greater.</summary>
    /// <remarks>Only rows that have come since the last time are looked at; what has gone does not make the range narrower.</remarks>
    public (int Least, int Greatest) RangeOf(int column)
    {
        var ranges = _ranges;
        if (ranges is null || ranges.Count != Count)
        {
            _ranges = ranges = ColumnRanges.Of(this, ranges);   // readers may do so at once: they find the same
        }

        return ranges[column];
    }

    /// <summary>The number of indexes.</summary>
    public int Indexes => _indexes.Length;

    /// <summary>A relation with the same rows, without indexes.</summary>
    public Relation Copy() => new(arity)
    {
        Count = Count,
        _rows = _rows.AsSpan(0, Math.Max(Count, Math.Min(4, _rows.Length / Math.Max(1, arity))) * arity).ToArray(),
        _isAscending = _isAscending && _numbers is null,
    };

    /// <summary>Whether a row is found by comparing it with all.</summary>
    private bool HasFew => Count <= FewRows && Volatile.Read(ref _numbers) is null;

    private int FindAmongFew(ReadOnlySpan<int> row)
    {
        for (var number = 0; number < Count; number++)
        {
            if (this[number].SequenceEqual(row))
            {
                return number;
            }
        }

        return -1;
    }

    /// <summary>The numbers of rows by contents. Readers who ask at once find the same.</summary>
    private RowNumbers Numbers
    {
        get
        {
            return Volatile.Read(ref _numbers) ?? Make();

            RowNumbers Make()
            {
                var numbers = RowNumbers.Of(_rows, arity, Count);
                Volatile.Write(ref _numbers, numbers);
                return numbers;
            }
        }
    }

    /// <summary>How many rows there are, from the first on, each of which is greater than the one before.</summary>
    private int AscendingIn(ReadOnlySpan<int> rows, int count)
    {
        if (count == 0 || (Count > 0 && !IsLess(this[Count - 1], rows[..arity])))
        {
            return 0;
        }

        var row = 1;
        for (int cell = arity; row < count; row++, cell += arity)
        {
            if (arity == 0 || (rows[cell - arity] >= rows[cell] && !IsLess(rows.Slice(cell - arity, arity), rows.Slice(cell, arity))))
            {
                break;
            }
        }

        return row;
    }

    private static bool IsLess(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] != y[i])
            {
                return x[i] < y[i];
            }
        }

        return false;
    }

    private void MakeRoom(int rows)
    {
        var cells = (Count + (long)rows) * arity;
        if (cells > _rows.Length)
        {
            Array.Resize(ref _rows, checked((int)Math.Max(Math.Max(cells, FirstRows * arity), Math.Min(Array.MaxLength, 2L * _rows.Length))));
        }
    }
}
