using Congress.Data;
using Congress.Datalog.Builtins;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Analysis;

/// <summary>A condition of a rule with its names resolved.</summary>
/// <param name="Source">The literal as it was written.</param>
internal abstract record BodyLiteral(Literal Source)
{
    /// <summary>The operands, in order.</summary>
    public abstract IReadOnlyList<Operand> Operands { get; }

    /// <summary>The slots of the variables that must be bound before the literal can be evaluated.</summary>
    public abstract IEnumerable<int> Needs { get; }

    public IEnumerable<int> Slots => Operands.Where(o => o.IsVariable).Select(o => o.Slot);
}

/// <summary>Rows of a table, or their absence; under negation an operand that is anything is existential.</summary>
internal sealed record TableLiteral(TableName Table, Operand[] Arguments, bool Negated, Literal Source) : BodyLiteral(Source)
{
    public override IReadOnlyList<Operand> Operands => Arguments;

    public override IEnumerable<int> Needs => Negated ? Slots : [];
}

/// <summary>A call of a builtin; negated, it holds when no result agrees with the outputs.</summary>
internal sealed record BuiltinLiteral(Builtin Builtin, Operand[] Arguments, bool Negated, Literal Source) : BodyLiteral(Source)
{
    public override IReadOnlyList<Operand> Operands => Arguments;

    public override IEnumerable<int> Needs =>
        Negated ? Slots : Arguments.Take(Builtin.Inputs).Where(o => o.IsVariable).Select(o => o.Slot);

    /// <summary>Whether the call can give values that were in no table.</summary>
    public bool MakesValues => !Negated && Arguments.Skip(Builtin.Inputs).Any(o => o.IsVariable);
}

/// <summary>An infix comparison; <c>=</c> binds a variable that no table and no builtin of the body binds.</summary>
internal sealed record ComparisonLiteral(Operand Left, ComparisonOperator Operator, Operand Right, Literal Source) : BodyLiteral(Source)
{
    /// <summary>The slot that the literal binds; -1 when it compares.</summary>
    public int Binds { get; init; } = -1;

    /// <summary>Whether it holds for no two values but the same, so that comparing and binding come to the same: a number
    /// may equal another of the other kind.</summary>
    public bool IsIdentity => Operator == ComparisonOperator.Equal && (IsNoNumber(Left) || IsNoNumber(Right));

    public override IReadOnlyList<Operand> Operands => [Left, Right];

    public override IEnumerable<int> Needs => Slots;

    private static bool IsNoNumber(Operand operand) => operand.IsConstant && !operand.Constant.IsNumber;
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record TruthLiteral(bool Holds, Literal Source) : BodyLiteral(Source)
{
    public override IReadOnlyList<Operand> Operands => [];

    public override IEnumerable<int> Needs => [];
}
