namespace Congress.Data;

/// <summary>Names a table: the policy or datasource it belongs to, and its name there.</summary>
/// <param name="Policy">The policy or datasource.</param>
/// <param name="Table">The name in it; it may hold colons (<c>a:b:c</c> is table <c>b:c</c> of <c>a</c>) and end in
/// <c>+</c> or <c>-</c> (a change that an action policy describes).</param>
/// <param name="IsAction">Whether rows are calls of an action: <c>execute[nova:pause(x)]</c> in policy <c>p</c> is the
/// action table <c>nova:pause</c> of <c>p</c>, apart from any table of that name.</param>
public readonly record struct TableName(string Policy, string Table, bool IsAction = false) : IComparable<TableName>
{
    private readonly int _hash = HashOf(Policy, Table, IsAction);

    /// <summary>The policy or datasource.</summary>
    public string Policy { get; } = Policy;

    /// <summary>The name in it.</summary>
    public string Table { get; } = Table;

    /// <summary>Whether rows are calls of an action.</summary>
    public bool IsAction { get; } = IsAction;

    /// <summary>Reads <c>policy:table</c>, or <c>table</c> alone as a table of <paramref name="policy"/>.</summary>
    public static TableName Parse(string text, string policy)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(policy, text) : new(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>The name as policy <paramref name="policy"/> would write it.</summary>
    public string In(string policy) =>
        IsAction ? $"execute[{Table}]" : string.Equals(Policy, policy, StringComparison.Ordinal) ? Table : $"{Policy}:{Table}";

    /// <summary>Whether both name the same table.</summary>
    public bool Equals(TableName other) => _hash == other._hash && IsAction == other.IsAction
        && string.Equals(Table, other.Table, StringComparison.Ordinal) && string.Equals(Policy, other.Policy, StringComparison.Ordinal);

    /// <summary>A hash that was made with the name: a change looks tables up some dozen times.</summary>
    public override int GetHashCode() => _hash;

    /// <summary>Orders by policy, then by table.</summary>
    public int CompareTo(TableName other)
    {
        var order = string.CompareOrdinal(Policy, other.Policy);
        order = order != 0 ? order : string.CompareOrdinal(Table, other.Table);
        return order != 0 ? order : IsAction.CompareTo(other.IsAction);
    }

    /// <summary><c>policy:table</c>, or <c>policy:execute[table]</c>.</summary>
    public override string ToString() => IsAction ? $"{Policy}:execute[{Table}]" : $"{Policy}:{Table}";

    /// <summary>Whether a name sorts before another.</summary>
    public static bool operator <(TableName left, TableName right) => left.CompareTo(right) < 0;

    /// <summary>Whether a name sorts before another or equals it.</summary>
    public static bool operator <=(TableName left, TableName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether a name sorts after another.</summary>
    public static bool operator >(TableName left, TableName right) => left.CompareTo(right) > 0;

    /// <summary>Whether a name sorts after another or equals it.</summary>
    public static bool operator >=(TableName left, TableName right) => left.CompareTo(right) >= 0;

    /// <summary>A hash of the last characters and the lengths; it does not depend on the process, so the order of a set of names never does.</summary>
    private static int HashOf(string policy, string table, bool isAction) => (TailOf(policy, 4) * 31) + TailOf(table, 12) + (isAction ? 1 : 0);

    private static int TailOf(string name, int characters)
    {
        var hash = name.Length;
        for (var i = Math.Max(0, name.Length - characters); i < name.Length; i++)
        {
            hash = (hash * 31) + name[i];
        }

        return hash;
    }
}
