using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Joins each binding with the rows of a relation: all in turn, by an index, or the one that is fully known.</summary>
internal sealed class MatchOperator : StepOperator
{
    private readonly MatchStep _step;
    private readonly Func<(Relation Relation, int From, int To)> _range;
    private readonly Source[] _key;
    private readonly int[] _keyColumns;
    private readonly (int Column, int[] Target)[] _bound;
    private readonly (int Column, int Same)[] _repeated;
    private readonly bool _scans;

    private Relation _relation = null!;
    private RelationIndex? _index;
    private int _from;
    private int _to;
    private int _binding;
    private int _row;   // the next candidate for the binding; -1 when there is none

    public MatchOperator(
        MatchStep step, Block input, int[] inputSlots, EvaluationContext context, Func<(Relation Relation, int From, int To)> range)
        : base(step, input, inputSlots, context)
    {
        _step = step;
        _range = range;
        _keyColumns = step.Key;
        _key = Array.ConvertAll(_keyColumns, column => SourceOf(step.Arguments[column]));
        _scans = step.Scans;
        var firsts = Enumerable.Range(0, step.Arguments.Length)
            .Where(c => step.Arguments[c].IsVariable && !IsBound(step.Arguments[c]))
            .GroupBy(c => step.Arguments[c].Slot)
            .Select(g => (Slot: g.Key, First: g.First(), Others: g.Skip(1)))
            .ToArray();
        _bound = [.. firsts.Select(f => (f.First, OutputFor(f.Slot)!)).Where(b => b.Item2 is not null)];
        _repeated = [.. firsts.SelectMany(f => f.Others.Select(other => (other, f.First)))];
    }

    public override bool IsExhausted => _binding >= Input.Count;

    /// <summary>Looks up the relation, its index and the range that this run reads.</summary>
    public void Begin()
    {
        (_relation, _from, _to) = _range();
        _index = !_scans && _keyColumns.Length < _relation.Arity ? _relation.IndexOn(_keyColumns) : null;
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
            ReadKey(key);
            while (_row >= 0)
            {
                if (Output.Count == Output.Capacity || quota-- == 0)
                {
                    return;
                }

                var row = _row;
                MoveOn();
                if (Accepts(row, key))
                {
                    var place = Emit(_binding);
                    var start = row * _relation.Arity;
                    foreach (var (column, target) in _bound)
                    {
                        target[place] = _relation.Cells[start + column];
                    }

                    if (_step.FirstOnly)
                    {
                        break;
                    }
                }
            }

            _binding++;
            Seek();
        }
    }

    /// <summary>Finds the first candidate for the current binding.</summary>
    private void Seek()
    {
        if (_binding >= Input.Count)
        {
            return;
        }

        if (_scans)
        {
            _row = _from < _to ? _from : -1;
            return;
        }

        Span<int> key = stackalloc int[_keyColumns.Length];
        ReadKey(key);
        _row = _index is null ? _relation.Find(key) : _index.First(key);
        SkipNewer();
    }

    private void MoveOn()
    {
        if (_scans)
        {
            _row = _row + 1 < _to ? _row + 1 : -1;
            return;
        }

        _row = _index is null ? -1 : _index.Older(_row);
        SkipNewer();
    }

    /// <summary>Chains run from new to old: passes over rows behind the range, and ends at one before it.</summary>
    private void SkipNewer()
    {
        while (_row >= _to)
        {
            _row = _index is null ? -1 : _index.Older(_row);
        }

        if (_row < _from)
        {
            _row = -1;
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
        var cells = _relation[row];
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

        return true;
    }
}
