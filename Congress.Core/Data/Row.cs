using System.Collections;

namespace Congress.Data;

/// <summary>One row of a table: a fixed sequence of values. Rows with equal values are equal.</summary>
public sealed class Row : IReadOnlyList<Value>, IEquatable<Row>, IComparable<Row>
{
    private readonly Value[] _values;

    /// <summary>Makes a row of the values in column order.</summary>
    public Row(params ReadOnlySpan<Value> values) => _values = values.ToArray();

    private Row(Value[] values, bool _) => _values = values;

    /// <summary>The row with no columns.</summary>
    public static Row Empty { get; } = new();

    /// <summary>Makes a row of an array that the caller gives away.</summary>
    internal static Row Owning(Value[] values) => values.Length == 0 ? Empty : new(values, true);

    /// <summary>The number of columns.</summary>
    public int Count => _values.Length;

    /// <summary>The value in a column.</summary>
    /// <param name="index">The column, from 0.</param>
    public Value this[int index] => _values[index];

    /// <summary>The values in column order.</summary>
    public ReadOnlySpan<Value> AsSpan() => _values;

    /// <inheritdoc/>
    public bool Equals(Row? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Row);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in _values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>Orders rows column by column, a shorter row before a longer one that it begins.</summary>
    public int CompareTo(Row? other) => other is null ? 1 : _values.AsSpan().SequenceCompareTo(other._values);

    /// <inheritdoc/>
    public IEnumerator<Value> GetEnumerator() => ((IEnumerable<Value>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The values in parentheses, as the arguments of an atom.</summary>
    public override string ToString() => $"({string.Join(", ", _values)})";

    /// <summary>Whether two rows hold the same values.</summary>
    public static bool operator ==(Row? left, Row? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two rows differ.</summary>
    public static bool operator !=(Row? left, Row? right) => !(left == right);

    /// <summary>Whether a row sorts before another.</summary>
    public static bool operator <(Row? left, Row? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <summary>Whether a row sorts before another or equals it.</summary>
    public static bool operator <=(Row? left, Row? right) => left is null || left.CompareTo(right) <= 0;

    /// <summary>Whether a row sorts after another.</summary>
    public static bool operator >(Row? left, Row? right) => !(left <= right);

    /// <summary>Whether a row sorts after another or equals it.</summary>
    public static bool operator >=(Row? left, Row? right) => !(left < right);
}
