using System.Globalization;
using Congress.Data;

namespace Congress.Datalog.Syntax;

/// <summary>The form of numbers: Python's integers (decimal, 0x, 0o, 0b) and its floats, but that <c>5.</c> is 5 and a dot.</summary>
internal static class NumberLiteral
{
    /// <summary>Where the number that begins here ends.</summary>
    public static int EndOf(string text, int start)
    {
        var position = start;
        if (text[start] == '0' && start + 1 < text.Length && text[start + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            position += 2;
            while (position < text.Length && char.IsAsciiHexDigit(text[position]))
            {
                position++;
            }

            return position;
        }

        position = SkipDigits(text, position);
        if (position + 1 < text.Length && text[position] == '.' && char.IsAsciiDigit(text[position + 1]))
        {
            position = SkipDigits(text, position + 1);
        }

        if (position < text.Length && text[position] is 'e' or 'E')
        {
            var digits = position + 1;
            if (digits < text.Length && text[digits] is '+' or '-')
            {
                digits++;
            }

            if (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                position = SkipDigits(text, digits);
            }
        }

        return position;
    }

    /// <summary>The value of a number, and what is wrong with it; with a problem the value is 0.</summary>
    /// <remarks>After a minus sign 2^63 is read as -2^63, whose negation is itself.</remarks>
    public static (Value Value, string? Problem) Read(string number, bool afterMinus)
    {
        if (afterMinus && string.Equals(number, "9223372036854775808", StringComparison.Ordinal))
        {
            return (Value.Of(long.MinValue), null);
        }

        if (number.Length > 1 && number[0] == '0' && char.IsAsciiLetter(number[1]) && number[1] is not ('e' or 'E'))
        {
            return ReadPrefixed(number);
        }

        if (number.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
        {
            var real = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(real) ? (Value.Of(real), null) : (Value.Of(0), $"the number {number} is too large for a real");
        }

        if (number.Length > 1 && number[0] == '0' && number.AsSpan().ContainsAnyExcept('0'))
        {
            return (Value.Of(0), $"the number {number} has leading zeros; an octal number is written 0o17");
        }

        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var integer)
            ? (Value.Of(integer), null)
            : (Value.Of(0), $"the integer {number} does not fit in 64 bits");
    }

    private static (Value Value, string? Problem) ReadPrefixed(string number)
    {
        var radix = char.ToLowerInvariant(number[1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
        UInt128 value = 0;
        foreach (var c in number.AsSpan(2))
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.ToLowerInvariant(c) - 'a' + 10;
            if (digit >= radix)
            {
                return (Value.Of(0), $"'{c}' is not a digit of the number {number}");
            }

            value = (value * (UInt128)radix) + (UInt128)digit;
            if (value > long.MaxValue)
            {
                return (Value.Of(0), $"the integer {number} does not fit in 64 bits");
            }
        }

        return number.Length == 2 ? (Value.Of(0), $"'{number}' has no digits") : (Value.Of((long)value), null);
    }

    private static int SkipDigits(string text, int position)
    {
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return position;
    }
}
