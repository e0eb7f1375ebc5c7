using System.CommandLine;
using System.Text.Json;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Cli.Commands;

/// <summary><c>congress check</c>: is a policy right, and do the facts keep it?</summary>
internal static class CheckCommand
{
    public static Command Create(Session session)
    {
        var (policies, facts, kind) = (Parameters.Policies(), Parameters.Facts(), Parameters.Kind());
        var json = Parameters.Json("diagnostics and violations");
        var command = new Verb("check", "Checks policies, and with facts lists the violations. Exit code 2: a policy is wrong; 1: there are violations.")
        {
            Examples = ["congress check network.dl", "congress check network.dl --facts facts/"],
        };
        command.Arguments.Add(policies);
        command.Options.Add(facts);
        command.Options.Add(kind);
        command.Options.Add(json);
        command.SetAction(parsed => session.Run(() =>
        {
            var asJson = parsed.GetValue(json);
            try
            {
                return Check(session, parsed.GetValue(policies)!, parsed.GetValue(facts), parsed.KindOf(kind), asJson);
            }
            catch (PolicyException exception) when (asJson)
            {
                session.WriteJson(output => Write(output, exception.Diagnostics, []));
                return ExitCode.BadInput;
            }
        }));
        return command;
    }

    private static int Check(Session session, string[] policies, string? facts, PolicyKind kind, bool asJson)
    {
        using var workspace = Workspace.Open(session, PolicyFiles.Read(policies, session.Sources), kind, facts);
        if (!asJson)
        {
            session.Diagnostics.Print(workspace.Warnings);
        }

        workspace.LoadFacts();
        var violations = facts is null ? [] : workspace.Engine.GetViolations(session.Cancellation);
        if (asJson)
        {
            session.WriteJson(output => Write(output, workspace.Warnings, violations));
        }
        else
        {
            foreach (var violation in violations)
            {
                session.PrintViolation(violation);
            }
        }

        return violations.Count > 0 ? ExitCode.Judged : ExitCode.Fine;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Diagnostic> diagnostics, IReadOnlyList<Violation> violations)
    {
        json.WriteStartObject();
        json.WriteDiagnostics(diagnostics);
        json.WriteViolations("violations", violations);
        json.WriteEndObject();
    }
}
