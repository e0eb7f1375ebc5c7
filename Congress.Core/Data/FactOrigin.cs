namespace Congress.Data;

/// <summary>Where a fact comes from.</summary>
/// <param name="Source">The file or text, or the service.</param>
/// <param name="Line">The line on which it stands, from 1; 0 where there are no lines.</param>
/// <param name="Path">Its path in a JSON text, such as <c>$[3]</c>; null for other texts.</param>
public sealed record FactOrigin(string Source, int Line = 0, string? Path = null)
{
    /// <summary><c>source:line path</c>, without the parts that are not known.</summary>
    public override string ToString() => (Line == 0 ? Source : FormattableString.Invariant($"{Source}:{Line}")) + (Path is null ? "" : " " + Path);
}
