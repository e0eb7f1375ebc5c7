namespace Congress.Datalog.Storage;

/// <summary>How rows go, and how a change is put into effect.</summary>
internal sealed partial class Relation
{
    private const int Announced = 64;

    private int[] _gaps = [];   // room for the numbers of rows that a change replaces

    /// <summary>Removes a row.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(ReadOnlySpan<int> row)
    {
        var number = Find(row);
        if (number < 0)
        {
            return false;
        }

        foreach (var index in _indexes)
        {
            index.CatchUp();
            index.Remove(number);
        }

        if (_ranges is not null && _ranges.Count != Count)
        {
            _ranges = ColumnRanges.Of(this, _ranges);   // before the last row, which may not have been looked at, takes the gap
        }

        _numbers?.Remove(_rows, number);
        var last = Count - 1;
        if (number != last)
        {
            _isAscending = false;
            foreach (var index in _indexes)
            {
                index.Renumber(last, number);
            }

            _numbers?.Renumber(_rows, last, number);
            this[last].CopyTo(_rows.AsSpan(number * arity, arity));
            _heights?.Copy(last, number);
        }

        foreach (var index in _indexes)
        {
            index.Shrink();
        }

        Count = last;
        _ranges?.Forget();
        return true;
    }

    /// <summary>Makes room, here and in the indexes, so that <see cref="Change"/> needs no memory.</summary>
    public void Reserve(Relation removed, Relation added)
    {
        _gaps = new int[Math.Min(removed.Count, added.Count)];
        MakeRoom(added.Count);
        if (_numbers is not null || Count + added.Count > FewRows)
        {
            Numbers.MakeRoom(_rows, added.Count);
        }

        _heights?.Reserve(Count + added.Count);
        foreach (var index in _indexes)
        {
            index.Reserve(added);
        }
    }

    /// <summary>Removes the rows of one relation and adds those of another, with their heights; no index is left behind.</summary>
    /// <param name="removed">Rows that are there.</param>
    /// <param name="added">Rows that are not, once those have gone.</param>
    public void Change(Relation removed, Relation added)
    {
        var replaced = Math.Min(Math.Min(removed.Count, added.Count), _gaps.Length);
        for (var row = replaced; row < removed.Count; row++)
        {
            if (Announce(removed, row))
            {
                Announce(this, Count - Announced);   // those that will close the gaps
            }

            Remove(removed[row]);
        }

        Replace(removed, added, replaced);
        for (var row = replaced; row < added.Count; row++)
        {
            Announce(added, row);
            if (Add(added[row]) && added._heights is not null)
            {
                SetHeights(Count - 1, added._heights[row]);
            }
        }

        _gaps = [];

        foreach (var index in _indexes)
        {
            index.CatchUp();
        }
    }

    /// <summary>Puts the first rows of one relation where those of another are, so that no other row has to move: all of these go before the first
    /// comes, as a row that only changes its height is among both.</summary>
    private void Replace(Relation removed, Relation added, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Announce(removed, i);
            var number = _gaps[i] = Find(removed[i]);
            foreach (var index in _indexes)
            {
                index.CatchUp();
                index.Remove(number);
            }

            _numbers?.Remove(_rows, number);
        }

        for (var i = 0; i < count; i++)
        {
            Announce(added, i);
            var number = _gaps[i];
            added[i].CopyTo(_rows.AsSpan(number * arity));
            _numbers?.FindOrAdd(_rows, added[i], number);
            foreach (var index in _indexes)
            {
                index.Add(number);
            }

            _ranges?.Widen(added[i]);
            if (added._heights is not null)
            {
                _heights!.Set(number, added._heights[i]);
            }
        }

        _isAscending &= count == 0;
    }

    /// <summary>Looks up the next of many rows that come or go, here and in the indexes, so that memory is asked for all at once.</summary>
    /// <returns>Whether that was done, as it is time again and there are many.</returns>
    private bool Announce(Relation rows, int next)
    {
        if ((next % Announced != 0 && rows != this) || rows.Count < next + Announced || next < 0 || _numbers is null)
        {
            return false;
        }

        Span<int> numbers = stackalloc int[Announced];
        _numbers.Find(_rows, rows.Cells.AsSpan(next * arity, Announced * arity), numbers);
        foreach (var index in _indexes)
        {
            index.Announce(rows, next, Announced);
        }

        return true;
    }
}
