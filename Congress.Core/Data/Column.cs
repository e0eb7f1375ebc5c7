namespace Congress.Data;

/// <summary>A column of a table.</summary>
/// <param name="Name">The name that column references use.</param>
/// <param name="Type">What the column accepts.</param>
public sealed record Column(string Name, ColumnType Type = ColumnType.Any)
{
    /// <summary>Whether a value may stand in the column, and the value as it is then stored.</summary>
    /// <remarks>Null fits every column; an integer in a real column is stored as the real.</remarks>
    public bool TryFit(Value value, out Value stored)
    {
        stored = Type == ColumnType.Real && value.Kind == ValueKind.Integer ? Value.Of(value.AsReal()) : value;
        return value.Kind == ValueKind.Null || Type switch
        {
            ColumnType.Any => true,
            ColumnType.Text => value.Kind == ValueKind.Text,
            ColumnType.Int => value.Kind == ValueKind.Integer,
            ColumnType.Real => value.IsNumber,
            ColumnType.Bool => value.Kind == ValueKind.Boolean,
        };
    }

    /// <summary>The column as a declaration writes it: <c>name</c> or <c>name:type</c>.</summary>
    public override string ToString() => Type == ColumnType.Any ? Name : $"{Name}:{Type.ToString().ToLowerInvariant()}";
}
