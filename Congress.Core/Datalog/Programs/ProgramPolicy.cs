using System.Collections.Immutable;
using Congress.Data;

namespace Congress.Datalog.Programs;

/// <summary>A policy in the program: its kind, the schemas it declares and the rules it holds. It never changes.</summary>
internal sealed record ProgramPolicy(string Name, PolicyKind Kind)
{
    /// <summary>The declared tables by name.</summary>
    public ImmutableDictionary<string, TableSchema> Tables { get; init; } =
        ImmutableDictionary.Create<string, TableSchema>(StringComparer.Ordinal);

    /// <summary>The actions that the datasource offers, with their arguments as columns.</summary>
    public ImmutableDictionary<string, TableSchema> Actions { get; init; } =
        ImmutableDictionary.Create<string, TableSchema>(StringComparer.Ordinal);

    /// <summary>Whether <see cref="Tables"/> lists all tables, as a driver's schema does.</summary>
    public bool IsComplete { get; init; }

    /// <summary>The rules by identity.</summary>
    public ImmutableDictionary<string, ProgramRule> Rules { get; init; } =
        ImmutableDictionary.Create<string, ProgramRule>(StringComparer.Ordinal);
}
