using System.Text.Json;
using Congress.Datalog.Answers;

namespace Congress.Cli.Graphs;

/// <summary>A table graph ready to be drawn: its nodes named and grouped.</summary>
internal sealed class Drawing
{
    private readonly Dictionary<Data.TableName, Node> _nodes;

    /// <summary>Makes the drawing.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="policy">The policy whose tables are shown without its name.</param>
    public Drawing(TableGraph graph, string policy)
    {
        _nodes = graph.Tables.Select((table, i) => new Node($"t{i}", table.Table.In(policy), table)).ToDictionary(n => n.Table.Table);
        Edges = [.. graph.Edges.Select(e => new Edge(_nodes[e.From], _nodes[e.To], e.IsNegated, e.Aggregates))];
    }

    /// <summary>The nodes outside of recursion.</summary>
    public IEnumerable<Node> Single => _nodes.Values.Where(n => n.Table.Recursion is null);

    /// <summary>The nodes of each recursion.</summary>
    public IEnumerable<IGrouping<int, Node>> Recursions => _nodes.Values.Where(n => n.Table.Recursion is not null).GroupBy(n => n.Table.Recursion!.Value);

    public IReadOnlyList<Edge> Edges { get; }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("tables");
        foreach (var node in _nodes.Values)
        {
            json.WriteStartObject();
            json.WriteString("name", node.Name);
            json.WriteString("role", node.Table.Role.ToString().ToLowerInvariant());
            json.WriteBoolean("recursive", node.Table.Recursion is not null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("edges");
        foreach (var edge in Edges)
        {
            json.WriteStartObject();
            json.WriteString("from", edge.From.Name);
            json.WriteString("to", edge.To.Name);
            json.WriteBoolean("negated", edge.IsNegated);
            json.WriteString("aggregates", edge.Aggregates);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <param name="Id">A short name, unique in the drawing.</param>
    /// <param name="Name">The table as it is shown.</param>
    /// <param name="Table">The table.</param>
    public sealed record Node(string Id, string Name, TableNode Table);

    public sealed record Edge(Node From, Node To, bool IsNegated, string? Aggregates)
    {
        /// <summary>What is written on the edge; null for nothing.</summary>
        public string? Label => IsNegated ? (Aggregates is null ? "not" : $"not, {Aggregates}") : Aggregates;
    }
}
