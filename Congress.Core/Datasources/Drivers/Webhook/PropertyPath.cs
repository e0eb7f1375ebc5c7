using System.Globalization;
using System.Text.Json;

namespace Congress.Datasources.Drivers.Webhook;

/// <summary>The way to a property inside JSON: <c>alarm.labels.0</c>, where a number counts in an array; or a JSON pointer, <c>/alarm/app.name</c>, for names with dots.</summary>
internal sealed class PropertyPath
{
    private readonly string[] _steps;

    private PropertyPath(string text, string[] steps) => (Text, _steps) = (text, steps);

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary>Reads a path. The empty one leads to where it begins.</summary>
    public static PropertyPath Parse(string text) => new(text, text switch
    {
        "" or "/" => [],
        ['/', .. var pointer] => [.. pointer.Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))],
        _ => text.Split('.'),
    });

    /// <summary>What stands there; null when nothing does.</summary>
    public JsonElement? In(JsonElement element)
    {
        foreach (var step in _steps)
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out var property))
            {
                element = property;
            }
            else if (element.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < element.GetArrayLength())
            {
                element = element[index];
            }
            else
            {
                return null;
            }
        }

        return element;
    }
}
