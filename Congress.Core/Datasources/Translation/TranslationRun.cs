using System.Globalization;
using System.Text;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>One translation under way: the rows so far, and where in the object it is.</summary>
internal sealed class TranslationRun(TranslatedRows rows)
{
    private readonly List<(string? Name, int Index)> _trail = [];

    /// <summary>Adds a row.</summary>
    public void Add(string table, Row row) => rows.Add(table, row);

    /// <summary>Steps into a property.</summary>
    public void Enter(string name) => _trail.Add((name, 0));

    /// <summary>Steps into an element.</summary>
    public void Enter(int index) => _trail.Add((null, index));

    /// <summary>Steps back.</summary>
    public void Leave() => _trail.RemoveAt(_trail.Count - 1);

    /// <summary>Asks for a kind.</summary>
    /// <exception cref="DriverException">It is another one.</exception>
    public void Need(JsonValueKind kind, JsonElement found, string table)
    {
        if (found.ValueKind != kind)
        {
            throw Misfit(table, $"expected {JsonCell.Name(kind)}, found {JsonCell.Name(found.ValueKind)}");
        }
    }

    /// <summary>What to say when something is not as it should be here.</summary>
    public DriverException Misfit(string table, string problem)
    {
        var path = new StringBuilder("$");
        foreach (var (name, index) in _trail)
        {
            _ = name is null ? path.Append(CultureInfo.InvariantCulture, $"[{index}]")
                : name.AsSpan().IndexOfAny('.', '[', '\'') >= 0 ? path.Append(CultureInfo.InvariantCulture, $"['{name}']")
                : path.Append('.').Append(name);
        }

        return new($"table '{table}': {problem}, at {path}");
    }
}
