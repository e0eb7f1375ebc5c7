namespace Congress.Data;

/// <summary>One process that is, or was, a node.</summary>
/// <param name="Id">The configured name.</param>
/// <param name="Incarnation">A number that is new at each start of the process, so that a restart is told from a pause.</param>
public readonly record struct NodeIdentity(NodeId Id, ulong Incarnation)
{
    /// <summary><c>name#incarnation</c>, the latter in hexadecimal.</summary>
    public override string ToString() => $"{Id}#{Incarnation:x16}";
}
