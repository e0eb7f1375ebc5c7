namespace Congress.Data;

/// <summary>The kinds of value a row can hold, in the order in which values of different kinds sort.</summary>
public enum ValueKind : byte
{
    /// <summary>The absence of a value; it equals itself and joins with itself.</summary>
    Null,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A signed 64-bit integer.</summary>
    Integer,

    /// <summary>A finite IEEE 754 double; never NaN, never negative zero.</summary>
    Real,

    /// <summary>A Unicode string, compared by code point.</summary>
    Text,

    /// <summary>A value that an action policy leaves open: it has a name, equals only itself, and prints as a variable.</summary>
    Unknown,
}
