using System.Globalization;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Webhook;

/// <summary>Finds in a message what it does to a table.</summary>
internal sealed class WebhookMessages
{
    private readonly WebhookTable _table;
    private readonly PropertyPath _items;
    private readonly PropertyPath _operation;
    private readonly PropertyPath?[] _columns;      // null: the property of the column's name
    private readonly bool[] _isKey;

    public WebhookMessages(WebhookTable table)
    {
        _table = table;
        _items = PropertyPath.Parse(table.Items ?? "/" + table.Schema.Table);
        _operation = PropertyPath.Parse(table.Operation);
        _columns = [.. table.Schema.Columns.Select(column => table.Paths.TryGetValue(column.Name, out var path) ? PropertyPath.Parse(path) : null)];
        Key = table.Key.Count == 0 ? [.. Enumerable.Range(0, table.Schema.Arity)] : [.. table.Key.Select(table.Schema.IndexOf)];
        _isKey = [.. Enumerable.Range(0, table.Schema.Arity).Select(Key.Contains)];
    }

    /// <summary>The places of the columns that tell a row from others.</summary>
    public int[] Key { get; }

    /// <summary>Where a message has its items.</summary>
    public string Place => _items.Text;

    /// <summary>Whether a message has items for the table, be it that their operation is none of its.</summary>
    public bool Knows(JsonElement message) => _items.In(message) is not null;

    /// <summary>What a message does, and the rows that it does it with; null when it says nothing of the table.</summary>
    /// <remarks>Of rows that go, only what tells them from others has to be there.</remarks>
    /// <exception cref="DriverException">It makes no sense.</exception>
    public (WebhookOperation Operation, IReadOnlyList<Row> Rows)? Find(JsonElement message)
    {
        if (_items.In(message) is not { } items)
        {
            return null;
        }

        var operation = WebhookOperation.Add;
        if (_operation.In(message) is { ValueKind: not JsonValueKind.Null } word
            && !(word.ValueKind == JsonValueKind.String && _table.Operations.TryGetValue(JsonValues.Of(word).AsText(), out operation)))
        {
            return ReferenceEquals(_table.Operations, WebhookTable.Words)
                ? throw new DriverException($"the operation at '{_operation.Text}' is {JsonValues.Of(word)}; expected add, replace or remove")
                : null;
        }

        return (operation, Rows(items, operation));
    }

    private List<Row> Rows(JsonElement items, WebhookOperation operation)
    {
        if (items.ValueKind != JsonValueKind.Array)
        {
            return [RowOf(items, operation, _items.Text)];
        }

        var rows = new List<Row>();
        foreach (var item in items.EnumerateArray())
        {
            rows.Add(RowOf(item, operation, string.Create(CultureInfo.InvariantCulture, $"{_items.Text}[{rows.Count}]")));
        }

        return rows;
    }

    private Row RowOf(JsonElement item, WebhookOperation operation, string place)
    {
        try
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw new DriverException($"expected an object, found {JsonValues.Describe(item)}");
            }

            var values = new Value[_columns.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var column = _table.Schema.Columns[i];
                var found = _columns[i] is { } path ? path.In(item) : item.TryGetProperty(column.Name, out var property) ? property : null;
                if (found is null && _isKey[i] && _table.Key.Count > 0)
                {
                    throw new DriverException($"there is nothing at '{_columns[i]?.Text ?? column.Name}' for column '{column.Name}', which is of the key");
                }

                values[i] = operation == WebhookOperation.Remove && !_isKey[i] ? Value.Null : TableColumns.Fit(column, JsonValues.Of(found ?? default));
            }

            return Row.Owning(values);
        }
        catch (DriverException exception)
        {
            throw new DriverException($"table '{_table.Schema.Table}', item at '{place}': {exception.Message}", exception.InnerException);
        }
    }
}
