using System.Globalization;
using System.Text;
using Congress.Datalog.Answers;

namespace Congress.Cli.Graphs;

/// <summary>Draws in the language of Mermaid, which Markdown viewers show.</summary>
internal static class MermaidGraph
{
    public static string Of(Drawing drawing)
    {
        var result = new StringBuilder("flowchart LR\n");
        foreach (var node in drawing.Single)
        {
            Append(result, node, "  ");
        }

        foreach (var recursion in drawing.Recursions)
        {
            result.Append(CultureInfo.InvariantCulture, $"  subgraph recursion{recursion.Key + 1} [recursion]\n");
            foreach (var node in recursion)
            {
                Append(result, node, "    ");
            }

            result.Append("  end\n");
        }

        foreach (var edge in drawing.Edges)
        {
            var label = edge.Label is null ? "" : $"|{edge.Label}|";
            result.Append(CultureInfo.InvariantCulture, $"  {edge.From.Id} {(edge.IsNegated ? "-.->" : "-->")}{label} {edge.To.Id}\n");
        }

        return result.ToString();
    }

    private static void Append(StringBuilder result, Drawing.Node node, string indent)
    {
        var (open, close) = node.Table.Role switch
        {
            TableRole.Source => ("[(", ")]"),
            TableRole.Derived => ("[", "]"),
            TableRole.Violation => ("{{", "}}"),
            TableRole.Action => ("[[", "]]"),
        };
        result.Append(indent).Append(node.Id).Append(open).Append('"').Append(node.Name).Append('"').Append(close).Append('\n');
    }
}
