using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Tests.Properties;

/// <summary>Aggregates by schoolbook arithmetic on decimal expansions, rounded once.</summary>
internal static class NaiveAggregate
{
    // Every double is a multiple of 2^-1074, so it has at most 1074 decimals and prints exactly with that many.
    private const int Decimals = 1074;
    private static readonly BigInteger Unit = BigInteger.Pow(10, Decimals);

    /// <summary>The row of a group, if all its aggregates have a result.</summary>
    public static IEnumerable<Row> RowOf(Term[] terms, Row plain, Func<string, IEnumerable<Value>> column)
    {
        var next = 0;
        var row = terms.Select(t => t is Aggregate a ? Of(a, [.. column(a.Variable.Name)]) : plain[next++]).ToArray();
        return row.All(v => v is not null) ? [new([.. row.Select(v => v!.Value)])] : [];
    }

    private static Value? Of(Aggregate aggregate, List<Value> values) => aggregate.Function switch
    {
        AggregateFunction.Count => Value.Of((aggregate.Distinct ? values.Distinct() : values).LongCount()),
        AggregateFunction.Min => values.Min(),
        AggregateFunction.Max => values.Max(),
        AggregateFunction.Sum => !values.TrueForAll(v => v.IsNumber) ? null
            : values.Exists(v => v.Kind == ValueKind.Real) ? Real(Sum(values), 1) : Integer(Sum(values) / Unit),
        AggregateFunction.Avg => values.TrueForAll(v => v.IsNumber) ? Real(Sum(values), values.Count) : null,
        _ => throw new UnreachableException(),
    };

    private static BigInteger Sum(List<Value> values) => values.Aggregate(BigInteger.Zero, (sum, v) => sum + Exact(v));

    /// <summary>The number times 10^1074.</summary>
    private static BigInteger Exact(Value value) => value.Kind == ValueKind.Integer ? value.AsInteger() * Unit
        : BigInteger.Parse(value.AsReal().ToString("F1074", CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static Value? Integer(BigInteger sum) => sum >= long.MinValue && sum <= long.MaxValue ? Value.Of((long)sum) : default(Value?);

    /// <summary>The nearest double to <c>sum / count / 10^1074</c>: the division goes on for 30 places more than any tie
    /// needs, and a last digit 1 stands for whatever rest there is.</summary>
    private static Value? Real(BigInteger sum, int count)
    {
        var digits = BigInteger.DivRem(sum * BigInteger.Pow(10, 30), count, out var rest);
        var sticky = rest.IsZero ? "0" : "1";
        var sign = sum.Sign < 0 && digits.IsZero ? "-" : "";
        var real = double.Parse($"{sign}{digits}{sticky}e-{Decimals + 31}", CultureInfo.InvariantCulture);
        return double.IsFinite(real) ? Value.Of(real) : default(Value?);
    }
}
