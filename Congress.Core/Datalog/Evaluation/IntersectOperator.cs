using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Gives a variable the values that it can have in two literals at once.</summary>
/// <remarks>
/// Of the second literal the values are marked, and stay so while the rest of it repeats from binding to binding; those of
/// the first are gone through and looked up in the marks. So a cyclic body costs no more than going through the shorter
/// lists (H. Ngo et al., Skew Strikes Back, SIGMOD Record 2013), and no candidate is written down: triangles of 900,000
/// edges, 18.5 million candidates, 0.30 s instead of 1.4 by a join and a hash (`congress eval --timings`, one AMD EPYC core).
/// </remarks>
internal sealed class IntersectOperator : StepOperator
{
    private const int Worthwhile = 4;   // how many marks one candidate may cost

    private readonly IntersectStep _step;
    private readonly Source[] _key;
    private readonly Source[] _row;      // of the second literal; the varying column's is not used
    private readonly int _varying;
    private readonly int _column;        // of the first literal, with the variable
    private readonly int[]? _target;
    private readonly int[] _rest;
    private readonly int[] _lookup;
    private readonly int[] _keyCells;
    private readonly int[] _unwanted;    // takes the values when nobody needs them

    private TableView _first;
    private TableView _second;
    private RelationIndex? _firstIndex;
    private RelationIndex? _secondIndex;
    private ColumnMarks? _marks;
    private TablePart _part;             // of the first literal's rows, the one that is being read
    private RelationIndex _index = null!;
    private bool _hasMore;               // whether there is a second part
    private int _binding;
    private int _place;
    private bool _isMarked;              // for the binding at hand

    public IntersectOperator(IntersectStep step, Block input, int[] inputSlots, Pipeline pipeline)
        : base(step, input, inputSlots, pipeline)
    {
        _step = step;
        _key = new Source[step.Probe.Key.Length];
        _row = new Source[step.Lookup.Arguments.Length];
        _lookup = new int[_row.Length];
        _rest = new int[_row.Length - 1];
        _column = Array.FindIndex(step.Probe.Arguments, a => a.IsVariable && a.Slot == step.Slot);
        _varying = Array.FindIndex(step.Lookup.Arguments, a => a.IsVariable && a.Slot == step.Slot);
        _keyCells = new int[_key.Length];
        _target = OutputFor(step.Slot);
        _unwanted = _target is null ? new int[Output.Capacity] : [];
    }

    public override bool IsExhausted => _binding >= Input.Count && !_hasMore;

    public override void Begin()
    {
        for (var i = 0; i < _key.Length; i++)
        {
            _key[i] = SourceOf(_step.Probe.Arguments[_step.Probe.Key[i]]);
        }

        for (var i = 0; i < _row.Length; i++)
        {
            _row[i] = i == _varying ? default : SourceOf(_step.Lookup.Arguments[i]);
        }

        _first = Pipeline.Tables.ViewOf(_step.Probe.Table, _step.Probe.Arguments.Length, _step.Probe.Range);
        _second = Pipeline.Tables.ViewOf(_step.Lookup.Table, _row.Length, _step.Lookup.Range);
        _firstIndex = Pipeline.IndexOn(_first.First.Relation, _step.Probe.Key);
        _secondIndex = _first.Second.Relation is null ? null : Pipeline.IndexOn(_first.Second.Relation, _step.Probe.Key);
        _marks = _second.First.IsWhole && _second.Second.Relation is null
            ? ColumnMarks.TryMake(_second.First.Relation, _varying, _first.First.Relation.RangeOf(_column), Pipeline.IndexOn) : null;
    }

    public override void Open()
    {
        (_part, _index, _hasMore) = (_first.First, _firstIndex!, _first.Second.Relation is not null);
        (_binding, _place) = (0, 0);
    }

    protected override void Fill()
    {
        var quota = Quota;
        while (true)
        {
            for (; _binding < Input.Count; _binding++, _place = 0)
            {
                var list = _index.RowsWith(KeyOf(_binding));
                if (_place == 0)
                {
                    _isMarked = list.Length > 0 && _marks is not null && _part.IsWhole && _part.Relation == _first.First.Relation && TryMark(_binding, list.Length);
                }

                _place += _isMarked ? TakeMarked(list[_place..]) : TakeFound(list[_place..]);
                quota -= list.Length;
                if (_place < list.Length)
                {
                    return;
                }

                if (quota < 0)
                {
                    (_binding, _place) = (_binding + 1, 0);
                    return;
                }
            }

            if (!_hasMore)
            {
                return;
            }

            (_part, _index, _hasMore) = (_first.Second, _secondIndex!, false);
            (_binding, _place) = (0, 0);
        }
    }

    private ReadOnlySpan<int> KeyOf(int binding)
    {
        for (var i = 0; i < _key.Length; i++)
        {
            _keyCells[i] = _key[i][binding];
        }

        return _keyCells.AsSpan(0, _key.Length);
    }

    private bool TryMark(int binding, int candidates)
    {
        for (int i = 0, rest = 0; i < _row.Length; i++)
        {
            if (i != _varying)
            {
                _rest[rest++] = _row[i][binding];
            }
        }

        // The marks serve the bindings that follow with the same rest, too.
        return _marks!.TryMark(_rest, Math.Max(Worthwhile * candidates, 64));
    }

    /// <summary>Takes the values that are marked, without a branch: each is written, and the next over it when it is not.</summary>
    /// <returns>How many rows were looked at.</returns>
    private int TakeMarked(ReadOnlySpan<int> list)
    {
        var (bits, least) = (_marks!.Bits, _marks.Least);
        var (cells, arity, column) = (_part.Relation.Cells, _part.Relation.Arity, _column);
        var start = Output.Count;
        var looking = Math.Min(list.Length, Output.Capacity - start);   // so many fit, even if all are marked
        var origin = Origin.AsSpan(start, looking);
        var target = (_target ?? _unwanted).AsSpan(start, looking);
        var (count, binding) = (0, _binding);
        foreach (var row in list[..looking])
        {
            var value = cells[(row * arity) + column];
            var place = value - least;
            origin[count] = binding;
            target[count] = value;
            count += (int)(bits[place >> 6] >> place) & 1;
        }

        Output.Count = start + count;
        return looking;
    }

    /// <summary>Takes the values whose rows of the second literal are found by their contents.</summary>
    private int TakeFound(ReadOnlySpan<int> list)
    {
        var looked = 0;
        for (var i = 0; i < _row.Length; i++)
        {
            _lookup[i] = i == _varying ? 0 : _row[i][_binding];
        }

        for (; looked < list.Length && Output.Count < Output.Capacity; looked++)
        {
            var row = list[looked];
            _lookup[_varying] = _part.Relation[row][_column];
            if (row >= _part.From && row < _part.To && _part.Admits(row) && _second.Contains(_lookup))
            {
                var place = Emit(_binding);
                if (_target is not null)
                {
                    _target[place] = _lookup[_varying];
                }
            }
        }

        return looked;
    }
}
