using System.Text.Json;
using System.Text.Json.Serialization;
using Congress.Data;
using Congress.Policies.Catalog;
using Congress.Policies.Library;

namespace Congress.Api;

/// <summary>What an answer is of.</summary>
public abstract record ApiAnswer
{
    /// <summary>The version of the policies and rules that the answer is of; 0 when it has none. It goes beside the answer.</summary>
    [JsonIgnore]
    public long PolicyVersion { get; init; }
}

/// <summary>A list.</summary>
/// <param name="Results">What it holds.</param>
public sealed record Listing<T>(IReadOnlyList<T> Results) : ApiAnswer;

/// <summary>A policy.</summary>
public sealed record PolicyResource(string Id, string Name, string? OwnerId, string Description, string Abbreviation, string Kind) : ApiAnswer
{
    /// <summary>The rules that it was created with; null when it was created without.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RuleInPolicy>? Rules { get; init; }

    internal static PolicyResource Of(PolicyRecord policy, IReadOnlyList<RuleInPolicy>? rules = null) =>
        new(policy.Id, policy.Name, policy.Owner, policy.Description ?? "", policy.Abbreviation, policy.Kind.ToString().ToLowerInvariant()) { Rules = rules };
}

/// <summary>A rule of a policy that has just been created.</summary>
public sealed record RuleInPolicy(string Rule, string Comment, string? Name);

/// <summary>A rule.</summary>
public sealed record RuleResource(string Rule, string Id, string Comment, string? Name) : ApiAnswer
{
    internal static RuleResource Of(RuleRecord rule) => new(rule.Text, rule.Id, rule.Comment ?? "", rule.Name);
}

/// <summary>A table, by name.</summary>
public sealed record TableResource(string Id) : ApiAnswer;

/// <summary>A row of a table.</summary>
public sealed record RowResource(Row Data);

/// <summary>Rows of a table.</summary>
public sealed record RowsResource(IReadOnlyList<RowResource> Results) : ApiAnswer
{
    /// <summary>How the table is derived, when that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }
}

/// <summary>The columns of a table.</summary>
public sealed record TableSpecResource(string TableId, IReadOnlyList<ColumnResource> Columns) : ApiAnswer
{
    internal static TableSpecResource Of(TableSchema table) => new(table.Table, [.. table.Columns.Select(c => new ColumnResource(c.Name, null))]);
}

/// <summary>A column.</summary>
public sealed record ColumnResource(string Name, string? Description);

/// <summary>The tables of a datasource.</summary>
public sealed record SchemaResource(IReadOnlyList<TableSpecResource> Tables) : ApiAnswer;

/// <summary>A datasource.</summary>
public sealed record DatasourceResource(string Id, string Name, string Driver, string? Description, string? Type, bool Enabled, IReadOnlyDictionary<string, JsonElement> Config) : ApiAnswer;

/// <summary>How a datasource is, in the words of OpenStack Congress.</summary>
public sealed record DatasourceStatusResource(
    string LastUpdated, string LastError, string NumberOfUpdates, string Initialized, IReadOnlyList<string> Subscriptions, IReadOnlyList<string> Subscribers) : ApiAnswer;

/// <summary>An action of a datasource.</summary>
public sealed record ActionResource(string Name, IReadOnlyList<ActionArgument> Args, string Description);

/// <summary>An argument of an action.</summary>
public sealed record ActionArgument(string Name, string Description);

/// <summary>A driver in a list.</summary>
public sealed record DriverResource(string Id, string Description);

/// <summary>A driver.</summary>
public sealed record DriverDetailResource(
    string Id, string Description, IReadOnlyDictionary<string, string> Config, IReadOnlyList<TableSpecResource> Tables) : ApiAnswer
{
    /// <summary>The options that nobody may see again; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Secret { get; init; }
}

/// <summary>How a policy is.</summary>
public sealed record PolicyStatusResource(string Name, string Id) : ApiAnswer;

/// <summary>How a rule is.</summary>
public sealed record RuleStatusResource(string Name, string Id, string? Comment, string OriginalStr) : ApiAnswer;

/// <summary>What a what-if gave.</summary>
public sealed record SimulationResource(IReadOnlyList<string> Result) : ApiAnswer
{
    /// <summary>What was done, when that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }
}

/// <summary>A policy of the library in a list, with its rules or without.</summary>
public sealed record LibraryResource(string Id, string Name, string Abbreviation, string Description, string Kind) : ApiAnswer
{
    /// <summary>Its rules; null when they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LibraryRule>? Rules { get; init; }

    internal static LibraryResource Of(LibraryPolicy policy, bool withRules = true) =>
        new(policy.Id, policy.Name, policy.Abbreviation, policy.Description, policy.Kind) { Rules = withRules ? policy.Rules : null };
}
