using Congress.Datalog.Analysis;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Evaluation;

/// <summary>An operator that gives at most one binding for each of its input.</summary>
internal abstract class FilterOperator(PlanStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : StepOperator(step, input, inputSlots, pipeline)
{
    private int _binding;

    public override bool IsExhausted => _binding >= Input.Count;

    public override void Open() => _binding = 0;

    protected override void Fill()
    {
        while (_binding < Input.Count && Output.Count < Output.Capacity)
        {
            var end = Math.Min(Input.Count, _binding + Output.Capacity - Output.Count);
            Output.Count += Keep(_binding, end, Origin.AsSpan(Output.Count));
            _binding = end;
        }
    }

    /// <summary>Notes which bindings pass.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">The one behind the last.</param>
    /// <param name="kept">Where to note them; there is room for all.</param>
    /// <returns>The number of those that pass.</returns>
    protected abstract int Keep(int from, int to, Span<int> kept);
}

/// <summary>A filter that looks at one binding at a time.</summary>
internal abstract class TestOperator(PlanStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : FilterOperator(step, input, inputSlots, pipeline)
{
    protected override int Keep(int from, int to, Span<int> kept)
    {
        var count = 0;
        for (var binding = from; binding < to; binding++)
        {
            kept[count] = binding;
            count += Keeps(binding) ? 1 : 0;
        }

        return count;
    }

    protected abstract bool Keeps(int binding);
}

/// <summary>Keeps the bindings for which a table has no row.</summary>
internal sealed class AbsenceOperator(AbsenceStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : FilterOperator(step, input, inputSlots, pipeline)
{
    private readonly Source[] _sources = new Source[step.Key.Length];
    private readonly KeyBuffer _keys = new();
    private readonly PrefixMarks _marks = new(pipeline.IndexOn);
    private int[] _found = [];   // by binding, the list of the index, or the row; -1 for none
    private TableView _view;
    private RelationIndex? _firstIndex;
    private RelationIndex? _secondIndex;

    public override void Begin()
    {
        for (var i = 0; i < _sources.Length; i++)
        {
            _sources[i] = SourceOf(step.Arguments[step.Key[i]]);
        }

        _marks.Reset();
        _view = Pipeline.Tables.ViewOf(step.Table, step.Arguments.Length, step.Range);
        _firstIndex = IndexOf(_view.First);
        _secondIndex = _view.Second.Relation is null ? null : IndexOf(_view.Second);
    }

    protected override int Keep(int from, int to, Span<int> kept)
    {
        var rest = to - from;
        for (var i = 0; i < rest; i++)
        {
            kept[i] = from + i;
        }

        rest = KeepAbsent(_view.First, _firstIndex, from, to - from, kept, rest);
        return _view.Second.Relation is null ? rest : KeepAbsent(_view.Second, _secondIndex, from, to - from, kept, rest);
    }

    private RelationIndex? IndexOf(TablePart part) => _sources.Length > 0 && _sources.Length < part.Relation.Arity
        ? Pipeline.Tables.IndexOn(part.Relation, step.Key) : null;

    /// <summary>Keeps the bindings, of those that are left, for which a part of the table has no row.</summary>
    private int KeepAbsent(TablePart part, RelationIndex? index, int from, int count, Span<int> kept, int rest)
    {
        if (part.Relation.Count == 0)
        {
            return rest;
        }

        var isWhole = part.IsWhole;
        if (index is null && _sources.Length == 0)
        {
            return part.Count > 0 ? 0 : rest;
        }

        if (_found.Length < count)
        {
            _found = new int[Input.Capacity];
        }

        var found = _found.AsSpan(0, count);
        var keys = _keys.Of(_sources, from, count);
        if (index is null)
        {
            if (!isWhole || !_marks.TryFind(part.Relation, _sources, keys, found))
            {
                part.Relation.Find(keys, found);
            }
        }
        else
        {
            index.Find(keys, found);
        }

        var left = 0;
        for (var i = 0; i < rest; i++)
        {
            var number = found[kept[i] - from];
            var isThere = number >= 0 && (isWhole && index is null ? true : index is null ? Counts(part, number) : Has(part, index[number]));
            kept[left] = kept[i];
            left += isThere ? 0 : 1;
        }

        return left;
    }

    private static bool Counts(TablePart part, int row) => row >= part.From && row < part.To && part.Admits(row);

    private static bool Has(TablePart part, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            if (Counts(part, row))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Keeps the bindings for which a comparison holds.</summary>
internal sealed class CompareOperator(CompareStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : TestOperator(step, input, inputSlots, pipeline)
{
    private Source _left;
    private Source _right;

    public override void Begin() => (_left, _right) = (SourceOf(step.Left), SourceOf(step.Right));

    protected override int Keep(int from, int to, Span<int> kept)
    {
        if (step.Operator != ComparisonOperator.NotEqual || _left.Column is not { } left || _right.Column is not { } right)
        {
            return base.Keep(from, to, kept);
        }

        // By far the most frequent: different integers differ, and the same handle is the same value.
        var count = 0;
        for (var binding = from; binding < to; binding++)
        {
            var (x, y) = (left[binding], right[binding]);
            kept[count] = binding;
            count += x == y ? 0 : SymbolTable.IsInline(x) && SymbolTable.IsInline(y) ? 1 : Keeps(binding) ? 1 : 0;
        }

        return count;
    }

    protected override bool Keeps(int binding)
    {
        var (x, y) = (_left[binding], _right[binding]);
        if (SymbolTable.IsInline(x) && SymbolTable.IsInline(y))
        {
            return Comparing.Holds(step.Operator, x.CompareTo(y));
        }

        return Comparing.Holds(step.Operator, Context.Symbols.ValueOf(x), Context.Symbols.ValueOf(y));
    }
}

/// <summary>Keeps the bindings in which a variable has the very value of another operand.</summary>
internal sealed class SameOperator(SameStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : TestOperator(step, input, inputSlots, pipeline)
{
    private Source _left;
    private Source _right;

    public override void Begin() => (_left, _right) = (SourceOf(Operand.Variable(step.Slot)), SourceOf(step.Value));

    protected override bool Keeps(int binding) => _left[binding] == _right[binding];
}

/// <summary>Keeps every binding, or none.</summary>
internal sealed class TruthOperator(TruthStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : TestOperator(step, input, inputSlots, pipeline)
{
    protected override bool Keeps(int binding) => step.Holds;
}
