using System.CommandLine;
using System.CommandLine.Parsing;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Cli;

/// <summary>The arguments and options that several verbs have.</summary>
internal static class Parameters
{
    private static readonly string[] Kinds = ["nonrecursive", "recursive", "z3", "action", "database", "materialized"];

    public static Argument<string[]> Policies() => Files("POLICY", "A policy file, or NAME=FILE for a file of policy NAME.");

    /// <summary>One or more files. An option that is not one is not taken for a file: <c>./-x</c> names the file <c>-x</c>.</summary>
    public static Argument<string[]> Files(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(result =>
        {
            foreach (var option in result.Tokens.Select(t => t.Value).Where(t => t.StartsWith('-')))
            {
                var near = Spelling.Closest(option, (result.Parent as CommandResult)?.Command.Options.Select(o => o.Name) ?? []);
                result.AddError($"There is no option {option}{(near is null ? "." : $"; did you mean {near}?")}");
            }
        });
        return argument;
    }

    public static Option<string?> Facts() => new("--facts")
    {
        Description = "The folder of facts: DIR/TABLE.facts, .tsv, .csv, .json or .jsonl; a sub-folder is a policy or datasource.",
        HelpName = "DIR",
    };

    public static Option<string> Kind()
    {
        var option = new Option<string>("--kind")
        {
            Description = "The kind of the policies that are given as files.",
            HelpName = "KIND",
            DefaultValueFactory = _ => Kinds[0],
        };
        option.AcceptOnlyFromAmong(Kinds);
        return option;
    }

    public static Option<bool> Json(string what) => new("--json") { Description = $"Print {what} as JSON." };

    public static PolicyKind KindOf(this ParseResult parsed, Option<string> option) =>
        Enum.Parse<PolicyKind>(parsed.GetValue(option)!, ignoreCase: true);
}
