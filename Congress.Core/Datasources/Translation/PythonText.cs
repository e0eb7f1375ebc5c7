using System.Globalization;
using System.Text;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Values as Python 3 writes them; the ids of rows depend on it to the letter.</summary>
internal static class PythonText
{
    /// <summary>What <c>str(type(x))</c> gives.</summary>
    public static string TypeOf(Value value) => value.Kind switch
    {
        ValueKind.Null => "<class 'NoneType'>",
        ValueKind.Boolean => "<class 'bool'>",
        ValueKind.Integer => "<class 'int'>",
        ValueKind.Real => "<class 'float'>",
        ValueKind.Text or ValueKind.Unknown => "<class 'str'>",
    };

    /// <summary>What <c>repr(x)</c> gives.</summary>
    public static string Repr(Value value) => value.Kind switch
    {
        ValueKind.Null => "None",
        ValueKind.Boolean => value.AsBoolean() ? "True" : "False",
        ValueKind.Integer => value.ToString(),
        ValueKind.Real => Repr(value.AsReal()),
        ValueKind.Text or ValueKind.Unknown => Repr(value.ToPlainText()),
    };

    /// <summary>What <c>json.dumps(x)</c> gives.</summary>
    public static string Json(Value value) => value.Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Boolean => value.AsBoolean() ? "true" : "false",
        ValueKind.Integer => value.ToString(),
        ValueKind.Real => Repr(value.AsReal()),
        ValueKind.Text or ValueKind.Unknown => Json(value.ToPlainText()),
    };

    // The shortest digits that give the number back, as .NET finds them too; with an exponent below 1e-4 and from 1e16 on.
    private static string Repr(double number)
    {
        var parts = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var (mantissa, point) = (parts[0].Replace(".", "", StringComparison.Ordinal), parts[0].IndexOf('.', StringComparison.Ordinal));
        var digits = mantissa.Trim('0');
        if (digits.Length == 0)
        {
            return "0.0";
        }

        // Where the first digit that counts stands, from the point: 0 is before it.
        var exponent = (point < 0 ? parts[0].Length : point) - 1 - mantissa.AsSpan().IndexOfAnyExcept('0')
            + (parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);
        var sign = number < 0 ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        var whole = digits.Length > exponent + 1 ? digits[..(exponent + 1)] : digits.PadRight(exponent + 1, '0');
        return $"{sign}{whole}.{(digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0")}";
    }

    private static string Repr(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var repr = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\t' => repr.Append("\\t"),
                '\n' => repr.Append("\\n"),
                '\r' => repr.Append("\\r"),
                '\\' => repr.Append("\\\\"),
                var code when code == quote => repr.Append('\\').Append(quote),
                _ when IsPrintable(rune) => repr.Append(rune.ToString()),
                <= 0xff and var code => repr.Append(CultureInfo.InvariantCulture, $"\\x{code:x2}"),
                <= 0xffff and var code => repr.Append(CultureInfo.InvariantCulture, $"\\u{code:x4}"),
                var code => repr.Append(CultureInfo.InvariantCulture, $"\\U{code:x8}"),
            };
        }

        return repr.Append(quote).ToString();
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static string Json(string text)
    {
        var json = new StringBuilder().Append('"');
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\f' => json.Append("\\f"),
                '\b' => json.Append("\\b"),
                >= ' ' and <= '~' => json.Append(unit),
                _ => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
            };
        }

        return json.Append('"').ToString();
    }
}
