using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Congress.Cli;

/// <summary>Prints the help of a command, and the examples of a verb.</summary>
internal sealed class ExampleHelp(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
            {
                output.WriteLine("  " + example);
            }
        }

        return code;
    }
}
