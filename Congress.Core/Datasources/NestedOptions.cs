using System.Text.Json;

namespace Congress.Datasources;

/// <summary>The options of one entry of an option that is an object, as of a table: messages name them <c>tables.servers.query</c>.</summary>
internal sealed class NestedOptions
{
    private readonly string _path;
    private readonly DriverSettings _settings;

    /// <summary>Reads an entry.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="path">The option and the entry, <c>tables.servers</c>.</param>
    /// <param name="given">What is written there.</param>
    /// <param name="allowed">The options of an entry.</param>
    /// <exception cref="DriverException">It is no object, or has other options.</exception>
    public NestedOptions(DriverSettings settings, string path, JsonElement given, params string[] allowed)
    {
        _path = path;
        if (given.ValueKind != JsonValueKind.Object)
        {
            throw settings.Wrong(path, $"an object with {string.Join(", ", allowed)}", given);
        }

        var options = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var option in given.EnumerateObject())
        {
            var name = JsonValues.NameOf(option);
            options[PathOf(name)] = allowed.Contains(name, StringComparer.Ordinal) ? option.Value
                : throw new DriverException($"option '{path}' of datasource '{settings.Datasource}' takes no '{name}'; it takes {string.Join(", ", allowed)}");
        }

        _settings = settings with { Options = options };
    }

    /// <summary>The option as a message names it.</summary>
    public string Where(string option) => $"option '{PathOf(option)}' of datasource '{_settings.Datasource}'";

    /// <summary>An option of any form; null when it is not there.</summary>
    public JsonElement? Find(string option) => _settings.Find(PathOf(option));

    /// <summary>An option that is a text; null when it is not there.</summary>
    /// <exception cref="DriverException">It is something else.</exception>
    public string? Text(string option) => _settings.Text(PathOf(option));

    /// <summary>An option that must be a text that is not empty.</summary>
    /// <exception cref="DriverException">It is not there, or something else.</exception>
    public string RequiredText(string option) => _settings.RequiredText(PathOf(option));

    /// <summary>An option that is a number; <paramref name="otherwise"/> when it is not there.</summary>
    /// <exception cref="DriverException">It is something else, or out of range.</exception>
    public double Number(string option, double otherwise, double least, double most) => _settings.Number(PathOf(option), otherwise, least, most);

    /// <summary>An option that is true or false; false when it is not there.</summary>
    /// <exception cref="DriverException">It is something else.</exception>
    public bool Flag(string option) => _settings.Flag(PathOf(option));

    /// <summary>An option that is a list of texts; null when it is not there.</summary>
    /// <exception cref="DriverException">It is something else.</exception>
    public IReadOnlyList<string>? Texts(string option) => TableColumns.Texts(_settings, PathOf(option));

    /// <summary>The exception for an option that makes no sense.</summary>
    public DriverException Wrong(string option, string expected, JsonElement found) => _settings.Wrong(PathOf(option), expected, found);

    private string PathOf(string option) => $"{_path}.{option}";
}
