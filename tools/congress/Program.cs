using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Congress.Cli.Commands;
using Congress.Diagnostics;

namespace Congress.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        using var session = new Session();
        var root = new RootCommand("Checks, formats, evaluates, explains, tries out and draws Datalog policies, and runs the service that watches over them.")
        {
            CheckCommand.Create(session),
            EvalCommand.Create(session),
            ExplainCommand.Create(session),
            FmtCommand.Create(session),
            GraphCommand.Create(session),
            LintCommand.Create(session),
            PlanCommand.Create(session),
            RunCommand.Create(session),
            SimulateCommand.Create(session),
        };
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new ExampleHelp((HelpAction)option.Action!);
        }

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Action is ParseErrorAction ? Refuse(parsed, session)
            : parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
    }

    /// <summary>Says what is wrong with a command line, and how to learn what would be right.</summary>
    private static int Refuse(ParseResult parsed, Session session)
    {
        foreach (var error in parsed.Errors)
        {
            session.Diagnostics.PrintError("congress", error.Message);
        }

        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var token, ..]
            && Spelling.Closest(token, command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name))) is { } near)
        {
            session.Error.WriteLine($"    hint: did you mean {near}?");
        }

        session.Error.WriteLine($"Try 'congress {(command is Verb ? $"{command.Name} " : "")}--help'.");
        return ExitCode.BadInput;
    }
}
