using System.Globalization;
using System.Text.Json;

namespace Congress.Cli.Server;

/// <summary>An object of a configuration, whose members are asked for by name and form.</summary>
internal sealed class ConfigObject
{
    private readonly string _file;
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

    /// <param name="file">The file.</param>
    /// <param name="path">Where the object stands in it; empty for the file itself.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="InputException">It is none, or has a member twice.</exception>
    public ConfigObject(string file, string path, JsonElement json)
    {
        (_file, _path) = (file, path);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InputException(path.Length == 0 ? file : $"{file}: {path}", "is no object");
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
            {
                throw Wrong(member.Name, "is there twice");
            }
        }
    }

    /// <summary>Makes sure that all members are known.</summary>
    public void Expect(params ReadOnlySpan<string> names)
    {
        foreach (var name in _members.Keys)
        {
            if (!names.Contains(name))
            {
                throw Wrong(name, $"is not known; expected {string.Join(", ", names.ToArray())}");
            }
        }
    }

    public IEnumerable<(string Name, JsonElement Value)> Members() => _members.Select(m => (m.Key, m.Value));

    public string? Text(string name) => !_members.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : throw Wrong(name, "is no text; expected a text that is not empty");

    public bool Flag(string name) => _members.TryGetValue(name, out var value)
        && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True : throw Wrong(name, "is neither true nor false"));

    public double Number(string name, double otherwise, double least, double most) => !_members.TryGetValue(name, out var value) ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number
        : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"is {value.GetRawText()}; expected a number from {least} to {most}"));

    public IReadOnlyList<string>? Texts(string name) => Elements(name)?.Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Wrong(name, "has something else than texts")).ToArray();

    public ConfigObject? Object(string name) => _members.TryGetValue(name, out var value) ? new(_file, PathOf(name), value) : null;

    public IReadOnlyList<ConfigObject>? Objects(string name) => Elements(name)?.Select((e, i) => new ConfigObject(_file, $"{PathOf(name)}[{i}]", e)).ToArray();

    /// <summary>What to say of a member.</summary>
    public InputException Wrong(string name, string what) => new(_file, $"'{PathOf(name)}' {what}");

    private JsonElement[]? Elements(string name) => !_members.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Wrong(name, "is no array");

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
