using Congress.Data;
using Congress.Datalog.Builtins;

namespace Congress.Datalog.Analysis;

/// <summary>What a rule can refer to: the policies, tables and builtins around it.</summary>
internal interface IProgramScope
{
    BuiltinRegistry Builtins { get; }

    /// <summary>The kind of a policy; null when it does not exist.</summary>
    PolicyKind? KindOf(string policy);

    /// <summary>Whether the schema of a policy lists all its tables.</summary>
    bool IsComplete(string policy);

    /// <summary>The declared columns of a table, or of an action's arguments; null when there are none.</summary>
    TableSchema? SchemaOf(TableName table);

    /// <summary>The number of columns of a table, declared or told by its use; null when nothing tells it.</summary>
    int? ArityOf(TableName table);

    /// <summary>Whether a declaration, a rule or a row defines a table.</summary>
    bool Defines(TableName table);

    /// <summary>Whether a rule uses a table, or derives it.</summary>
    bool IsUsed(TableName table);

    /// <summary>The table, of those that its policy defines, whose name is nearest to a name that none of them has, for suggestions; null
    /// when none is near.</summary>
    string? Nearest(TableName table);

    /// <summary>The actions that a datasource is known to offer.</summary>
    IReadOnlyCollection<string> ActionsOf(string policy);

    /// <summary>The names of the policies, for suggestions.</summary>
    IEnumerable<string> Policies { get; }
}
