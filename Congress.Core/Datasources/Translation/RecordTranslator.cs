using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Makes a row of an object whose properties are known: <c>HDICT</c>.</summary>
internal sealed class RecordTranslator(TableHead head, IReadOnlyList<RecordField> fields, bool isInList) : TableTranslator(head)
{
    private readonly RecordField[] _columns = [.. fields.Where(field => field.Part.HasColumn)];
    private readonly RecordField[] _tables = [.. fields.Where(field => !field.Part.HasColumn)];

    public override bool TakesArrays => isInList;

    public override IEnumerable<TableTranslator> Children => fields.Select(f => f.Part.Table).OfType<TableTranslator>();

    // Of a list the reference gives the parent's row the id of the last object. A parent key is what such a table should have.
    public override Value Translate(JsonElement json, Value parent, TranslationRun into)
    {
        if (!isInList)
        {
            return TranslateOne(json, parent, into);
        }

        into.Need(JsonValueKind.Array, json, Schema.Table);
        var (id, index) = (Value.Null, 0);
        foreach (var element in json.EnumerateArray())
        {
            into.Enter(index++);
            id = element.ValueKind == JsonValueKind.Null ? id : TranslateOne(element, parent, into);
            into.Leave();
        }

        return id;
    }

    private Value TranslateOne(JsonElement json, Value parent, TranslationRun into)
    {
        into.Need(JsonValueKind.Object, json, Schema.Table);
        var start = Head.HasFirst ? 1 : 0;
        var row = new Value[Schema.Arity];
        for (var i = 0; i < _columns.Length; i++)
        {
            var field = _columns[i];
            var found = field.Path.First(json);
            into.Enter(field.Name);
            row[start + i] = field.Part.Table is { } table ? table.TranslateChild(found, Value.Null, into)
                : field.Part.Value!.Translate(found, Schema.Table, Schema.Columns[start + i], into);
            into.Leave();
        }

        if (Head.HasFirst)
        {
            row[0] = First(json, parent, () => RowId.Of(row.Skip(1)), into);
        }

        into.Add(Schema.Table, Row.Owning(row));
        foreach (var field in _tables)
        {
            var table = field.Part.Table!;
            into.Enter(field.Name);
            table.TranslateChild(field.Path.First(json), table.Head.Parent < 0 ? Value.Null : row[table.Head.Parent], into);
            into.Leave();
        }

        return Head.HasId ? row[0] : Value.Null;
    }
}

/// <summary>A property of such an object.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Path">Leads to it.</param>
/// <param name="Part">What is made of it.</param>
internal sealed record RecordField(string Name, JsonPath Path, PartTranslator Part);
