using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>An operator that gives at most one binding for each of its input.</summary>
internal abstract class FilterOperator(PlanStep step, Block input, int[] inputSlots, EvaluationContext context)
    : StepOperator(step, input, inputSlots, context)
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

/// <summary>Keeps the bindings for which a relation has no row.</summary>
internal sealed class AbsenceOperator(AbsenceStep step, Block input, int[] inputSlots, EvaluationContext context, Func<Relation> relation)
    : FilterOperator(step, input, inputSlots, context)
{
    private readonly int[] _key = new int[step.Key.Length];
    private readonly int[] _keyColumns = step.Key;
    private Source[]? _sources;
    private Relation _relation = null!;
    private RelationIndex? _index;

    /// <summary>Looks up the relation and its index.</summary>
    public void Begin()
    {
        _sources ??= Array.ConvertAll(_keyColumns, column => SourceOf(step.Arguments[column]));
        _relation = relation();
        _index = _keyColumns.Length > 0 && _keyColumns.Length < _relation.Arity ? _relation.IndexOn(_keyColumns) : null;
    }

    protected override bool Keeps(int binding)
    {
        for (var i = 0; i < _key.Length; i++)
        {
            _key[i] = _sources![i][binding];
        }

        return _index is not null ? _index.First(_key) < 0
            : _keyColumns.Length == 0 ? _relation.Count == 0
            : !_relation.Contains(_key);
    }
}

/// <summary>Keeps the bindings for which a comparison holds.</summary>
internal sealed class CompareOperator(CompareStep step, Block input, int[] inputSlots, EvaluationContext context)
    : FilterOperator(step, input, inputSlots, context)
{
    private Source _left;
    private Source _right;

    public override void Open()
    {
        base.Open();
        (_left, _right) = (SourceOf(step.Left), SourceOf(step.Right));
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

/// <summary>Keeps every binding, or none.</summary>
internal sealed class TruthOperator(TruthStep step, Block input, int[] inputSlots, EvaluationContext context)
    : FilterOperator(step, input, inputSlots, context)
{
    protected override bool Keeps(int binding) => step.Holds;
}
