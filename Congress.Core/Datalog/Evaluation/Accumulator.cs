using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Evaluation;

/// <summary>The states of one aggregate of a rule, by the number of the group.</summary>
internal abstract class Accumulator
{
    public static Accumulator For(HeadTerm term) => term.Function switch
    {
        AggregateFunction.Count => term.Distinct ? new DistinctCounts() : new BindingCounts(),
        AggregateFunction.Sum => new Sums(isMean: false),
        AggregateFunction.Avg => new Sums(isMean: true),
        AggregateFunction.Min => new Extremes(sign: -1),
        AggregateFunction.Max => new Extremes(sign: 1),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The result of a group, or null when its values have none; the group then gives no row.</summary>
    /// <param name="group">The group.</param>
    /// <param name="bindings">The number of its bindings.</param>
    /// <param name="symbols">The values of handles.</param>
    public abstract Value? ResultOf(int group, long bindings, SymbolScope symbols);

    /// <summary>Whether a group's result is unknown, as the value that was it has been taken away.</summary>
    public virtual bool IsLost(int group) => false;

    /// <summary>The handles that are kept; other handles of the same numbers may be given to other values.</summary>
    public virtual IEnumerable<int> Handles => [];

    /// <summary>Makes room for groups, empty ones, up to a number.</summary>
    public abstract void Extend(int groups);

    /// <summary>Adds values (1), or takes some away that were added (-1).</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="values">Their values, as handles.</param>
    /// <param name="sign">Which.</param>
    /// <param name="symbols">The values of handles.</param>
    public abstract void Change(ReadOnlySpan<int> groups, ReadOnlySpan<int> values, int sign, SymbolScope symbols);

    /// <summary>Gives a group the state of one of another table.</summary>
    public abstract void Set(int group, Accumulator others, int other);

    /// <summary>Empties a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="keepsAll">Whether to keep from now on whatever is needed so that no result is ever lost.</param>
    public abstract void Clear(int group, bool keepsAll);
}

/// <summary>Counts the bindings, which the groups do anyway.</summary>
internal sealed class BindingCounts : Accumulator
{
    public override Value? ResultOf(int group, long bindings, SymbolScope symbols) => Value.Of(bindings);

    public override void Extend(int groups)
    {
    }

    public override void Change(ReadOnlySpan<int> groups, ReadOnlySpan<int> values, int sign, SymbolScope symbols)
    {
    }

    public override void Set(int group, Accumulator others, int other)
    {
    }

    public override void Clear(int group, bool keepsAll)
    {
    }
}
