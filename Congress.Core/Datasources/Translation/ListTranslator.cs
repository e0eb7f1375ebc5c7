using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Makes a row of each element of an array: <c>LIST</c>.</summary>
internal sealed class ListTranslator(TableHead head, PartTranslator part) : TableTranslator(head)
{
    public override bool TakesArrays => true;

    public override IEnumerable<TableTranslator> Children => part.Table is { } table ? [table] : [];

    public override Value Translate(JsonElement json, Value parent, TranslationRun into)
    {
        into.Need(JsonValueKind.Array, json, Schema.Table);
        var values = new List<Value>();
        foreach (var element in json.EnumerateArray())
        {
            into.Enter(values.Count);
            values.Add(part.Value is { } cell ? cell.Translate(element, Schema.Table, Schema.Columns[^1], into)
                : part.Table!.TranslateChild(element, Value.Null, into));
            into.Leave();
        }

        var first = First(json, parent, () => RowId.Of(values), into);
        foreach (var value in values)
        {
            Add(first, [value], into);
        }

        return Head.HasId ? first : Value.Null;
    }
}
