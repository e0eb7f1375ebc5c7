using System.Diagnostics;
using System.Globalization;

namespace Congress.Data;

/// <summary>One column of a row: an integer, a real, a text, a boolean, null, or an unknown of an action policy.</summary>
/// <remarks>
/// Equality is identity, the equality of joins: <c>1</c> and <c>1.0</c> are two values. Builtins that compare as
/// numbers use <see cref="TryCompare"/>. <see cref="ToString"/> gives the Datalog literal, which parses back to an
/// equal value. The default value is null.
/// </remarks>
public readonly struct Value : IEquatable<Value>, IComparable<Value>
{
    private readonly object? _reference;   // the text or the name of the unknown; for other kinds a KindMark
    private readonly long _bits;           // the integer, the bits of the real, 0 or 1, or for an unknown 1

    private Value(object? reference, long bits)
    {
        _reference = reference;
        _bits = bits;
    }

    /// <summary>The null value.</summary>
    public static Value Null => default;

    /// <summary>The boolean <c>true</c>.</summary>
    public static Value True => new(KindMark.Boolean, 1);

    /// <summary>The boolean <c>false</c>.</summary>
    public static Value False => new(KindMark.Boolean, 0);

    /// <summary>What the value is.</summary>
    public ValueKind Kind => _reference switch
    {
        null => ValueKind.Null,
        string => _bits == 0 ? ValueKind.Text : ValueKind.Unknown,
        KindMark mark => mark.Kind,
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether the value is an integer or a real.</summary>
    public bool IsNumber => Kind is ValueKind.Integer or ValueKind.Real;

    /// <summary>Makes an integer.</summary>
    public static Value Of(long value) => new(KindMark.Integer, value);

    /// <summary>Makes a real; negative zero becomes zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is NaN or infinite.</exception>
    public static Value Of(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A real must be a finite number.");
        }

        return new(KindMark.Real, BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value));
    }

    /// <summary>Makes a text; a null reference makes the null value.</summary>
    public static Value Of(string? value) => value is null ? Null : new(value, 0);

    /// <summary>Makes a boolean.</summary>
    public static Value Of(bool value) => value ? True : False;

    /// <summary>Makes the unknown with the given name, as an action policy has it in a head that its body leaves open.</summary>
    internal static Value UnknownNamed(string name) => new(name, 1);

    /// <summary>The integer.</summary>
    /// <exception cref="InvalidOperationException">The value is not an integer.</exception>
    public long AsInteger() => Kind == ValueKind.Integer ? _bits : throw Misfit(ValueKind.Integer);

    /// <summary>The real; an integer is converted to the nearest one.</summary>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public double AsReal() => Kind switch
    {
        ValueKind.Real => BitConverter.Int64BitsToDouble(_bits),
        ValueKind.Integer => _bits,
        _ => throw Misfit(ValueKind.Real),
    };

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">The value is not a text.</exception>
    public string AsText() => Kind == ValueKind.Text ? (string)_reference! : throw Misfit(ValueKind.Text);

    /// <summary>The boolean.</summary>
    /// <exception cref="InvalidOperationException">The value is not a boolean.</exception>
    public bool AsBoolean() => Kind == ValueKind.Boolean ? _bits != 0 : throw Misfit(ValueKind.Boolean);

    /// <summary>The value as a .NET type: <see cref="long"/>, <see cref="int"/>, <see cref="double"/>, <see cref="string"/>,
    /// <see cref="bool"/>, a nullable form of these, <see cref="object"/> or <see cref="Value"/> itself.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind, or does not fit.</exception>
    public T As<T>()
    {
        // The compiler for a type T keeps one branch and no box.
        if (typeof(T) == typeof(int))
        {
            return (T)(object)checked((int)AsInteger());
        }

        if (typeof(T) == typeof(long))
        {
            return (T)(object)AsInteger();
        }

        if (typeof(T) == typeof(Value))
        {
            return (T)(object)this;
        }

        object? result =
            typeof(T) == typeof(object) ? ToObject() :
            Kind == ValueKind.Null && default(T) is null ? null :
            typeof(T) == typeof(string) ? AsText() :
            typeof(T) == typeof(long?) ? AsInteger() :
            typeof(T) == typeof(int?) ? checked((int)AsInteger()) :
            typeof(T) == typeof(double) || typeof(T) == typeof(double?) ? AsReal() :
            typeof(T) == typeof(bool) || typeof(T) == typeof(bool?) ? AsBoolean() :
            throw new InvalidOperationException($"A value cannot be read as {typeof(T)}.");
        return (T)result!;
    }

    /// <summary>The value boxed as long, double, string, bool or null; an unknown as its name.</summary>
    public object? ToObject() => Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Boolean => _bits != 0,
        ValueKind.Integer => _bits,
        ValueKind.Real => AsReal(),
        ValueKind.Text or ValueKind.Unknown => _reference,
    };

    /// <summary>The text that a person or a file would write: a string without its quotes, everything else as its literal.</summary>
    public string ToPlainText() => Kind == ValueKind.Text ? (string)_reference! : ToString();

    /// <inheritdoc/>
    public bool Equals(Value other) =>
        _bits == other._bits
        && (ReferenceEquals(_reference, other._reference)
            || (_reference is string a && other._reference is string b && string.Equals(a, b, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _reference is string text ? string.GetHashCode(text, StringComparison.Ordinal) : HashCode.Combine(Kind, _bits);

    /// <summary>A total order for sorted output: by kind, numbers among themselves by size (an integer before the real
    /// that equals it), texts by code point.</summary>
    public int CompareTo(Value other)
    {
        if (TryCompare(this, other, out var order) && order != 0)
        {
            return order;
        }

        return Kind != other.Kind ? Kind.CompareTo(other.Kind)
            : Kind == ValueKind.Unknown ? string.CompareOrdinal((string)_reference!, (string)other._reference!)
            : 0;
    }

    /// <summary>Compares as the comparison builtins do: numbers exactly, whatever their kind; texts by code point;
    /// booleans false first; null with null.</summary>
    /// <param name="x">The left value.</param>
    /// <param name="y">The right value.</param>
    /// <param name="order">Less than, equal to or greater than zero as <paramref name="x"/> is to <paramref name="y"/>.</param>
    /// <returns>False when the two cannot be ordered, such as a text and a number.</returns>
    public static bool TryCompare(Value x, Value y, out int order)
    {
        var (kind, other) = (x.Kind, y.Kind);
        if (kind == other)
        {
            order = kind switch
            {
                ValueKind.Null => 0,
                ValueKind.Boolean or ValueKind.Integer => x._bits.CompareTo(y._bits),
                ValueKind.Real => x.AsReal().CompareTo(y.AsReal()),
                ValueKind.Text => CodePoints.Compare((string)x._reference!, (string)y._reference!),
                ValueKind.Unknown => x.Equals(y) ? 0 : -1,
            };
            return kind != ValueKind.Unknown || order == 0;
        }

        order = (kind, other) switch
        {
            (ValueKind.Integer, ValueKind.Real) => CompareExactly(x._bits, y.AsReal()),
            (ValueKind.Real, ValueKind.Integer) => -CompareExactly(y._bits, x.AsReal()),
            _ => 0,
        };
        return x.IsNumber && y.IsNumber;
    }

    /// <summary>The Datalog literal of the value.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Boolean => _bits != 0 ? "true" : "false",
        ValueKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.Real => RealText(AsReal()),
        ValueKind.Text => TextLiteral.Quote((string)_reference!),
        ValueKind.Unknown => (string)_reference!,
    };

    /// <summary>Whether two values are the same.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>Whether a value sorts before another.</summary>
    public static bool operator <(Value left, Value right) => left.CompareTo(right) < 0;

    /// <summary>Whether a value sorts before another or equals it.</summary>
    public static bool operator <=(Value left, Value right) => left.CompareTo(right) <= 0;

    /// <summary>Whether a value sorts after another.</summary>
    public static bool operator >(Value left, Value right) => left.CompareTo(right) > 0;

    /// <summary>Whether a value sorts after another or equals it.</summary>
    public static bool operator >=(Value left, Value right) => left.CompareTo(right) >= 0;

    /// <summary>Makes an integer.</summary>
    public static implicit operator Value(long value) => Of(value);

    /// <summary>Makes an integer.</summary>
    public static implicit operator Value(int value) => Of((long)value);

    /// <summary>Makes a real.</summary>
    public static implicit operator Value(double value) => Of(value);

    /// <summary>Makes a text. For a string that may be null write <see cref="Of(string?)"/>: were null allowed here, the
    /// compiler would take the null in <c>found ? value : null</c> for the null value.</summary>
    public static implicit operator Value(string value) => Of(value);

    /// <summary>Makes a boolean.</summary>
    public static implicit operator Value(bool value) => Of(value);

    private static int CompareExactly(long integer, double real)
    {
        // 2^63 is exact as a double, so this decides every real outside the range of a long; inside it, compare with
        // the integral part, which is then exact as a long, and let the fraction break the tie.
        if (real >= 9223372036854775808.0)
        {
            return -1;
        }

        if (real < -9223372036854775808.0)
        {
            return 1;
        }

        var floor = Math.Floor(real);
        var order = integer.CompareTo((long)floor);
        return order != 0 ? order : real > floor ? -1 : 0;
    }

    private static string RealText(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text.Replace("E", "e", StringComparison.Ordinal) : text + ".0";
    }

    private InvalidOperationException Misfit(ValueKind wanted) =>
        new($"The value {this} is of kind {Kind}, not {wanted}.");

    private sealed class KindMark(ValueKind kind)
    {
        public static readonly KindMark Boolean = new(ValueKind.Boolean);
        public static readonly KindMark Integer = new(ValueKind.Integer);
        public static readonly KindMark Real = new(ValueKind.Real);

        public ValueKind Kind => kind;
    }
}
