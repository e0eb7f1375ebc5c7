using System.CommandLine;
using System.Text.Json;
using Congress.Data;
using Congress.Datalog.Answers;

namespace Congress.Cli.Commands;

/// <summary><c>congress plan</c>: how the rules are evaluated.</summary>
internal static class PlanCommand
{
    public static Command Create(Session session)
    {
        var (policies, facts, kind) = (Parameters.Policies(), Parameters.Facts(), Parameters.Kind());
        var json = Parameters.Json("the plans");
        var command = new Verb("plan", "Prints how the rules are evaluated, stratum by stratum and step by step; with facts it evaluates them, and prints what each step gave and how long it took.")
        {
            Examples = ["congress plan network.dl", "congress plan paths.dl --kind recursive --facts facts/"],
        };
        command.Arguments.Add(policies);
        command.Options.Add(facts);
        command.Options.Add(kind);
        command.Options.Add(json);
        command.SetAction(parsed => session.Run(() =>
        {
            var folder = parsed.GetValue(facts);
            using var workspace = Workspace.Open(session, PolicyFiles.Read(parsed.GetValue(policies)!, session.Sources), parsed.KindOf(kind), folder);
            session.Diagnostics.Print(folder is null ? workspace.WarningsBesidesSources : workspace.Warnings);
            workspace.LoadFacts();
            var report = folder is null ? workspace.Engine.Explain() : workspace.Engine.Profile(session.Cancellation);
            if (parsed.GetValue(json))
            {
                session.WriteJson(output => Write(output, report));
            }
            else
            {
                session.Output.Write(report);
            }

            return ExitCode.Fine;
        }));
        return command;
    }

    private static void Write(Utf8JsonWriter json, PlanReport report)
    {
        json.WriteStartObject();
        json.WriteStartArray("strata");
        foreach (var stratum in report.Strata)
        {
            json.WriteStartObject();
            json.WriteTexts("tables", stratum.Tables.Select(t => t.ToString()));
            json.WriteBoolean("recursive", stratum.IsRecursive);
            WriteIfKnown(json, "rows", stratum.Rows);
            json.WriteStartArray("rules");
            foreach (var rule in stratum.Rules)
            {
                Write(json, rule);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RulePlan rule)
    {
        json.WriteStartObject();
        json.WriteString("policy", rule.Policy);
        json.WriteString("rule", rule.Rule);
        json.WriteString("id", rule.Id);
        json.WriteSpan(rule.Span);
        json.WriteString("delta", rule.Delta);
        json.WriteStartArray("steps");
        foreach (var step in rule.Steps)
        {
            json.WriteStartObject();
            json.WriteString("verb", step.Verb);
            json.WriteString("condition", step.Condition);
            json.WriteNumber("estimate", step.Estimate);
            WriteIfKnown(json, "bindings", step.Bindings);
            if (step.Elapsed is { } elapsed)
            {
                json.WriteNumber("milliseconds", elapsed.TotalMilliseconds);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIfKnown(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }
}
