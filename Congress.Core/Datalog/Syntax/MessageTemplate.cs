using System.Text;
using Congress.Data;

namespace Congress.Datalog.Syntax;

/// <summary>The text of a <c>@message</c>, with names of variables in braces.</summary>
internal static class MessageTemplate
{
    /// <summary>Replaces <c>{variable}</c> by its value; braces around anything else stay.</summary>
    public static string Fill(string message, Func<string, Value?> valueOf)
    {
        var result = new StringBuilder();
        for (var i = 0; i < message.Length; i++)
        {
            var end = message[i] == '{' ? message.IndexOf('}', i) : -1;
            if (end > i && valueOf(message[(i + 1)..end].Trim()) is { } value)
            {
                result.Append(value.ToPlainText());
                i = end;
            }
            else
            {
                result.Append(message[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>What stands in braces and could be a variable.</summary>
    public static IReadOnlyList<string> NamesIn(string message)
    {
        var names = new List<string>();
        Fill(message, name =>
        {
            names.Add(name);
            return null;
        });
        return [.. names.Where(Identifiers.IsValid)];
    }
}
