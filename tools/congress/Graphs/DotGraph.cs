using System.Globalization;
using System.Text;
using Congress.Datalog.Answers;

namespace Congress.Cli.Graphs;

/// <summary>Draws in the language of Graphviz.</summary>
internal static class DotGraph
{
    public static string Of(Drawing drawing)
    {
        var result = new StringBuilder("digraph policy {\n  rankdir=LR;\n");
        foreach (var node in drawing.Single)
        {
            Append(result, node, "  ");
        }

        foreach (var recursion in drawing.Recursions)
        {
            result.Append(CultureInfo.InvariantCulture, $"  subgraph cluster{recursion.Key + 1} {{\n    label=\"recursion\";\n");
            foreach (var node in recursion)
            {
                Append(result, node, "    ");
            }

            result.Append("  }\n");
        }

        foreach (var edge in drawing.Edges)
        {
            var attributes = (edge.IsNegated ? "style=dashed" : "") + (edge.IsNegated && edge.Label is not null ? ", " : "")
                + (edge.Label is null ? "" : $"label=\"{edge.Label}\"");
            result.Append("  ").Append(edge.From.Id).Append(" -> ").Append(edge.To.Id)
                .Append(attributes.Length == 0 ? "" : $" [{attributes}]").Append(";\n");
        }

        return result.Append("}\n").ToString();
    }

    private static void Append(StringBuilder result, Drawing.Node node, string indent)
    {
        var shape = node.Table.Role switch
        {
            TableRole.Source => "cylinder",
            TableRole.Derived => "box",
            TableRole.Violation => "octagon",
            TableRole.Action => "component",
        };
        result.Append(indent).Append(node.Id).Append(" [label=\"").Append(node.Name).Append("\", shape=").Append(shape).Append("];\n");
    }
}
