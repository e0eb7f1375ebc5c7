namespace Congress.Data;

/// <summary>The configured name of a node: the same after each restart, and held by one living process at a time.</summary>
/// <param name="Value">1 to 128 letters, digits and <c>. _ -</c>.</param>
public readonly record struct NodeId(string Value) : IComparable<NodeId>
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>Whether a text can name a node.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: > 0 and <= MaxLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Checks a name.</summary>
    /// <exception cref="ArgumentException">The text cannot name a node; the message says what was expected.</exception>
    public static NodeId Parse(string text) => IsValid(text)
        ? new(text)
        : throw new ArgumentException($"'{text}' cannot name a node; expected 1 to {MaxLength} letters, digits, '.', '_' or '-'", nameof(text));

    /// <summary>Orders by code unit; of two nodes the one with the lower name dials.</summary>
    public int CompareTo(NodeId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Whether a name sorts before another.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <summary>Whether a name sorts before another or equals it.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether a name sorts after another.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <summary>Whether a name sorts after another or equals it.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;
}
