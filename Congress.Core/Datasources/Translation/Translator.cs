using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Turns JSON objects into rows, as a configuration in the form of OpenStack Congress says: HDICT, VDICT, LIST and VALUE, one in the other.</summary>
/// <remarks>
/// <para>Where the reference takes a function (<c>extract-fn</c>, <c>objects-extract-fn</c>, an <c>id-col</c> that is called) the configuration has a path
/// such as <c>links[0].href</c>. Ids of rows are those of the reference. A table within another that has neither <c>parent-key</c> nor <c>id-col</c> has no column
/// in its parent's table, as it has no value there.</para>
/// <para>Integers of 64 bits are integers, other numbers reals, null and what is missing null; a structure that stands for a value is its JSON text.</para>
/// </remarks>
public sealed class Translator
{
    private readonly TableTranslator _root;

    private Translator(TableTranslator root, IReadOnlyDictionary<(string Table, string Column), string> descriptions)
    {
        _root = root;
        Tables = [.. Within(root).Select(table => table.Schema)];
        Descriptions = descriptions;
    }

    /// <summary>The tables that it fills, the outermost first.</summary>
    public IReadOnlyList<TableSchema> Tables { get; }

    /// <summary>What the configuration says of columns.</summary>
    public IReadOnlyDictionary<(string Table, string Column), string> Descriptions { get; }

    /// <summary>Whether an array is one object to it: it is a LIST, or an HDICT in a list.</summary>
    public bool TakesArrays => _root.TakesArrays;

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="DriverException">It makes no sense; the message says where and why.</exception>
    public static Translator Parse(JsonElement configuration) => Parse(configuration, "translator", new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Reads a configuration whose tables are none of those that are taken, and adds them to these.</summary>
    internal static Translator Parse(JsonElement configuration, string where, ISet<string> taken)
    {
        var reader = new TranslatorReader(taken);
        try
        {
            return new(reader.Read(TranslatorParams.Of(configuration, where)), reader.Descriptions);
        }
        catch (InvalidOperationException e)
        {
            throw new DriverException($"{where} has a text that escapes half a surrogate pair", e);   // which only then shows, when it is read
        }
    }

    /// <summary>Makes one that fills the columns of a table by paths.</summary>
    internal static Translator OfColumns(string table, IReadOnlyList<(Column Column, JsonPath Path)> columns) => new(
        new RecordTranslator(
            new(new(table, [.. columns.Select(column => column.Column)]), HasId: false, Id: null, Parent: -1, Objects: null),
            [.. columns.Select(column => new RecordField(column.Path.ToString(), column.Path, new(new ValueTranslator(Type: column.Column.Type), null)))],
            isInList: false),
        new Dictionary<(string, string), string>());

    /// <summary>Adds the rows of one object; of null there are none.</summary>
    /// <exception cref="DriverException">The object does not have the form that was expected; the message says where.</exception>
    public void Translate(JsonElement json, TranslatedRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        TranslateOne(json, new(rows));
    }

    /// <summary>Adds the rows of several objects: of the elements of an array, which <c>objects-extract-fn</c> leads to.</summary>
    /// <exception cref="DriverException">An object does not have the form that was expected; the message says where.</exception>
    public void TranslateEach(JsonElement json, TranslatedRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var translation = new TranslationRun(rows);
        var index = 0;
        foreach (var list in _root.Head.Objects is { } path ? path.All(json) : [json])
        {
            if (list.ValueKind != JsonValueKind.Array)
            {
                TranslateOne(list, translation);
                continue;
            }

            foreach (var element in list.EnumerateArray())
            {
                translation.Enter(index++);
                TranslateOne(element, translation);
                translation.Leave();
            }
        }
    }

    private void TranslateOne(JsonElement json, TranslationRun translation)
    {
        if (json.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            _root.Translate(json, Value.Null, translation);
        }
    }

    private static IEnumerable<TableTranslator> Within(TableTranslator table) => table.Children.SelectMany(Within).Prepend(table);
}
