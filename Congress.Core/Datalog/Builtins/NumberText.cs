using System.Buffers;
using System.Globalization;
using Congress.Data;

namespace Congress.Datalog.Builtins;

/// <summary>Reads numbers from texts as Python's <c>int()</c> and <c>float()</c> do: space around, a sign, and single
/// underscores between digits; ASCII digits only, and no infinity or NaN.</summary>
internal static class NumberText
{
    private static readonly SearchValues<char> RealCharacters = SearchValues.Create("0123456789+-.eE_");

    /// <summary>Reads an integer in decimal.</summary>
    public static bool TryReadInteger(ReadOnlySpan<char> text, out long integer)
    {
        integer = 0;
        text = text.Trim();
        var negative = text.StartsWith('-');
        if (negative || text.StartsWith('+'))
        {
            text = text[1..];
        }

        if (!HasDigitsAroundUnderscores(text) || text.IsEmpty)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (c == '_')
            {
                continue;
            }

            // Counts downward, since the least integer has no positive twin.
            var digit = c - '0';
            if (!char.IsAsciiDigit(c) || integer < (long.MinValue + digit) / 10)
            {
                return false;
            }

            integer = (integer * 10) - digit;
        }

        if (!negative && integer == long.MinValue)
        {
            return false;
        }

        integer = negative ? integer : -integer;
        return true;
    }

    /// <summary>Reads a finite real.</summary>
    public static bool TryReadReal(ReadOnlySpan<char> text, out double real)
    {
        real = 0;
        text = text.Trim();

        // The parser of .NET takes more than Python's: names of infinity, and NULs at the end.
        if (text.ContainsAnyExcept(RealCharacters) || !HasDigitsAroundUnderscores(text))
        {
            return false;
        }

        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var plain = text.Contains('_') ? text.ToString().Replace("_", "", StringComparison.Ordinal) : text;
        if (double.TryParse(plain, Style, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed))
        {
            real = parsed;
            return true;
        }

        return false;
    }

    /// <summary>The value as an integer: a real cut toward zero, a text read.</summary>
    public static bool TryTruncate(Value value, out long integer)
    {
        integer = 0;
        switch (value.Kind)
        {
            case ValueKind.Integer:
                integer = value.AsInteger();
                return true;
            case ValueKind.Real when value.AsReal() is >= -9223372036854775808.0 and < 9223372036854775808.0:
                integer = (long)value.AsReal();
                return true;
            case ValueKind.Text:
                return TryReadInteger(value.AsText(), out integer);
            default:
                return false;
        }
    }

    private static bool HasDigitsAroundUnderscores(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('_'); at >= 0 && at < text.Length; at++)
        {
            if (text[at] == '_'
                && (at == 0 || at == text.Length - 1 || !char.IsAsciiDigit(text[at - 1]) || !char.IsAsciiDigit(text[at + 1])))
            {
                return false;
            }
        }

        return true;
    }
}
