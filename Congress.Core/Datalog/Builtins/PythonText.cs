using System.Globalization;
using System.Text;
using Congress.Data;

namespace Congress.Datalog.Builtins;

/// <summary>Values as Python prints them in the messages of the validation builtins.</summary>
internal static class PythonText
{
    /// <summary>The value as <c>str()</c> gives it, for null and booleans too.</summary>
    public static string Of(Value value) => value.Kind switch
    {
        ValueKind.Null => "None",
        ValueKind.Boolean => value.AsBoolean() ? "True" : "False",
        _ => value.ToPlainText(),
    };

    /// <summary>The text as <c>repr()</c> gives it: in single quotes, unless it has these and no double quotes.</summary>
    public static string Quote(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                '\\' => result.Append("\\\\"),
                _ when c == quote => result.Append('\\').Append(c),
                _ when char.IsControl(c) => result.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)),
                _ => result.Append(c),
            };
        }

        return result.Append(quote).ToString();
    }
}
