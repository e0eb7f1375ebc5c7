using System.Globalization;
using System.Text;

namespace Congress.Datalog.Syntax;

/// <summary>The escapes in a string: <c>\n \r \t \\ \" \'</c>, <c>\xHH</c>, <c>\uHHHH</c>, <c>\UHHHHHHHH</c>.</summary>
/// <remarks>Any other is kept as it stands, as in OpenStack Congress, so that its regular expressions still mean the same.</remarks>
internal static class TextEscape
{
    /// <summary>Decodes the escape at a backslash.</summary>
    /// <returns>The number of UTF-16 units it takes.</returns>
    public static int Read(string text, int start, out string decoded, out (bool IsError, string Message)? problem)
    {
        problem = null;
        var c = text[start + 1];
        var digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            return ReadNumber(text, start, digits, out decoded, out problem);
        }

        decoded = c switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '\\' => "\\",
            '"' => "\"",
            '\'' => "'",
            _ => text.Substring(start, 2),
        };
        if (decoded.Length == 2)
        {
            problem = (false, $"'{decoded}' is no escape and is kept as it stands");
        }

        return 2;
    }

    private static int ReadNumber(
        string text, int start, int digits, out string decoded, out (bool IsError, string Message)? problem)
    {
        problem = null;
        var available = Math.Min(digits, text.Length - start - 2);
        if (available == digits
            && uint.TryParse(text.AsSpan(start + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            if (Rune.IsValid(code))
            {
                decoded = new Rune(code).ToString();
                return digits + 2;
            }

            if (PairedSurrogate(text, start, code) is { } pair)
            {
                decoded = pair;
                return 12;
            }
        }

        decoded = "\uFFFD";
        problem = (true, $"'{text.Substring(start, 2)}' wants {digits} hexadecimal digits that are a Unicode character");
        return 2;
    }

    /// <summary>The character that two \u escapes in a row write as a surrogate pair, as JSON does.</summary>
    private static string? PairedSurrogate(string text, int start, uint high) =>
        high is >= 0xD800 and <= 0xDBFF && start + 12 <= text.Length && text[start + 6] == '\\' && text[start + 7] == 'u'
        && uint.TryParse(text.AsSpan(start + 8, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
        && low is >= 0xDC00 and <= 0xDFFF
            ? new string([(char)high, (char)low]) : null;
}
