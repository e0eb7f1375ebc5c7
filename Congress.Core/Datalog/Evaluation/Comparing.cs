using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Evaluation;

/// <summary>What the infix comparisons mean.</summary>
internal static class Comparing
{
    /// <summary>Whether two values compare so: numbers by size whatever their kind; values that have no order only by <c>!=</c>.</summary>
    public static bool Holds(ComparisonOperator comparison, Value x, Value y) =>
        Value.TryCompare(x, y, out var order) ? Holds(comparison, order) : comparison == ComparisonOperator.NotEqual;

    /// <summary>Whether an order, as of <see cref="IComparable{T}"/>, is one that the comparison wants.</summary>
    public static bool Holds(ComparisonOperator comparison, int order) => comparison switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        ComparisonOperator.GreaterOrEqual => order >= 0,
    };
}
