using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Makes rows of a table of each object that it is given: <c>HDICT</c>, <c>VDICT</c> or <c>LIST</c>.</summary>
internal abstract class TableTranslator(TableHead head)
{
    /// <summary>The table.</summary>
    public TableSchema Schema => head.Schema;

    /// <summary>What its rows begin with.</summary>
    public TableHead Head => head;

    /// <summary>Whether an array is one object to it.</summary>
    public abstract bool TakesArrays { get; }

    /// <summary>The tables within.</summary>
    public abstract IEnumerable<TableTranslator> Children { get; }

    /// <summary>Adds the rows of an object that is there.</summary>
    /// <param name="json">The object.</param>
    /// <param name="parent">The value of the parent's row that each row begins with, when the head has such a column.</param>
    /// <param name="into">Takes the rows.</param>
    /// <returns>The id by which the parent's row names it; null when there is none.</returns>
    public abstract Value Translate(JsonElement json, Value parent, TranslationRun into);

    /// <summary>Adds the rows of what a parent has: nothing of null and of what is not there.</summary>
    public Value TranslateChild(JsonElement? given, Value parent, TranslationRun into)
    {
        // What its objects-extract-fn does not find is not there either.
        var json = given is { } there && there.ValueKind != JsonValueKind.Null && head.Objects is { } path ? path.First(there) : given;
        return json is { } found && found.ValueKind != JsonValueKind.Null ? Translate(found, parent, into)
            : head.HasId ? RowId.OfNothing : Value.Null;
    }

    /// <summary>The value that the rows of an object begin with.</summary>
    /// <param name="json">The object.</param>
    /// <param name="parent">The parent's.</param>
    /// <param name="hash">Gives the id of what the rows hold.</param>
    /// <param name="into">Says where we are.</param>
    protected Value First(JsonElement json, Value parent, Func<Value> hash, TranslationRun into)
    {
        if (!head.HasId)
        {
            return parent;
        }

        if (head.Id is not { } path)
        {
            return hash();
        }

        return path.First(json) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } id && JsonCell.TryRead(id, out var value) ? value
            : throw into.Misfit(Schema.Table, $"ID must be string or number, and {path} leads to none");
    }

    /// <summary>A row of the table.</summary>
    protected void Add(Value first, ReadOnlySpan<Value> rest, TranslationRun into) =>
        into.Add(Schema.Table, head.HasFirst ? new Row([first, .. rest]) : new Row(rest));
}

/// <summary>What the tables of all translators have in common.</summary>
/// <param name="Schema">The table.</param>
/// <param name="HasId">Whether rows begin with an id, by which a parent's row names them.</param>
/// <param name="Id">Leads to the id; null when that is a hash.</param>
/// <param name="Parent">The column of the parent's table whose value rows begin with; -1 when they do not.</param>
/// <param name="Objects">Leads from what is given to the objects.</param>
internal sealed record TableHead(TableSchema Schema, bool HasId, JsonPath? Id, int Parent, JsonPath? Objects)
{
    /// <summary>Whether rows begin with a value that comes from no field.</summary>
    public bool HasFirst => HasId || Parent >= 0;
}

/// <summary>What gives a value or a table within: one of the two.</summary>
/// <param name="Value">The value.</param>
/// <param name="Table">The table.</param>
internal sealed record PartTranslator(ValueTranslator? Value, TableTranslator? Table)
{
    /// <summary>Whether it gives a value for the row that it is in.</summary>
    public bool HasColumn => Table is null || Table.Head.HasId;
}
