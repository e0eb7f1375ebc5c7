using System.CommandLine;
using Congress.Cli.Graphs;

namespace Congress.Cli.Commands;

/// <summary><c>congress graph</c>: how tables depend on each other, as a picture.</summary>
internal static class GraphCommand
{
    public static Command Create(Session session)
    {
        var (policies, kind) = (Parameters.Policies(), Parameters.Kind());
        var format = new Option<string>("--format") { Description = "The language of the picture.", HelpName = "FORMAT", DefaultValueFactory = _ => "mermaid" };
        format.AcceptOnlyFromAmong("mermaid", "dot");
        var json = Parameters.Json("tables and edges");
        var command = new Verb("graph", "Draws how tables depend on each other: sources, derived tables, violations, actions. Negation is dashed, recursion boxed.")
        {
            Examples = ["congress graph network.dl", "congress graph network.dl --format dot | dot -Tsvg > network.svg"],
        };
        command.Arguments.Add(policies);
        command.Options.Add(kind);
        command.Options.Add(format);
        command.Options.Add(json);
        command.SetAction(parsed => session.Run(() =>
        {
            using var workspace = Workspace.Open(session, PolicyFiles.Read(parsed.GetValue(policies)!, session.Sources), parsed.KindOf(kind), facts: null);
            var graph = new Drawing(workspace.Engine.Dependencies, workspace.DefaultPolicy);
            if (parsed.GetValue(json))
            {
                session.WriteJson(graph.WriteJson);
            }
            else
            {
                session.Output.Write(parsed.GetValue(format) == "dot" ? DotGraph.Of(graph) : MermaidGraph.Of(graph));
            }

            return ExitCode.Fine;
        }));
        return command;
    }
}
