using System.Text.Json.Serialization;

namespace Congress.Data;

/// <summary>The columns of a table, in order.</summary>
/// <param name="Table">The table's name in its policy or datasource.</param>
/// <param name="Columns">The columns; their names are distinct.</param>
[method: JsonConstructor]
public sealed record TableSchema(string Table, IReadOnlyList<Column> Columns)
{
    /// <summary>Makes a schema of untyped columns.</summary>
    public TableSchema(string table, params string[] columns)
        : this(table, Array.ConvertAll(columns, name => new Column(name)))
    {
    }

    /// <summary>The number of columns.</summary>
    public int Arity => Columns.Count;

    /// <summary>The position of the column with the given name, or -1.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, column, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The schema as a declaration writes it, without the policy.</summary>
    public override string ToString() => $"{Table}({string.Join(", ", Columns)})";
}
