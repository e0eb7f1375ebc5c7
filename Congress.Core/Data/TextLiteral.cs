using System.Globalization;
using System.Text;

namespace Congress.Data;

/// <summary>Writes a text as a Datalog string literal.</summary>
internal static class TextLiteral
{
    /// <summary>The text in double quotes, with the escapes that the lexer decodes.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => result.Append(c),
            };
        }

        return result.Append('"').ToString();
    }
}
