using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Joins each binding with the rows of a table: all in turn, by an index, or the one that is fully known.</summary>
/// <remarks>First the rows of all bindings of a block are looked up, then as many as the output holds are noted with the
/// binding that each belongs to, and at last their cells are fetched column by column: three short loops instead of one long one.</remarks>
internal sealed class MatchOperator : StepOperator
{
    private readonly MatchStep _step;
    private readonly Source[] _key;
    private readonly int[] _keyColumns;
    private readonly (int Column, int[] Target)[] _bound;
    private readonly (int Column, int Same)[] _repeated;
    private readonly int[]? _candidates;      // the input's column of candidates; null where all results are wanted
    private readonly int[]? _candidateTarget; // filled by the step that reads the candidates
    private readonly bool _scans;
    private readonly int[] _rows;             // by binding of the output, its row
    private readonly bool[]? _hasRow;         // by binding of the input, where one row is enough
    private readonly KeyBuffer _keys = new();
    private readonly PrefixMarks _marks;

    private TablePart _first;
    private TablePart _second;
    private RelationIndex? _firstIndex;
    private RelationIndex? _secondIndex;

    private TablePart _part;    // the one that is being read
    private RelationIndex? _index;
    private bool _hasMore;      // whether the second part comes after it
    private bool _takesAll;     // whether each row that was looked up counts
    private int[] _found = [];  // by binding of the input, the list of the index with its rows, or its row; -1 for none
    private int _binding;
    private int _place;         // of the next row in the binding's list

    public MatchOperator(MatchStep step, Block input, int[] inputSlots, Pipeline pipeline)
        : base(step, input, inputSlots, pipeline)
    {
        _step = step;
        _keyColumns = step.Key;
        _key = new Source[_keyColumns.Length];
        _scans = step.Scans;
        _rows = new int[Output.Capacity];
        _hasRow = step.FirstOnly && (_scans || step.Key.Length < step.Arguments.Length) ? new bool[input.Capacity] : null;
        _marks = new(pipeline.IndexOn);
        var firsts = Enumerable.Range(0, step.Arguments.Length)
            .Where(c => step.Arguments[c].IsVariable && !IsBound(step.Arguments[c]))
            .GroupBy(c => step.Arguments[c].Slot)
            .Select(g => (Slot: g.Key, First: g.First(), Others: g.Skip(1)))
            .ToArray();
        _bound = [.. firsts.Select(f => (f.First, OutputFor(f.Slot)!)).Where(b => b.Item2 is not null)];
        _repeated = [.. firsts.SelectMany(f => f.Others.Select(other => (other, f.First)))];
        _candidates = pipeline.Plan.CandidateSlot >= 0 ? InputFor(pipeline.Plan.CandidateSlot) : null;
        _candidateTarget = pipeline.Plan.CandidateSlot >= 0 && _candidates is null ? OutputFor(pipeline.Plan.CandidateSlot) : null;
    }

    public override bool IsExhausted => _binding >= Input.Count && !_hasMore;

    private bool IsLookup => !_scans && _index is null;

    public override void Begin()
    {
        for (var i = 0; i < _key.Length; i++)
        {
            _key[i] = SourceOf(_step.Arguments[_keyColumns[i]]);
        }

        _marks.Reset();
        var view = Pipeline.Tables.ViewOf(_step.Table, _step.Arguments.Length, _step.Range);
        (_first, _second) = (view.First, view.Second);
        _firstIndex = IndexOf(_first);
        _secondIndex = _second.Relation is null ? null : IndexOf(_second);
    }

    public override void Open()
    {
        _hasRow?.AsSpan(0, Input.Count).Clear();
        (_part, _index, _hasMore) = (_first, _firstIndex, _second.Relation is not null);
        OpenPart();
    }

    protected override void Fill()
    {
        var quota = Quota;
        while (true)
        {
            var start = Output.Count;
            if (_takesAll)
            {
                Take();
            }
            else
            {
                Choose(ref quota);
            }

            Fetch(start);
            if (_binding < Input.Count || !_hasMore)
            {
                return;
            }

            (_part, _index, _hasMore) = (_second, _secondIndex, false);
            OpenPart();
        }
    }

    private RelationIndex? IndexOf(TablePart part) =>
        !_scans && _keyColumns.Length < part.Relation.Arity ? Pipeline.Tables.IndexOn(part.Relation, _keyColumns) : null;

    /// <summary>Looks up the rows of all bindings.</summary>
    private void OpenPart()
    {
        (_binding, _place) = (0, _scans ? _part.From : 0);
        var isRange = _part is { Without: null, Below: int.MaxValue };
        _takesAll = isRange && (_scans ? _keyColumns.Length == 0 : _part.IsWhole) && _repeated.Length == 0 && _candidates is null && _hasRow is null;
        if (_scans)
        {
            return;
        }

        if (_found.Length < Input.Count)
        {
            _found = new int[Input.Capacity];
        }

        var found = _found.AsSpan(0, Input.Count);
        var keys = _keys.Of(_key, 0, Input.Count);
        if (_index is null)
        {
            if (!_takesAll || !_marks.TryFind(_part.Relation, _key, keys, found))
            {
                _part.Relation.Find(keys, found);
            }
        }
        else
        {
            _index.Find(keys, found);
        }
    }

    /// <summary>Notes all rows that were looked up, until the output is full.</summary>
    private void Take()
    {
        var (count, capacity) = (Output.Count, Output.Capacity);
        var (rows, origin) = (_rows, Origin);
        for (; _binding < Input.Count; _binding++)
        {
            if (_scans)
            {
                var take = Math.Min(_part.To - _place, capacity - count);
                for (var i = 0; i < take; i++)
                {
                    rows[count + i] = _place + i;
                }

                origin.AsSpan(count, take).Fill(_binding);
                count += take;
                _place += take;
                if (_place < _part.To)
                {
                    break;
                }

                _place = _part.From;
            }
            else if (IsLookup)
            {
                if (count == capacity)
                {
                    break;
                }

                (rows[count], origin[count]) = (_found[_binding], _binding);
                count += _found[_binding] >= 0 ? 1 : 0;
            }
            else
            {
                var list = _index![_found[_binding]];
                var take = Math.Min(list.Length - _place, capacity - count);
                for (var i = 0; i < take; i++)
                {
                    (rows[count + i], origin[count + i]) = (list[_place + i], _binding);
                }

                count += take;
                _place += take;
                if (_place < list.Length)
                {
                    break;
                }

                _place = 0;
            }
        }

        Output.Count = count;
    }

    /// <summary>Notes the rows that count, of those that were looked up, until the output is full or the quota is used up.</summary>
    private void Choose(ref int quota)
    {
        Span<int> key = stackalloc int[_key.Length];
        for (; _binding < Input.Count; _binding++, _place = _scans ? _part.From : 0)
        {
            if ((_candidates is not null && Pipeline.Done![_candidates[_binding]]) || (_hasRow is not null && _hasRow[_binding]))
            {
                continue;
            }

            if (_scans)
            {
                ReadKey(_binding, key);
            }

            var list = !_scans && _index is not null ? _index[_found[_binding]] : default;
            var end = _scans ? _part.To : IsLookup ? (_found[_binding] >= 0 ? 1 : 0) : list.Length;
            while (_place < end)
            {
                if (Output.Count == Output.Capacity || quota-- == 0)
                {
                    return;
                }

                var row = _scans ? _place : IsLookup ? _found[_binding] : list[_place];
                _place++;
                if (Accepts(row, key))
                {
                    _rows[Emit(_binding)] = row;
                    if (_hasRow is not null)
                    {
                        _hasRow[_binding] = true;
                        break;
                    }
                }
            }
        }
    }

    /// <summary>Fetches the cells of the rows that were noted.</summary>
    private void Fetch(int start)
    {
        var (cells, arity) = (_part.Relation.Cells, _part.Relation.Arity);
        var rows = _rows.AsSpan(start, Output.Count - start);
        foreach (var (column, target) in _bound)
        {
            var into = target.AsSpan(start, rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                into[i] = cells[(rows[i] * arity) + column];
            }
        }

        if (_candidateTarget is not null)
        {
            rows.CopyTo(_candidateTarget.AsSpan(start));
        }
    }

    private void ReadKey(int binding, Span<int> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = _key[i][binding];
        }
    }

    private bool Accepts(int row, ReadOnlySpan<int> key)
    {
        if (row < _part.From || row >= _part.To)
        {
            return false;
        }

        var cells = _part.Relation[row];
        if (_scans)
        {
            for (var i = 0; i < key.Length; i++)
            {
                if (cells[_keyColumns[i]] != key[i])
                {
                    return false;
                }
            }
        }

        foreach (var (column, same) in _repeated)
        {
            if (cells[column] != cells[same])
            {
                return false;
            }
        }

        return (_part.Without is null && _part.Below == int.MaxValue) || _part.Admits(row);
    }
}
