namespace Congress.Data;

/// <summary>What a column of a table accepts. Null fits every type.</summary>
public enum ColumnType
{
    /// <summary>Any value.</summary>
    Any,

    /// <summary>Texts.</summary>
    Text,

    /// <summary>Integers.</summary>
    Int,

    /// <summary>Reals, and integers that are converted to reals.</summary>
    Real,

    /// <summary>Booleans.</summary>
    Bool,
}
