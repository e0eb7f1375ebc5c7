using System.Globalization;
using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources;

/// <summary>Turns a list of JSON objects or arrays into the rows of a table.</summary>
/// <param name="Schema">The table. An object has its values by column name, null where it has none; an array has them in column order.</param>
/// <param name="MaxRows">The most items.</param>
/// <param name="IsLenient">Whether keys that are no columns are passed over.</param>
internal sealed record JsonRows(TableSchema Schema, int MaxRows, bool IsLenient = false)
{
    /// <summary>The distinct rows.</summary>
    /// <exception cref="DriverException">The list is none, or an item does not fit; the message tells its place, <c>$[2]</c> for the third.</exception>
    public IReadOnlyCollection<Row> Read(JsonElement items)
    {
        if (items.ValueKind != JsonValueKind.Array)
        {
            throw new DriverException($"table '{Schema.Table}': expected a list of objects or arrays, found {JsonValues.Describe(items)}");
        }

        if (items.GetArrayLength() > MaxRows)
        {
            throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"table '{Schema.Table}': {items.GetArrayLength()} items are more than the {MaxRows} that it takes"));
        }

        var rows = new HashSet<Row>();
        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            try
            {
                rows.Add(item.ValueKind switch
                {
                    JsonValueKind.Object => FromObject(item),
                    JsonValueKind.Array => FromArray(item),
                    _ => throw new DriverException($"expected an object or an array, found {JsonValues.Describe(item)}"),
                });
            }
            catch (DriverException exception)
            {
                throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"table '{Schema.Table}', $[{index}]: {exception.Message}"), exception.InnerException);
            }

            index++;
        }

        return rows;
    }

    /// <summary>The row of an array.</summary>
    /// <exception cref="DriverException">It does not fit.</exception>
    public Row FromArray(JsonElement item)
    {
        var count = item.GetArrayLength();
        if (count != Schema.Arity)
        {
            throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"expected {Schema.Arity} values for {Schema}, found {count}"));
        }

        var values = new Value[count];
        var column = 0;
        foreach (var value in item.EnumerateArray())
        {
            values[column] = TableColumns.Fit(Schema.Columns[column], JsonValues.Of(value));
            column++;
        }

        return Row.Owning(values);
    }

    /// <summary>The row of an object.</summary>
    /// <exception cref="DriverException">It is none, or it does not fit.</exception>
    public Row FromObject(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw new DriverException($"expected an object, found {JsonValues.Describe(item)}");
        }

        var values = new Value[Schema.Arity];
        var isSet = new bool[Schema.Arity];
        foreach (var property in item.EnumerateObject())
        {
            var name = JsonValues.NameOf(property);
            var column = Schema.IndexOf(name);
            if (column < 0 && IsLenient)
            {
                continue;
            }

            if (column < 0 || isSet[column])
            {
                throw new DriverException(column < 0 ? $"{Schema} has no column '{name}'" : $"the object has key '{name}' twice");
            }

            values[column] = TableColumns.Fit(Schema.Columns[column], JsonValues.Of(property.Value));
            isSet[column] = true;
        }

        return Row.Owning(values);
    }
}
