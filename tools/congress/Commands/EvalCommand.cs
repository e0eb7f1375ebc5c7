using System.CommandLine;

namespace Congress.Cli.Commands;

/// <summary><c>congress eval</c>: what follows from policies and facts.</summary>
internal static class EvalCommand
{
    public static Command Create(Session session)
    {
        var (policies, facts, kind) = (Parameters.Policies(), Parameters.Facts(), Parameters.Kind());
        var query = new Option<string?>("--query") { Description = "Print the rows of this atom or rule, instead of all derived tables.", HelpName = "ATOM" };
        var count = new Option<bool>("--count") { Description = "Print the number of rows of each table, instead of the rows." };
        var checksum = new Option<bool>("--checksum") { Description = "Like --count, with a checksum of the rows that does not depend on their order." };
        var folder = new Option<string?>("--out") { Description = "Write each derived table as DIR/TABLE.facts, those of other policies in sub-folders.", HelpName = "DIR" };
        var json = Parameters.Json("the result");
        var timings = new Option<bool>("--timings") { Description = "Tell on standard error how long each phase took." };
        var command = new Verb("eval", "Evaluates policies over facts and prints the derived tables, sorted.")
        {
            Examples =
            [
                "congress eval paths.dl --facts facts/ --kind recursive --count",
                "congress eval network.dl --facts facts/ --query 'error(vm)'",
                "congress eval network=network.dl billing=billing.dl --facts facts/ --out derived/",
            ],
        };
        command.Arguments.Add(policies);
        foreach (var option in new Option[] { facts, kind, query, count, checksum, folder, json, timings })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(query) is not null && result.GetValue(folder) is not null)
            {
                result.AddError("--query and --out exclude each other.");
            }
        });
        command.SetAction(parsed => session.Run(() =>
        {
            var phases = new Timings();
            var files = PolicyFiles.Read(parsed.GetValue(policies)!, session.Sources);
            phases.End("parse");
            using var workspace = Workspace.Open(session, files, parsed.KindOf(kind), parsed.GetValue(facts));
            session.Diagnostics.Print(workspace.Warnings);
            phases.End("load", workspace.LoadFacts());
            var asked = parsed.GetValue(query);
            var evaluation = asked is null ? Evaluation.OfDerived(workspace, session) : Evaluation.OfQuery(asked, workspace, session);
            phases.End("evaluate", evaluation.Rows);
            Print(evaluation, session, new(parsed.GetValue(count), parsed.GetValue(checksum), parsed.GetValue(json), parsed.GetValue(folder)));
            phases.End("print");
            if (parsed.GetValue(timings))
            {
                phases.Print(session.Error);
            }

            return ExitCode.Fine;
        }));
        return command;
    }

    private static void Print(Evaluation evaluation, Session session, Wanted wanted)
    {
        var counts = wanted.Count || wanted.Checksum;
        if (wanted.Folder is not null)
        {
            evaluation.WriteFiles(wanted.Folder);
        }

        if (wanted.Json)
        {
            session.WriteJson(json => evaluation.WriteJson(json, counts, wanted.Checksum));
        }
        else if (counts)
        {
            evaluation.PrintCounts(wanted.Checksum);
        }
        else if (wanted.Folder is null)
        {
            evaluation.PrintRows();
        }

        session.Output.Flush();
    }

    private sealed record Wanted(bool Count, bool Checksum, bool Json, string? Folder);
}
