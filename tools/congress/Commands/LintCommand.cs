using System.CommandLine;
using Congress.Diagnostics;

namespace Congress.Cli.Commands;

/// <summary><c>congress lint</c>: what is permitted and probably not meant?</summary>
internal static class LintCommand
{
    public static Command Create(Session session)
    {
        var (policies, facts, kind) = (Parameters.Policies(), Parameters.Facts(), Parameters.Kind());
        var json = Parameters.Json("the findings");
        var command = new Verb("lint", "Looks for what is permitted and probably not meant. Exit code 2: a policy is wrong; 1: there are findings.")
        {
            Examples = ["congress lint network.dl", "congress lint network.dl --facts facts/ --json"],
        };
        command.Arguments.Add(policies);
        command.Options.Add(facts);
        command.Options.Add(kind);
        command.Options.Add(json);
        command.SetAction(parsed => session.Run(() =>
        {
            using var workspace = Workspace.Open(session, PolicyFiles.Read(parsed.GetValue(policies)!, session.Sources), parsed.KindOf(kind), parsed.GetValue(facts));
            workspace.LoadFacts();
            // Without facts, tables that nothing defines and policies that are not there are the sources.
            var warnings = parsed.GetValue(facts) is null ? workspace.WarningsBesidesSources.Where(w => w.Code != DiagnosticCode.UnknownPolicy) : workspace.Warnings;
            Diagnostic[] findings = [.. warnings, .. workspace.Engine.Lint()];
            if (parsed.GetValue(json))
            {
                session.WriteJson(output =>
                {
                    output.WriteStartObject();
                    output.WriteDiagnostics(findings);
                    output.WriteEndObject();
                });
            }
            else
            {
                session.Diagnostics.Print(findings);
            }

            return findings.Length > 0 ? ExitCode.Judged : ExitCode.Fine;
        }));
        return command;
    }
}
