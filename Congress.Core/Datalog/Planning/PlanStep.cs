using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Builtins;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Planning;

/// <summary>One step of a plan: it takes bindings, and gives those that pass, extended.</summary>
/// <param name="Source">The literal that the step evaluates.</param>
internal abstract record PlanStep(BodyLiteral Source)
{
    /// <summary>The slots that hold a value after this step and are still needed, in the order of the columns.</summary>
    public int[] Live { get; set; } = [];

    /// <summary>The number of bindings that the planner expects to come out.</summary>
    public double Estimate { get; init; }

    /// <summary>What the step does, for people.</summary>
    public abstract string Verb { get; }

    /// <summary>The condition that the step evaluates, for people.</summary>
    public virtual string Condition => Source.Source.ToString()!;
}

/// <summary>Joins with the rows of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Arguments">Its columns.</param>
/// <param name="Key">The columns whose values are known before the step; by them rows are found.</param>
/// <param name="Range">Which rows are read.</param>
/// <param name="Source">The literal.</param>
internal sealed record MatchStep(TableName Table, Operand[] Arguments, int[] Key, RowRange Range, BodyLiteral Source)
    : PlanStep(Source)
{
    /// <summary>Whether one row for each binding is enough, as nothing that the others would bind is needed.</summary>
    public bool FirstOnly { get; set; }

    /// <summary>Whether to read all rows in turn, though some columns are known, as an index would be made for one use.</summary>
    public bool Scans { get; init; }

    public override string Verb =>
        (Scans || Key.Length == 0 ? "scan" : Key.Length == Arguments.Length ? "look up" : FirstOnly ? "find one" : "probe")
        + Range switch
        {
            RowRange.All => "",
            RowRange.OldAndDelta => " old and delta of",
            RowRange.Delta => " delta of",
            _ => $" {Range.ToString().ToLowerInvariant()}",
        };
}

/// <summary>Gives a variable the values that it can have in two literals at once.</summary>
/// <param name="Slot">The variable.</param>
/// <param name="Probe">The literal whose values are gone through; all else in it is known or does not matter.</param>
/// <param name="Lookup">The literal in which they are looked up; all else in it is known.</param>
internal sealed record IntersectStep(int Slot, MatchStep Probe, MatchStep Lookup) : PlanStep(Lookup.Source)
{
    public override string Verb => "intersect";

    public override string Condition => $"{Probe.Condition}, {Lookup.Condition}";
}

/// <summary>Keeps the bindings for which a table has no row.</summary>
/// <param name="Table">The table.</param>
/// <param name="Arguments">Its columns.</param>
/// <param name="Key">The columns that are not existential.</param>
/// <param name="Range">Which rows are meant.</param>
/// <param name="Source">The literal.</param>
internal sealed record AbsenceStep(TableName Table, Operand[] Arguments, int[] Key, RowRange Range, BodyLiteral Source) : PlanStep(Source)
{
    public override string Verb => "absent from";
}

/// <summary>Keeps the bindings for which a comparison holds.</summary>
internal sealed record CompareStep(Operand Left, ComparisonOperator Operator, Operand Right, BodyLiteral Source) : PlanStep(Source)
{
    public override string Verb => "filter";
}

/// <summary>Gives a variable the value of another operand.</summary>
/// <param name="Slot">The variable.</param>
/// <param name="Value">The other operand.</param>
/// <param name="IsSpread">Whether to give every value that compares equal: <c>1.0</c> beside <c>1</c>.</param>
/// <param name="Source">The literal.</param>
internal sealed record AssignStep(int Slot, Operand Value, bool IsSpread, BodyLiteral Source) : PlanStep(Source)
{
    public override string Verb => IsSpread ? "equal values" : "assign";
}

/// <summary>Keeps the bindings in which a variable, bound already, has the very value that an <c>=</c> would give it.</summary>
internal sealed record SameStep(int Slot, Operand Value, BodyLiteral Source) : PlanStep(Source)
{
    public override string Verb => "filter";
}

/// <summary>Calls a builtin for each binding.</summary>
/// <param name="Builtin">The builtin.</param>
/// <param name="Arguments">Its columns.</param>
/// <param name="Binds">The slots that the outputs bind, by column; -1 for a column that is tested or does not matter.</param>
/// <param name="Negated">Whether to keep the bindings without a result that agrees.</param>
/// <param name="Source">The literal.</param>
internal sealed record BuiltinStep(Builtin Builtin, Operand[] Arguments, int[] Binds, bool Negated, BodyLiteral Source)
    : PlanStep(Source)
{
    public override string Verb => Negated ? "refute" : "call";
}

/// <summary>Keeps every binding, or none.</summary>
internal sealed record TruthStep(bool Holds, BodyLiteral Source) : PlanStep(Source)
{
    public override string Verb => Holds ? "keep" : "drop";
}
