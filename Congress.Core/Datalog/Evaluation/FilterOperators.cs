using Congress.Datalog.Analysis;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

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
        for (; _binding < Input.Count && Output.Count < Output.Capacity; _binding++)
        {
            if (Keeps(_binding))
            {
                Emit(_binding);
            }
        }
    }

    protected abstract bool Keeps(int binding);
}

/// <summary>Keeps the bindings for which a table has no row.</summary>
internal sealed class AbsenceOperator(AbsenceStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : FilterOperator(step, input, inputSlots, pipeline)
{
    private readonly int[] _key = new int[step.Key.Length];
    private readonly Source[] _sources = new Source[step.Key.Length];
    private TableView _view;
    private RelationIndex? _firstIndex;
    private RelationIndex? _secondIndex;

    public override void Begin()
    {
        for (var i = 0; i < _key.Length; i++)
        {
            _sources[i] = SourceOf(step.Arguments[step.Key[i]]);
        }

        _view = Pipeline.Tables.ViewOf(step.Table, step.Arguments.Length, step.Range);
        _firstIndex = IndexOf(_view.First);
        _secondIndex = _view.Second.Relation is null ? null : IndexOf(_view.Second);
    }

    protected override bool Keeps(int binding)
    {
        for (var i = 0; i < _key.Length; i++)
        {
            _key[i] = _sources[i][binding];
        }

        return !Has(_view.First, _firstIndex) && (_view.Second.Relation is null || !Has(_view.Second, _secondIndex));
    }

    private RelationIndex? IndexOf(TablePart part) => _key.Length > 0 && _key.Length < part.Relation.Arity
        ? Pipeline.Tables.IndexOn(part.Relation, step.Key) : null;

    private bool Has(TablePart part, RelationIndex? index)
    {
        if (_key.Length == part.Relation.Arity)
        {
            return part.Contains(_key);
        }

        if (index is null)
        {
            return part.Count > 0;
        }

        var row = index.First(_key);
        while (row >= 0 && !(row >= part.From && row < part.To && part.Admits(row)))
        {
            row = index.Older(row);
        }

        return row >= 0;
    }
}

/// <summary>Keeps the bindings for which a comparison holds.</summary>
internal sealed class CompareOperator(CompareStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : FilterOperator(step, input, inputSlots, pipeline)
{
    private Source _left;
    private Source _right;

    public override void Begin() => (_left, _right) = (SourceOf(step.Left), SourceOf(step.Right));

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
    : FilterOperator(step, input, inputSlots, pipeline)
{
    private Source _left;
    private Source _right;

    public override void Begin() => (_left, _right) = (SourceOf(Operand.Variable(step.Slot)), SourceOf(step.Value));

    protected override bool Keeps(int binding) => _left[binding] == _right[binding];
}

/// <summary>Keeps every binding, or none.</summary>
internal sealed class TruthOperator(TruthStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : FilterOperator(step, input, inputSlots, pipeline)
{
    protected override bool Keeps(int binding) => step.Holds;
}
