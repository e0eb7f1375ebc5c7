using System.Globalization;
using Congress.Data;

namespace Congress.Datasources.Drivers.Sql;

/// <summary>Turns what a database gives into values, and values into what it takes.</summary>
internal static class SqlValues
{
    /// <summary>The value of a field.</summary>
    /// <remarks>Times are texts in ISO 8601, bytes their hexadecimal digits. A decimal without fraction digits is an integer when it fits 64 bits, any other the nearest
    /// real; a query that wants all its digits casts it to a text. What is no number of a real's is a text.</remarks>
    public static Value Of(object field) => field switch
    {
        DBNull => Value.Null,
        string text => Value.Of(text),
        long integer => Value.Of(integer),
        int integer => Value.Of((long)integer),
        short integer => Value.Of((long)integer),
        sbyte integer => Value.Of((long)integer),
        byte integer => Value.Of((long)integer),
        ushort integer => Value.Of((long)integer),
        uint integer => Value.Of((long)integer),
        ulong integer => integer <= long.MaxValue ? Value.Of((long)integer) : Value.Of((double)integer),
        double real => Real(real),
        float real => Real(real),
        decimal number => number.Scale == 0 && number is >= long.MinValue and <= long.MaxValue ? Value.Of((long)number) : Value.Of((double)number),
        bool flag => Value.Of(flag),
        byte[] bytes => Value.Of(Convert.ToHexStringLower(bytes)),
        DateTime time => Value.Of(time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture)),
        DateTimeOffset time => Value.Of(time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture)),
        DateOnly date => Value.Of(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        TimeOnly time => Value.Of(time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)),
        IFormattable other => Value.Of(other.ToString(null, CultureInfo.InvariantCulture)),
        _ => Value.Of(field.ToString()),
    };

    /// <summary>The value of a field in a column. Databases without booleans have 0 and 1.</summary>
    /// <exception cref="DriverException">It does not fit.</exception>
    public static Value Of(object field, Column column)
    {
        var value = Of(field);
        return TableColumns.Fit(column, column.Type == ColumnType.Bool && value.Kind == ValueKind.Integer && value.AsInteger() is 0 or 1 ? Value.Of(value.AsInteger() == 1) : value);
    }

    /// <summary>The value as a parameter.</summary>
    public static object ToField(Value value) => value.ToObject() ?? DBNull.Value;

    private static Value Real(double real) => double.IsFinite(real) ? Value.Of(real) : Value.Of(real.ToString(CultureInfo.InvariantCulture));
}
