using System.Numerics;
using Congress.Data;

namespace Congress.Datalog.Evaluation;

/// <summary>A sum of numbers without rounding, so that the order of the rows does not matter.</summary>
/// <remarks>Reals are added as multiples of 2^-1074, the smallest double; the result is rounded once, to nearest, ties to even.</remarks>
internal sealed class ExactSum
{
    private const int Scale = 1074;
    private const int Precision = 53;

    private Int128 _integers;
    private BigInteger _reals;
    private long _realCount;
    private long _spoilt;

    /// <summary>Adds a number (1), or takes one away that was added (-1); anything but a number spoils the sum while it is in it.</summary>
    public void Change(Value value, int sign)
    {
        switch (value.Kind)
        {
            case ValueKind.Integer:
                _integers += (Int128)value.AsInteger() * sign;   // 2^63 of the largest fit
                break;
            case ValueKind.Real:
                _realCount += sign;
                _reals += Scaled(value.AsReal()) * sign;
                break;
            default:
                _spoilt += sign;
                break;
        }
    }

    /// <summary>Adds a sum of integers.</summary>
    public void AddIntegers(long sum) => _integers += sum;

    public ExactSum Copy() => new() { _integers = _integers, _reals = _reals, _realCount = _realCount, _spoilt = _spoilt };

    /// <summary>Whether something was added that is no number.</summary>
    public bool IsSpoilt => _spoilt > 0;

    /// <summary>The sum: an integer of integers, a real when a real is among them; null when it does not fit or is spoilt.</summary>
    public Value? Total =>
        IsSpoilt ? null
        : _realCount > 0 ? RealOf(Numerator, BigInteger.One << Scale)
        : _integers >= long.MinValue && _integers <= long.MaxValue ? Value.Of((long)_integers) : default(Value?);

    /// <summary>The mean of so many numbers as a real; null when it does not fit or is spoilt.</summary>
    public Value? Mean(long count) => IsSpoilt || count == 0 ? null : RealOf(Numerator, (BigInteger.One << Scale) * count);

    private BigInteger Numerator => ((BigInteger)_integers << Scale) + _reals;

    private static BigInteger Scaled(double real)
    {
        var bits = BitConverter.DoubleToUInt64Bits(real);
        var exponent = (int)(bits >> 52) & 0x7FF;
        BigInteger mantissa = (bits & ((1UL << 52) - 1)) | (exponent == 0 ? 0 : 1UL << 52);
        var result = mantissa << Math.Max(0, exponent - 1);
        return double.IsNegative(real) ? -result : result;
    }

    private static Value? RealOf(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero)
        {
            return Value.Of(0.0);
        }

        // Choose the unit in the last place so that the quotient has 53 bits, or fewer where doubles are subnormal.
        var magnitude = BigInteger.Abs(numerator);
        var unit = Math.Max(-Scale, (int)(magnitude.GetBitLength() - denominator.GetBitLength()) - Precision);
        var quotient = Divide(magnitude, denominator, unit);
        if (quotient.GetBitLength() > Precision)
        {
            quotient = Divide(magnitude, denominator, ++unit);
        }

        var real = Math.ScaleB((double)(ulong)quotient, unit);   // exact: at most 2^53 units
        return double.IsFinite(real) ? Value.Of(numerator.Sign < 0 ? -real : real) : default(Value?);
    }

    /// <summary>The quotient in units of a power of two, rounded to nearest, ties to even.</summary>
    private static BigInteger Divide(BigInteger numerator, BigInteger denominator, int unit)
    {
        var (n, d) = unit >= 0 ? (numerator, denominator << unit) : (numerator << -unit, denominator);
        var quotient = BigInteger.DivRem(n, d, out var rest);
        var half = (rest << 1).CompareTo(d);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
