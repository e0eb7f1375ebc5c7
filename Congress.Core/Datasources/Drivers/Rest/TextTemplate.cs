using System.Text;
using Congress.Data;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>A text with placeholders: <c>/servers/{id}/action</c>. Braces that are none are written twice.</summary>
internal sealed class TextTemplate
{
    private readonly IReadOnlyList<(string Text, bool IsPlaceholder)> _parts;

    private TextTemplate(IReadOnlyList<(string Text, bool IsPlaceholder)> parts) => _parts = parts;

    /// <summary>The placeholder that it is, when it is nothing else.</summary>
    public string? Only => _parts is [{ IsPlaceholder: true } part] ? part.Text : null;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <param name="known">The placeholders that there are.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="DriverException">A placeholder is not known, or does not end.</exception>
    public static TextTemplate Parse(string text, IReadOnlyCollection<string> known, string place)
    {
        var (parts, literal) = (new List<(string, bool)>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            var isTwice = i + 1 < text.Length && text[i + 1] == text[i];
            if (text[i] is not '{' || isTwice)
            {
                literal.Append(text[i]);
                i += isTwice && text[i] is '{' or '}' ? 1 : 0;
                continue;
            }

            var end = text.IndexOf('}', i);
            var name = end < 0 ? text[(i + 1)..] : text[(i + 1)..end];
            if (end < 0 || !known.Contains(name, StringComparer.Ordinal))
            {
                throw new DriverException($"option '{place}' has the placeholder {{{name}}}; "
                    + (known.Count == 0 ? "there are none" : $"expected one of {string.Join(", ", known.Select(k => $"{{{k}}}"))}") + ", or {{ for a brace");
            }

            parts.Add((literal.ToString(), false));
            parts.Add((name, true));
            literal.Clear();
            i = end;
        }

        parts.Add((literal.ToString(), false));
        return new([.. parts.Where(part => part.Item2 || part.Item1.Length > 0)]);
    }

    /// <summary>The text with values in place; null and what is not given leave nothing.</summary>
    /// <param name="values">The values.</param>
    /// <param name="escape">Makes a value fit where it stands.</param>
    public string Fill(IReadOnlyDictionary<string, Value> values, Func<string, string>? escape = null) => string.Concat(_parts.Select(part =>
        !part.IsPlaceholder ? part.Text
        : values.GetValueOrDefault(part.Text) is { Kind: not ValueKind.Null } value ? escape is null ? value.ToPlainText() : escape(value.ToPlainText())
        : ""));

    /// <summary>The placeholders.</summary>
    public IEnumerable<string> Placeholders => _parts.Where(part => part.IsPlaceholder).Select(part => part.Text);
}
