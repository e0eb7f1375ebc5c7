using System.Collections;

namespace Congress.Datalog.Syntax;

/// <summary>An immutable list of nodes that is equal to another with equal nodes.</summary>
internal sealed class NodeList<T> : IReadOnlyList<T>, IEquatable<NodeList<T>>
{
    private readonly T[] _nodes;

    public NodeList(params T[] nodes) => _nodes = nodes;

    public static NodeList<T> Empty { get; } = new();

    public int Count => _nodes.Length;

    public T this[int index] => _nodes[index];

    public bool Equals(NodeList<T>? other) => other is not null && _nodes.AsSpan().SequenceEqual(other._nodes);

    public override bool Equals(object? obj) => Equals(obj as NodeList<T>);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var node in _nodes)
        {
            hash.Add(node);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_nodes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _nodes.GetEnumerator();
}
