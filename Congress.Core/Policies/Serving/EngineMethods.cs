using Congress.Bus;

namespace Congress.Policies.Serving;

/// <summary>What a policy engine on the bus answers.</summary>
public static class EngineMethods
{
    /// <summary>The service that all policy engines of a system are.</summary>
    public const string Service = "_engine";

    /// <summary>The table that an engine publishes besides those of its policies: all violations, with the columns policy, table, fact (the row as Datalog),
    /// severity and message.</summary>
    public const string ViolationsTable = "violations";

    /// <summary>Creates a policy.</summary>
    public static ServiceMethod<PolicyCreation, CatalogAnswer> CreatePolicy { get; } = new("create-policy", EngineJson.Default.PolicyCreation, EngineJson.Default.CatalogAnswer);

    /// <summary>Deletes a policy; the answer is what it was.</summary>
    public static ServiceMethod<PolicyDeletion, CatalogAnswer> DeletePolicy { get; } = new("delete-policy", EngineJson.Default.PolicyDeletion, EngineJson.Default.CatalogAnswer);

    /// <summary>Inserts a rule.</summary>
    public static ServiceMethod<RuleInsertion, CatalogAnswer> InsertRule { get; } = new("insert-rule", EngineJson.Default.RuleInsertion, EngineJson.Default.CatalogAnswer);

    /// <summary>Deletes a rule; the answer is what it was.</summary>
    public static ServiceMethod<RuleDeletion, CatalogAnswer> DeleteRule { get; } = new("delete-rule", EngineJson.Default.RuleDeletion, EngineJson.Default.CatalogAnswer);

    /// <summary>Reads policies and rules.</summary>
    public static ServiceMethod<CatalogQuestion, CatalogAnswer> ReadCatalog { get; } = new("catalog", EngineJson.Default.CatalogQuestion, EngineJson.Default.CatalogAnswer);

    /// <summary>Lists the tables of a policy.</summary>
    public static ServiceMethod<TablesQuestion, TablesAnswer> Tables { get; } = new("tables", EngineJson.Default.TablesQuestion, EngineJson.Default.TablesAnswer);

    /// <summary>Reads a table.</summary>
    public static ServiceMethod<RowsQuestion, RowsAnswer> Rows { get; } = new("rows", EngineJson.Default.RowsQuestion, EngineJson.Default.RowsAnswer);

    /// <summary>Answers a query.</summary>
    public static ServiceMethod<QueryQuestion, QueryAnswer> Query { get; } = new("query", EngineJson.Default.QueryQuestion, EngineJson.Default.QueryAnswer);

    /// <summary>Tells why a row is in its table, or why not.</summary>
    public static ServiceMethod<ExplanationQuestion, ExplanationAnswer> Explain { get; } = new("explain", EngineJson.Default.ExplanationQuestion, EngineJson.Default.ExplanationAnswer);

    /// <summary>Tells what would be.</summary>
    public static ServiceMethod<WhatIfQuestion, WhatIfAnswer> WhatIf { get; } = new("what-if", EngineJson.Default.WhatIfQuestion, EngineJson.Default.WhatIfAnswer);

    /// <summary>Lists violations.</summary>
    public static ServiceMethod<ViolationsQuestion, ViolationsAnswer> Violations { get; } = new("violations", EngineJson.Default.ViolationsQuestion, EngineJson.Default.ViolationsAnswer);

    /// <summary>Tells an engine that others have appended up to a version. It is told whether it knew.</summary>
    public static ServiceMethod<long, bool> Announce { get; } = new("announce", SimpleJson.Integer, SimpleJson.Boolean);

    /// <summary>Tells how an engine is; the argument says nothing.</summary>
    public static ServiceMethod<bool, EngineStatus> Status { get; } = new("status", SimpleJson.Boolean, EngineJson.Default.EngineStatus);
}
