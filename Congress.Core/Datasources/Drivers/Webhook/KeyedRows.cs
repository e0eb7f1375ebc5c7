using System.Globalization;
using Congress.Data;

namespace Congress.Datasources.Drivers.Webhook;

/// <summary>The rows of a table by their keys, each with the time at which it goes.</summary>
/// <remarks>A change is prepared with <see cref="After"/> and then made, so that of a message that changes several tables all is done or nothing.</remarks>
internal sealed class KeyedRows(WebhookTable table, int[] key)
{
    private Dictionary<Row, (Row Row, DateTimeOffset Goes)> _rows = [];
    private DateTimeOffset _firstGoes = DateTimeOffset.MaxValue;

    /// <summary>Whether the rows have changed since somebody set it back.</summary>
    public bool HasChanged { get; set; }

    /// <summary>The rows now.</summary>
    public IReadOnlyCollection<Row> All => _rows.Values.Select(entry => entry.Row).ToHashSet();

    /// <summary>Lets rows go whose time has come.</summary>
    public void Expire(DateTimeOffset now)
    {
        if (now < _firstGoes)
        {
            return;
        }

        Become(_rows.Where(entry => entry.Value.Goes > now).ToDictionary());
    }

    /// <summary>The rows as they would be after a change.</summary>
    /// <exception cref="DriverException">They would be too many.</exception>
    public Dictionary<Row, (Row Row, DateTimeOffset Goes)> After(WebhookOperation operation, IEnumerable<Row> rows, DateTimeOffset now)
    {
        var after = operation == WebhookOperation.Replace ? [] : new Dictionary<Row, (Row Row, DateTimeOffset Goes)>(_rows);
        var goes = table.TimeToLive is { } time ? now + time : DateTimeOffset.MaxValue;
        foreach (var row in rows)
        {
            if (operation == WebhookOperation.Remove)
            {
                after.Remove(KeyOf(row));
            }
            else
            {
                after[KeyOf(row)] = (row, goes);
            }
        }

        return after.Count <= table.MaxRows ? after
            : throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"table '{table.Schema.Table}' would have {after.Count} rows, and takes {table.MaxRows}"));
    }

    /// <summary>Makes a change that was prepared.</summary>
    public void Become(Dictionary<Row, (Row Row, DateTimeOffset Goes)> rows)
    {
        _rows = rows;
        _firstGoes = table.TimeToLive is null || rows.Count == 0 ? DateTimeOffset.MaxValue : rows.Values.Min(entry => entry.Goes);
        HasChanged = true;
    }

    private Row KeyOf(Row row)
    {
        var values = new Value[key.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row[key[i]];
        }

        return Row.Owning(values);
    }
}
