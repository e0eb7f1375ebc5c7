using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>Makes translators of their configuration.</summary>
/// <param name="taken">The tables that there are; those of the translators are added.</param>
internal sealed class TranslatorReader(ISet<string> taken)
{
    private const int MaxDepth = 32;    // of translators in translators: an object of the reference's drivers has three

    private readonly Dictionary<(string Table, string Column), string> _descriptions = [];
    private int _depth;

    /// <summary>What the configuration says of columns.</summary>
    public IReadOnlyDictionary<(string Table, string Column), string> Descriptions => _descriptions;

    /// <summary>Reads a translator that stands alone.</summary>
    /// <exception cref="DriverException">It makes no sense.</exception>
    public TableTranslator Read(TranslatorParams root) =>
        Part(root, parent: null).Table ?? throw root.Wrong("a translator of translation-type VALUE has no table; put it in another one");

    private PartTranslator Part(TranslatorParams given, TableSchema? parent)
    {
        if (++_depth > MaxDepth)
        {
            throw given.Wrong("translators are nested too deeply");
        }

        given.Required("translation-type");
        PartTranslator part = given.Text("translation-type") switch
        {
            "HDICT" => new(null, Record(given, parent)),
            "VDICT" => new(null, Map(given, parent)),
            "LIST" => new(null, List(given, parent)),
            "VALUE" => new(Value(given), null),
            var other => throw given.Wrong($"Translation Type {other} not a valid translation-type ('HDICT', 'VDICT', 'LIST', 'VALUE')"),
        };
        _depth--;
        return part;
    }

    private static ValueTranslator Value(TranslatorParams given)
    {
        given.Allow("translation-type", "extract-fn", "data-type", "nullable");
        return new(given.Path("extract-fn"), given.Type("data-type"), given.Flag("nullable", otherwise: true));
    }

    private RecordTranslator Record(TranslatorParams given, TableSchema? parent)
    {
        given.Allow("translation-type", "table-name", "parent-key", "id-col", "selector-type", "field-translators", "in-list",
            "parent-col-name", "objects-extract-fn", "parent-key-desc");
        var table = Claim(given);
        var selector = given.Text("selector-type");
        if (selector is not (null or "DICT_SELECTOR" or "DOT_SELECTOR"))
        {
            throw given.Misfit("selector-type", "DICT_SELECTOR or DOT_SELECTOR", given.Required("selector-type"));
        }

        var (columns, fields) = (new List<Column>(), given.List("field-translators"));
        foreach (var field in fields)
        {
            field.Allow("fieldname", "col", "desc", "translator");
            if (ColumnOf(field.Object("translator"), field.Text("col") ?? field.RequiredText("fieldname")) is { } column)
            {
                columns.Add(column);
                Describe(table, column.Name, field.Text("desc"));
            }
        }

        var head = Head(given, table, columns, parent);
        return new(
            head,
            [.. fields.Select(field => new RecordField(
                field.RequiredText("fieldname"),
                selector == "DOT_SELECTOR" ? field.Path("fieldname")! : JsonPath.ToProperty(field.RequiredText("fieldname")),
                Part(field.Object("translator"), head.Schema)))],
            given.Flag("in-list", otherwise: false));
    }

    private MapTranslator Map(TranslatorParams given, TableSchema? parent)
    {
        given.Allow("translation-type", "table-name", "parent-key", "id-col", "key-col", "val-col", "translator", "parent-col-name", "objects-extract-fn");
        var table = Claim(given);
        var (key, value) = (given.RequiredText("key-col"), given.RequiredText("val-col"));
        var column = ColumnOf(given.Object("translator"), value);
        var head = Head(given, table, column is null ? [new(key)] : [new(key), column], parent);
        return new(head, Part(given.Object("translator"), head.Schema));
    }

    private ListTranslator List(TranslatorParams given, TableSchema? parent)
    {
        given.Allow("translation-type", "table-name", "parent-key", "id-col", "val-col", "translator", "parent-col-name", "objects-extract-fn",
            "parent-key-desc", "val-col-desc");
        var table = Claim(given);
        var value = given.RequiredText("val-col");
        var column = ColumnOf(given.Object("translator"), value)
            ?? throw given.Object("translator").Wrong("Param (id-col) must be in translator: it is what the rows of a LIST hold");
        Describe(table, value, given.Text("val-col-desc"));
        var head = Head(given, table, [column], parent);
        return new(head, Part(given.Object("translator"), head.Schema));
    }

    // A table within has a column when it has an id to put there.
    private static Column? ColumnOf(TranslatorParams part, string name) =>
        part.Text("translation-type") == "VALUE" ? new(name, part.Type("data-type"))
        : part.Find("id-col") is not null ? new(name)
        : null;

    private TableHead Head(TranslatorParams given, string table, IReadOnlyList<Column> columns, TableSchema? parent)
    {
        var key = given.Text("parent-key");
        if (key is not null && given.Find("id-col") is not null)
        {
            throw given.Wrong("Specify at most one of parent-key or id-col");
        }

        var (id, path) = Id(given);
        var index = key is null ? -1 : parent?.IndexOf(key) ?? -1;
        if (key is not null && index < 0)
        {
            throw given.Wrong(parent is null ? "Param (parent-key) has no parent to take it from"
                : $"Param (parent-key) names ({key}), which is no column of table ({parent.Table})");
        }

        var first = id is not null ? new Column(id)
            : key is not null ? new Column(given.Text("parent-col-name") ?? "parent_key", parent!.Columns[index].Type)
            : null;
        var schema = new TableSchema(table, first is null ? columns : [first, .. columns]);
        if (schema.Columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw given.Wrong($"column ({twice.Key}) used twice in table ({table})");
        }

        Describe(table, key is null ? "" : first!.Name, key is null ? null : given.Text("parent-key-desc"));
        return new(schema, id is not null, path, index, given.Path("objects-extract-fn"));
    }

    // The reference has a function here at times, whose column then is "id-col"; the path to an id stands in for it.
    private static (string? Name, JsonPath? Path) Id(TranslatorParams given)
    {
        if (given.Find("id-col") is not { ValueKind: System.Text.Json.JsonValueKind.Object })
        {
            return (given.Text("id-col"), null);
        }

        var id = given.Object("id-col");
        id.Allow("extract-fn", "col");
        id.Required("extract-fn");
        return (id.Text("col") ?? "id-col", id.Path("extract-fn"));
    }

    private string Claim(TranslatorParams given)
    {
        var table = given.RequiredText("table-name");
        return taken.Add(table) ? table : throw given.Wrong($"table ({table}) used twice");
    }

    private void Describe(string table, string column, string? description)
    {
        if (description is not null)
        {
            _descriptions[(table, column)] = description;
        }
    }
}
