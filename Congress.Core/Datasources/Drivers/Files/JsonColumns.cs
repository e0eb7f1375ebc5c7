using System.Text;
using System.Text.Json;

namespace Congress.Datasources.Drivers.Files;

/// <summary>The columns of a JSON file, found by key.</summary>
internal sealed class JsonColumns
{
    private readonly List<FieldColumn> _columns;
    private readonly Dictionary<string, FieldColumn> _byName;

    // Objects of one file mostly have their keys in one order, so the key that stood at a position in the last object
    // is compared as bytes before a string is made and looked up.
    private readonly List<(byte[] Key, FieldColumn Column)> _lastOrder = [];

    /// <summary>Begins with the columns of a schema, or none.</summary>
    public JsonColumns(List<FieldColumn> columns)
    {
        _columns = columns;
        _byName = columns.ToDictionary(column => column.Name!, StringComparer.Ordinal);
    }

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Count;

    /// <summary>The names of those that have one, in order.</summary>
    public IEnumerable<string> Names => _columns.Select(column => column.Name).OfType<string>();

    /// <summary>The column at a position of the row.</summary>
    public FieldColumn this[int slot] => _columns[slot];

    /// <summary>The column that had this position in the last object, when the key at hand is its.</summary>
    public FieldColumn? Guess(ref Utf8JsonReader json, int position) =>
        position < _lastOrder.Count && !json.ValueIsEscaped && json.ValueSpan.SequenceEqual(_lastOrder[position].Key)
            ? _lastOrder[position].Column
            : null;

    /// <summary>The column of a name, or null.</summary>
    public FieldColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Makes the column after the last one.</summary>
    public FieldColumn Add(string? name)
    {
        var column = new FieldColumn(name, Count, Count, Data.ColumnType.Any);
        _columns.Add(column);
        if (name is not null)
        {
            _byName.Add(name, column);
        }

        return column;
    }

    /// <summary>Notes what stands at a position of the object at hand.</summary>
    public void Remember(int position, FieldColumn column)
    {
        var guess = (Encoding.UTF8.GetBytes(column.Name!), column);
        if (position == _lastOrder.Count)
        {
            _lastOrder.Add(guess);
        }

        _lastOrder[position] = guess;
    }
}
