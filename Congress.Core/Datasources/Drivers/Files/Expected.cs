using System.Globalization;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>What the columns of a file are measured against: the schema of the table, or what the file began with.</summary>
/// <param name="Schema">The schema, or null.</param>
/// <param name="Beginning">What the file began with, in words: <c>as in the header</c>.</param>
internal sealed record Expected(TableSchema? Schema, string Beginning)
{
    /// <summary>The message on a row of another width.</summary>
    /// <param name="width">The width of the table.</param>
    /// <param name="found">How many fields the row has, in words.</param>
    public string Width(int width, string found) =>
        $"expected {Fields(width)} {(Schema is null ? Beginning : $"for {Schema}")}, found {found}";

    /// <summary>The columns of the schema in their order.</summary>
    public static List<FieldColumn> Columns(TableSchema? schema) =>
        schema is null ? [] : [.. schema.Columns.Select((column, i) => new FieldColumn(column.Name, i, i, column.Type))];

    /// <summary>Finds the column of the row for each name of a header.</summary>
    /// <exception cref="PolicyException">A name stands twice or is empty, or the names are not those of the schema.</exception>
    public FieldColumn[] Match(IReadOnlyList<string> names, SourceSpan place)
    {
        var errors = new List<Diagnostic>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0)
            {
                errors.Add(Error(place, $"column {(i + 1).ToString(CultureInfo.InvariantCulture)} of the header has no name"));
            }
            else if (!seen.Add(names[i]))
            {
                errors.Add(Error(place, $"the header names column '{names[i]}' twice"));
            }
        }

        if (Schema is not null)
        {
            errors.AddRange(Differences(Schema, names, seen, place));
        }

        return errors.Count > 0
            ? throw new PolicyException(errors)
            : [.. names.Select((name, i) => Schema is null
                ? new FieldColumn(name, i, i, ColumnType.Any)
                : new FieldColumn(name, i, Schema.IndexOf(name), Schema.Columns[Schema.IndexOf(name)].Type))];
    }

    /// <summary>A count of fields in words.</summary>
    public static string Fields(int count) => count == 1 ? "1 field" : $"{count.ToString(CultureInfo.InvariantCulture)} fields";

    /// <summary>A question after the nearest of some names, or null.</summary>
    public static string? DidYouMean(string name, IEnumerable<string> names) =>
        Spelling.Closest(name, names) is { } closest ? $"did you mean '{closest}'?" : null;

    private static IEnumerable<Diagnostic> Differences(
        TableSchema schema, IReadOnlyList<string> names, HashSet<string> seen, SourceSpan place)
    {
        var extra = names.Where(name => name.Length > 0 && schema.IndexOf(name) < 0).ToArray();
        var missing = schema.Columns.Select(column => column.Name).Where(name => !seen.Contains(name)).ToArray();
        foreach (var name in missing)
        {
            var hint = Spelling.Closest(name, extra) is { } closest ? $"it has '{closest}'; did you mean that?" : null;
            yield return Error(place, $"the header lacks column '{name}' of {schema}", hint);
        }

        foreach (var name in extra)
        {
            yield return Error(place, $"{schema} has no column '{name}'", DidYouMean(name, missing.Length > 0 ? missing : schema.Columns.Select(c => c.Name)));
        }
    }

    private static Diagnostic Error(SourceSpan place, string message, string? hint = null) =>
        Diagnostic.Error(DiagnosticCode.BadFacts, place, message, hint);
}
