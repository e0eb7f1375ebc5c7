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

    /// <summary>Whether another literal of the same form has the same meaning.</summary>
    public virtual bool MeansAs(BodyLiteral other) => Equals(other);

    /// <summary>The slots of the variables, in order.</summary>
    public IEnumerable<int> Slots
    {
        get
        {
            var operands = Operands;
            for (var i = 0; i < operands.Count; i++)
            {
                if (operands[i].IsVariable)
                {
                    yield return operands[i].Slot;
                }
            }
        }
    }
}

/// <summary>Rows of a table, or their absence; under negation an operand that is anything is existential.</summary>
internal sealed record TableLiteral(TableName Table, Operand[] Arguments, bool Negated, Literal Source) : BodyLiteral(Source)
{
    public override IReadOnlyList<Operand> Operands => Arguments;

    public override IEnumerable<int> Needs => Negated ? Slots : [];

    public override bool MeansAs(BodyLiteral other) => other is TableLiteral same
        && Table == same.Table && Negated == same.Negated && Arguments.AsSpan().SequenceEqual(same.Arguments);
}

/// <summary>A call of a builtin; negated, it holds when no result agrees with the outputs.</summary>
internal sealed record BuiltinLiteral(Builtin Builtin, Operand[] Arguments, bool Negated, Literal Source) : BodyLiteral(Source)
{
    public override IReadOnlyList<Operand> Operands => Arguments;

    public override IEnumerable<int> Needs =>
        Negated ? Slots : Arguments.Take(Builtin.Inputs).Where(o => o.IsVariable).Select(o => o.Slot);

    public override bool MeansAs(BodyLiteral other) => other is BuiltinLiteral same
        && Builtin == same.Builtin && Negated == same.Negated && Arguments.AsSpan().SequenceEqual(same.Arguments);

    /// <summary>Whether the call can give values that were in no table.</summary>
    public bool MakesValues => !Negated && Arguments.Skip(Builtin.Inputs).Any(o => o.IsVariable);
}

/// <summary>An infix comparison; <c>=</c> also gives a variable its value, when nothing else does.</summary>
internal sealed record ComparisonLiteral(Operand Left, ComparisonOperator Operator, Operand Right, Literal Source) : BodyLiteral(Source)
{
    private const int None = -1;

    /// <summary>The slot of the variable that gets its value here; negative when both sides are bound elsewhere, and are compared.</summary>
    public int Gives { get; init; } = None;

    public bool Assigns => Gives >= 0;

    /// <summary>The side that is not <see cref="Gives"/>.</summary>
    public Operand Given => Left.Slot == Gives ? Right : Left;

    public override IReadOnlyList<Operand> Operands => [Left, Right];

    public override IEnumerable<int> Needs => Slots.Where(s => s != Gives);
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record TruthLiteral(bool Holds, Literal Source) : BodyLiteral(Source)
{
    public override IReadOnlyList<Operand> Operands => [];

    public override IEnumerable<int> Needs => [];
}
