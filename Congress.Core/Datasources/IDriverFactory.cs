using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources;

/// <summary>Makes drivers of one kind, from what a datasource is configured with.</summary>
public interface IDriverFactory
{
    /// <summary>The name of the driver, by which a datasource asks for it.</summary>
    string Name { get; }

    /// <summary>What the driver reads.</summary>
    string Description { get; }

    /// <summary>What it can be told.</summary>
    IReadOnlyList<DriverOption> Options { get; }

    /// <summary>The tables that each of its datasources has; empty when they depend on the options.</summary>
    IReadOnlyList<TableSchema> Tables { get; }

    /// <summary>Makes a driver. It connects to nothing yet.</summary>
    /// <param name="settings">The options, of which those that are required are there and none is unknown.</param>
    /// <exception cref="DriverException">An option makes no sense; the message names it, and says what was expected.</exception>
    IDatasourceDriver Create(DriverSettings settings);
}

/// <summary>Something that a driver can be told.</summary>
/// <param name="Name">The name in the configuration.</param>
/// <param name="Description">What it says, with its form and what is taken when it is not there.</param>
/// <param name="IsRequired">Whether it must be there.</param>
/// <param name="IsSecret">Whether nobody may see it again: it is kept encrypted, and shown as <c>&lt;hidden&gt;</c>.</param>
/// <param name="Substitute">The option that may be there in place of one that is required.</param>
public sealed record DriverOption(string Name, string Description, bool IsRequired = false, bool IsSecret = false, string? Substitute = null);

/// <summary>What a datasource is configured with.</summary>
/// <param name="Datasource">Its name.</param>
/// <param name="Options">What its driver is told, by name.</param>
public sealed record DriverSettings(string Datasource, IReadOnlyDictionary<string, JsonElement> Options)
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>An option that is a text; null when it is not there.</summary>
    /// <exception cref="DriverException">It is something else.</exception>
    public string? Text(string option) => Find(option) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(option, "a text", value);

    /// <summary>An option that must be a text that is not empty.</summary>
    /// <exception cref="DriverException">It is not there, or something else.</exception>
    public string RequiredText(string option) =>
        Text(option) is { Length: > 0 } text ? text : throw new DriverException($"option '{option}' of datasource '{Datasource}' is missing; expected a text");

    /// <summary>An option that is a number, or the text of one; <paramref name="otherwise"/> when it is not there.</summary>
    /// <exception cref="DriverException">It is something else, or out of range.</exception>
    public double Number(string option, double otherwise, double least, double most)
    {
        if (Find(option) is not { } value)
        {
            return otherwise;
        }

        var isNumber = value.ValueKind == JsonValueKind.Number ? value.TryGetDouble(out var number)
            : double.TryParse(value.ValueKind == JsonValueKind.String ? value.GetString() : "", System.Globalization.CultureInfo.InvariantCulture, out number);
        return isNumber && number >= least && number <= most ? number
            : throw Wrong(option, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a number from {least} to {most}"), value);
    }

    /// <summary>An option that is true or false, or the text of it; false when it is not there.</summary>
    /// <exception cref="DriverException">It is something else.</exception>
    public bool Flag(string option) => Find(option) is { } value
        && (value.ValueKind is JsonValueKind.True || (value.ValueKind is JsonValueKind.False ? false
            : bool.TryParse(value.ValueKind == JsonValueKind.String ? value.GetString() : "", out var flag) ? flag : throw Wrong(option, "true or false", value)));

    /// <summary>An option of any form; null when it is not there, or JSON's null.</summary>
    public JsonElement? Find(string option) => Options.TryGetValue(option, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>What to say of an option that makes no sense.</summary>
    public DriverException Wrong(string option, string expected, JsonElement found)
    {
        var text = found.GetRawText();
        return new($"option '{option}' of datasource '{Datasource}' is {(text.Length <= 80 ? text : text[..80] + "...")}; expected {expected}");
    }
}
