using System.CommandLine;
using System.Text.Json;
using Congress.Api;
using Congress.Policies.Explaining;

namespace Congress.Cli.Commands;

/// <summary><c>congress explain</c>: why is a row in its table, or why not?</summary>
internal static class ExplainCommand
{
    public static Command Create(Session session)
    {
        var (policies, facts, kind) = (Parameters.Policies(), Parameters.Facts(), Parameters.Kind());
        var row = new Option<string>("--row") { Description = "The row: 'error(\"vm-1\")'. _ stands for any value.", HelpName = "ATOM", Required = true };
        var policy = new Option<string?>("--policy") { Description = "The policy that is asked where the row names none.", HelpName = "NAME" };
        var mermaid = new Option<bool>("--mermaid") { Description = "Draw the derivation in the language of Mermaid." };
        var change = new Option<string[]>("--change")
        {
            Description = "Print instead which changes of this table's rows, alone or two together, would clear the row; may be given several times.",
            HelpName = "TABLE",
            DefaultValueFactory = _ => [],
        };
        var actions = new Option<string[]>("--actions")
        {
            Description = "A file that describes what actions do, which then may clear the row too; NAME=FILE gives its policy another name than actions.",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var json = Parameters.Json("the explanation");
        var command = new Verb("explain", "Tells why a row is in its table, with the origin of each fact; or why it is not: what each rule lacks, and what is nearest to it.")
        {
            Examples =
            [
                "congress explain network.dl --facts facts/ --row 'error(\"vm-1\")'",
                "congress explain network.dl --facts facts/ --row 'error(\"vm-2\")' --json",
                "congress explain network.dl --facts facts/ --row 'error(\"vm-1\")' --change approved --actions actions.dl",
            ],
        };
        command.Arguments.Add(policies);
        foreach (var option in new Option[] { facts, kind, row, policy, mermaid, change, actions, json })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(mermaid) && result.GetValue(json))
            {
                result.AddError("--mermaid and --json exclude each other.");
            }
        });
        command.SetAction(parsed => session.Run(() =>
        {
            var asked = parsed.GetValue(row)!;
            session.Sources.Add("query", asked);
            using var workspace = Workspace.Open(session, PolicyFiles.Read(parsed.GetValue(policies)!, parsed.GetValue(actions)!, session.Sources), parsed.KindOf(kind), parsed.GetValue(facts));
            session.Diagnostics.Print(workspace.Warnings);
            workspace.LoadFacts();
            var target = workspace.Known("--policy", parsed.GetValue(policy));
            var changeable = parsed.GetValue(change)!;
            if ((changeable.Length > 0 || parsed.GetValue(actions)!.Length > 0)
                && workspace.Engine.Remedies(asked, new() { Changeable = changeable }, target, session.Cancellation) is { } remedies)
            {
                Print(session, remedies, parsed.GetValue(json));
            }
            else if (workspace.Engine.Why(asked, target, session.Cancellation) is { } derivation)
            {
                Print(session, derivation, parsed.GetValue(mermaid), parsed.GetValue(json));
            }
            else
            {
                Print(session, workspace.Engine.WhyNot(asked, target, session.Cancellation)!, parsed.GetValue(json));
            }

            return ExitCode.Fine;
        }));
        return command;
    }

    private static void Print(Session session, Derivation derivation, bool asGraph, bool asJson)
    {
        if (asJson)
        {
            session.WriteJson(output => JsonSerializer.Serialize(output, derivation.ToDocument(), ApiJson.Default.DerivationDocument));
        }
        else if (asGraph)
        {
            session.Output.Write(derivation.ToDocument().ToMermaid());
        }
        else
        {
            session.Output.WriteLine(derivation);
        }
    }

    private static void Print(Session session, Remedies remedies, bool asJson)
    {
        if (asJson)
        {
            session.WriteJson(output => JsonSerializer.Serialize(output, remedies, ApiJson.Default.Remedies));
        }
        else
        {
            session.Output.WriteLine(remedies.Found.Count == 0 && remedies.IsComplete ? "nothing of one or two steps clears it" : remedies.ToString());
        }
    }

    private static void Print(Session session, Absence absence, bool asJson)
    {
        if (asJson)
        {
            session.WriteJson(output => JsonSerializer.Serialize(output, absence, ApiJson.Default.Absence));
        }
        else
        {
            session.Output.WriteLine(absence);
        }
    }
}
