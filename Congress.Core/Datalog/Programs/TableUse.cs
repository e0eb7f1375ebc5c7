using System.Collections.Immutable;
using Congress.Datalog.Analysis;

namespace Congress.Datalog.Programs;

/// <summary>How the active rules use a table: with how many columns, which derive it and which read it.</summary>
internal sealed record TableUse(int Arity)
{
    /// <summary>The rules whose head the table is, oldest first.</summary>
    public ImmutableList<Rule> Definitions { get; init; } = [];

    /// <summary>The rules in whose bodies the table stands, each once, oldest first.</summary>
    public ImmutableList<Rule> Users { get; init; } = [];

    public bool IsUsed => Definitions.Count + Users.Count > 0;
}
