using System.CommandLine;

namespace Congress.Cli;

/// <summary>A verb of the command, with examples for its help.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Command lines that show the verb at work.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}
