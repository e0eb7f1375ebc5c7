using Congress.Data;

namespace Congress.Datalog.Analysis;

/// <summary>An argument after analysis: a variable by its slot in the rule, a value, or anything at all.</summary>
internal readonly record struct Operand
{
    private const int ConstantSlot = -1;
    private const int AnythingSlot = -2;

    private Operand(int slot, Value constant)
    {
        Slot = slot;
        Constant = constant;
    }

    /// <summary>An anonymous variable that nothing else refers to.</summary>
    public static Operand Anything => new(AnythingSlot, default);

    /// <summary>The slot of the variable; negative for other operands.</summary>
    public int Slot { get; }

    /// <summary>The value, when <see cref="IsConstant"/>.</summary>
    public Value Constant { get; }

    public bool IsVariable => Slot >= 0;

    public bool IsConstant => Slot == ConstantSlot;

    public bool IsAnything => Slot == AnythingSlot;

    public static Operand Variable(int slot) => new(slot, default);

    public static Operand Of(Value constant) => new(ConstantSlot, constant);
}
