using Congress.Data;

namespace Congress.Datalog.Answers;

/// <summary>How tables depend on each other.</summary>
/// <param name="Tables">The tables that rules derive or read, sorted.</param>
/// <param name="Edges">Which tables rules read to derive which, sorted.</param>
public sealed record TableGraph(IReadOnlyList<TableNode> Tables, IReadOnlyList<TableEdge> Edges);

/// <summary>A table in a graph.</summary>
/// <param name="Table">The table.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Recursion">A number that it shares with the tables it depends on in a circle; null outside of recursion.</param>
public sealed record TableNode(TableName Table, TableRole Role, int? Recursion);

/// <summary>What a table is there for.</summary>
public enum TableRole
{
    /// <summary>No rule derives it: its rows are given.</summary>
    Source,

    /// <summary>Rules derive it.</summary>
    Derived,

    /// <summary>It is <c>error</c> or <c>warning</c> of a policy.</summary>
    Violation,

    /// <summary>Its rows are calls of an action.</summary>
    Action,
}

/// <summary>Says that rules read one table to derive another.</summary>
/// <param name="From">The table that is read.</param>
/// <param name="To">The table that is derived.</param>
/// <param name="IsNegated">Whether it is read under negation.</param>
/// <param name="Aggregates">The aggregates of the rules' heads, such as <c>count, sum</c>; null for none.</param>
public sealed record TableEdge(TableName From, TableName To, bool IsNegated, string? Aggregates);
