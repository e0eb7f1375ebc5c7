using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Joins each binding with the rows of a table: all in turn, by an index, or the one that is fully known.</summary>
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

    private TablePart _first;
    private TablePart _second;
    private RelationIndex? _firstIndex;
    private RelationIndex? _secondIndex;

    private TablePart _part;   // the one that is being read for the binding
    private RelationIndex? _index;
    private bool _hasMore;     // whether the second part comes after it
    private int _binding;
    private int _row;          // the next candidate for the binding; -1 when there is none

    public MatchOperator(MatchStep step, Block input, int[] inputSlots, Pipeline pipeline)
        : base(step, input, inputSlots, pipeline)
    {
        _step = step;
        _keyColumns = step.Key;
        _key = new Source[_keyColumns.Length];
        _scans = step.Scans;
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

    public override bool IsExhausted => _binding >= Input.Count;

    public override void Begin()
    {
        for (var i = 0; i < _key.Length; i++)
        {
            _key[i] = SourceOf(_step.Arguments[_keyColumns[i]]);
        }

        var view = Pipeline.Tables.ViewOf(_step.Table, _step.Arguments.Length, _step.Range);
        (_first, _second) = (view.First, view.Second);
        _firstIndex = IndexOf(_first);
        _secondIndex = _second.Relation is null ? null : IndexOf(_second);
    }

    public override void Open()
    {
        _binding = 0;
        Seek();
    }

    protected override void Fill()
    {
        var quota = Quota;
        Span<int> key = stackalloc int[_keyColumns.Length];
        while (_binding < Input.Count)
        {
            if (_candidates is not null && Pipeline.Done![_candidates[_binding]])
            {
                NextBinding();
                continue;
            }

            ReadKey(key);
            while (_row >= 0)
            {
                if (Output.Count == Output.Capacity || quota-- == 0)
                {
                    return;
                }

                var (row, relation) = (_row, _part.Relation);
                var isAccepted = Accepts(row, key);
                MoveOn();
                if (isAccepted)
                {
                    var place = Emit(_binding);
                    var start = row * relation.Arity;
                    foreach (var (column, target) in _bound)
                    {
                        target[place] = relation.Cells[start + column];
                    }

                    if (_candidateTarget is not null)
                    {
                        _candidateTarget[place] = row;
                    }

                    if (_step.FirstOnly)
                    {
                        break;
                    }
                }
            }

            NextBinding();
        }
    }

    private RelationIndex? IndexOf(TablePart part) =>
        !_scans && _keyColumns.Length < part.Relation.Arity ? Pipeline.Tables.IndexOn(part.Relation, _keyColumns) : null;

    private void NextBinding()
    {
        _binding++;
        Seek();
    }

    /// <summary>Finds the first row for the current binding.</summary>
    private void Seek()
    {
        if (_binding < Input.Count)
        {
            (_part, _index, _hasMore) = (_first, _firstIndex, _second.Relation is not null);
            SeekInPart();
        }
    }

    private void SeekInPart()
    {
        if (_scans)
        {
            _row = _part.From < _part.To ? _part.From : -1;
        }
        else
        {
            Span<int> key = stackalloc int[_keyColumns.Length];
            ReadKey(key);
            _row = _index is null ? _part.Relation.Find(key) : _index.First(key);
            SkipOutside();
        }

        GoOn();
    }

    private void MoveOn()
    {
        if (_scans)
        {
            _row = _row + 1 < _part.To ? _row + 1 : -1;
        }
        else
        {
            _row = _index is null ? -1 : _index.Older(_row);
            SkipOutside();
        }

        GoOn();
    }

    /// <summary>Goes on to the second part when the first has no more rows.</summary>
    private void GoOn()
    {
        if (_row < 0 && _hasMore)
        {
            (_part, _index, _hasMore) = (_second, _secondIndex, false);
            SeekInPart();
        }
    }

    /// <summary>Passes over rows outside of the range.</summary>
    private void SkipOutside()
    {
        while (_row >= 0 && (_row >= _part.To || _row < _part.From))
        {
            _row = _index is null ? -1 : _index.Older(_row);
        }
    }

    private void ReadKey(Span<int> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = _key[i][_binding];
        }
    }

    private bool Accepts(int row, ReadOnlySpan<int> key)
    {
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
