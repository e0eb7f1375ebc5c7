using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Makes a row of each property of an object: <c>VDICT</c>.</summary>
internal sealed class MapTranslator(TableHead head, PartTranslator part) : TableTranslator(head)
{
    public override bool TakesArrays => false;

    public override IEnumerable<TableTranslator> Children => part.Table is { } table ? [table] : [];

    public override Value Translate(JsonElement json, Value parent, TranslationRun into)
    {
        into.Need(JsonValueKind.Object, json, Schema.Table);
        var columns = Head.HasFirst ? 1 : 0;
        var rows = new List<(Row Row, JsonElement Value)>();
        foreach (var (name, value) in PropertiesOf(json, into))
        {
            into.Enter(name);
            rows.Add((part.Value is { } cell ? new Row(name, cell.Translate(value, Schema.Table, Schema.Columns[columns + 1], into))
                : part.HasColumn ? new Row(name, part.Table!.TranslateChild(value, Value.Null, into))
                : new Row(name), value));
            into.Leave();
        }

        var first = First(json, parent, () => RowId.OfTuples(rows.Select(row => row.Row)), into);
        foreach (var (row, value) in rows)
        {
            Add(first, row.AsSpan(), into);
            if (!part.HasColumn)
            {
                into.Enter(row[0].AsText());
                var key = part.Table!.Head.Parent is >= 0 and var column ? column == columns ? row[0] : first : Value.Null;
                part.Table.TranslateChild(value, key, into);
                into.Leave();
            }
        }

        return Head.HasId ? first : Value.Null;
    }

    // Of a name that is there twice the last one counts, as it does to most who read JSON.
    private Dictionary<string, JsonElement> PropertiesOf(JsonElement json, TranslationRun into)
    {
        var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            try
            {
                properties[property.Name] = property.Value;
            }
            catch (InvalidOperationException)
            {
                throw into.Misfit(Schema.Table, "a name that escapes half a surrogate pair");
            }
        }

        return properties;
    }
}
