using Congress.Data;
using Congress.Datalog.Planning;

namespace Congress.Datalog.Evaluation;

/// <summary>Gives a variable the value of another operand; or, one binding for each, all values that compare equal to it.</summary>
internal sealed class AssignOperator(AssignStep step, Block input, int[] inputSlots, Pipeline pipeline)
    : StepOperator(step, input, inputSlots, pipeline)
{
    private Source _value;
    private int[]? _target;
    private int _binding;
    private int? _twin;   // what is still to be given for the binding

    public override bool IsExhausted => _binding >= Input.Count;

    public override void Begin() => (_value, _target) = (SourceOf(step.Value), OutputFor(step.Slot));

    public override void Open() => (_binding, _twin) = (0, null);

    protected override void Fill()
    {
        while (_binding < Input.Count && Output.Count < Output.Capacity)
        {
            var value = _twin ?? _value[_binding];
            var place = Emit(_binding);
            if (_target is not null)
            {
                _target[place] = value;
            }

            _twin = step.IsSpread && _twin is null ? TwinOf(value) : null;
            _binding += _twin is null ? 1 : 0;
        }
    }

    /// <summary>The value of the other kind that compares equal: of <c>1</c>, <c>1.0</c>; null when no row can hold it.</summary>
    private int? TwinOf(int handle)
    {
        var value = Context.Symbols.ValueOf(handle);
        if (!value.IsNumber)
        {
            return null;
        }

        var twin = value.Kind == ValueKind.Integer ? Value.Of(value.AsReal()) : Value.Of((long)Math.Clamp(value.AsReal(), long.MinValue, long.MaxValue));
        return Value.TryCompare(value, twin, out var order) && order == 0 && Context.Symbols.TryFind(twin, out var other) ? other : null;
    }
}
