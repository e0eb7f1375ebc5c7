using System.CommandLine;
using System.Text.Json;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.WhatIf;

namespace Congress.Cli.Commands;

/// <summary><c>congress simulate</c>: what would changes and actions bring about?</summary>
internal static class SimulateCommand
{
    public static Command Create(Session session)
    {
        var (policies, facts, kind) = (Parameters.Policies(), Parameters.Facts(), Parameters.Kind());
        var text = new Option<string?>("--sequence") { Description = "The changes and actions, in order: 'p+(1) q-(2) stop(\"vm-1\")'.", HelpName = "TEXT" };
        var file = new Option<string?>("--sequence-file") { Description = "The file that holds the changes and actions.", HelpName = "FILE" };
        var actions = new Option<string[]>("--actions")
        {
            Description = "A file that describes what actions do; NAME=FILE gives its policy another name than actions.",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var actionPolicy = new Option<string?>("--action-policy") { Description = "The policy that describes the actions, where there are several.", HelpName = "NAME" };
        var policy = new Option<string?>("--policy") { Description = "The policy that is changed and asked where nothing else is said.", HelpName = "NAME" };
        var query = new Option<string?>("--query") { Description = "Print what this atom or rule would answer, instead of violations and calls.", HelpName = "ATOM" };
        var delta = new Option<bool>("--delta") { Description = "Print only the answers that come and go." };
        var json = Parameters.Json("the result");
        var command = new Verb("simulate", "Tells what changes and actions would bring about: the violations that appear and clear, and the actions that are called.")
        {
            Examples =
            [
                "congress simulate network.dl --facts facts/ --sequence 'approved+(\"vm-1\") nova:servers-(\"vm-2\", \"ACTIVE\")'",
                "congress simulate network.dl --facts facts/ --actions actions.dl --sequence 'stop(vm) :- error(vm)'",
                "congress simulate network.dl --facts facts/ --actions nova=nova.dl --sequence-file plan.dl --query 'error(vm)' --delta",
            ],
        };
        command.Arguments.Add(policies);
        foreach (var option in new Option[] { facts, kind, text, file, actions, actionPolicy, policy, query, delta, json })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if ((result.GetValue(text) is null) == (result.GetValue(file) is null))
            {
                result.AddError("Give either --sequence or --sequence-file.");
            }

            if (result.GetValue(delta) && result.GetValue(query) is null)
            {
                result.AddError("--delta is of the answers to a --query.");
            }
        });
        command.SetAction(parsed => session.Run(() =>
        {
            var files = PolicyFiles.Read(parsed.GetValue(policies)!, parsed.GetValue(actions)!, session.Sources);
            var path = parsed.GetValue(file);
            var sequence = path is null ? parsed.GetValue(text)! : PolicyFiles.ReadText(path);
            session.Sources.Add(path ?? "sequence", sequence);
            using var workspace = Workspace.Open(session, files, parsed.KindOf(kind), parsed.GetValue(facts));
            session.Diagnostics.Print(workspace.Warnings);
            workspace.LoadFacts();

            var (asked, target) = (parsed.GetValue(query), workspace.Known("--policy", parsed.GetValue(policy)));
            var describing = workspace.Known("--action-policy", parsed.GetValue(actionPolicy)) ?? (files.ActionPolicies.Count == 1 ? files.ActionPolicies.Single() : null);
            var simulation = workspace.Engine.Simulate().Sequence(sequence, describing, target, path ?? "sequence");
            session.Sources.Add("query", asked ?? "");
            var result = asked is null ? simulation.Run(session.Cancellation) : simulation.Run(asked, target, session.Cancellation);
            session.Diagnostics.Print(result.Diagnostics);
            if (parsed.GetValue(json))
            {
                session.WriteJson(output => Write(output, result, isQuery: asked is not null));
            }
            else
            {
                Print(result, session, asked is null ? null : parsed.GetValue(delta) ? result.Delta : result.Answers);
            }

            return ExitCode.Fine;
        }));
        return command;
    }

    private static void Print(SimulationResult result, Session session, IReadOnlyList<string>? answers)
    {
        if (answers is not null)
        {
            foreach (var answer in answers)
            {
                session.Output.WriteLine(answer);
            }

            return;
        }

        foreach (var violation in result.Appeared)
        {
            session.PrintViolation(violation, "+ ");
        }

        foreach (var violation in result.Cleared)
        {
            session.PrintViolation(violation, "- ");
        }

        foreach (var call in result.Actions)
        {
            session.Output.WriteLine($"+ {call}");
        }
    }

    private static void Write(Utf8JsonWriter json, SimulationResult result, bool isQuery)
    {
        json.WriteStartObject();
        json.WriteViolations("appeared", result.Appeared);
        json.WriteViolations("cleared", result.Cleared);
        json.WriteStartArray("actions");
        foreach (var call in result.Actions)
        {
            Write(json, call);
        }

        json.WriteEndArray();
        if (isQuery)
        {
            json.WriteTexts("answers", result.Answers);
            json.WriteTexts("delta", result.Delta);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ActionCall call)
    {
        json.WriteStartObject();
        json.WriteString("policy", call.Policy);
        json.WriteString("service", call.Service);
        json.WriteString("action", call.Action);
        json.WritePropertyName("arguments");
        json.WriteRow(call.Arguments.AsSpan());
        json.WriteEndObject();
    }
}
