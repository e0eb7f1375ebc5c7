using System.Text.Json.Serialization;
using Congress.Data;
using Congress.Policies.Explaining;
using Congress.Policies.Catalog;

namespace Congress.Policies.Serving;

/// <summary>Asks for a policy with its first rules, all or nothing.</summary>
/// <param name="RequestId">What the request is known by: one that comes again is answered as before.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Rules">Its rules.</param>
public sealed record PolicyCreation(string RequestId, PolicyRecord Policy, IReadOnlyList<RuleRecord> Rules);

/// <summary>Asks that a policy be deleted.</summary>
/// <param name="RequestId">What the request is known by.</param>
/// <param name="Policy">Its name or identity.</param>
public sealed record PolicyDeletion(string RequestId, string Policy);

/// <summary>Asks for a rule.</summary>
/// <param name="RequestId">What the request is known by.</param>
/// <param name="Rule">The rule; its policy by name or identity.</param>
public sealed record RuleInsertion(string RequestId, RuleRecord Rule);

/// <summary>Asks that a rule be deleted.</summary>
/// <param name="RequestId">What the request is known by.</param>
/// <param name="Policy">Its policy, by name or identity.</param>
/// <param name="Rule">Its identity.</param>
public sealed record RuleDeletion(string RequestId, string Policy, string Rule);

/// <summary>Asks what the catalog holds.</summary>
/// <param name="Policy">A policy by name or identity; null for all.</param>
/// <param name="WithRules">Whether the rules of that policy are asked for.</param>
/// <param name="MinVersion">The version that the answer must have, at least: an engine that is behind waits for it.</param>
/// <param name="Rule">Of the rules only this one, by identity; null for all.</param>
/// <param name="Offset">How many rules to leave out: those that a former answer had.</param>
public sealed record CatalogQuestion(string? Policy = null, bool WithRules = false, long MinVersion = 0, string? Rule = null, int Offset = 0);

/// <summary>What the catalog holds, or what has been changed in it.</summary>
/// <param name="Version">The version of the policies and rules.</param>
/// <param name="Policies">Policies.</param>
/// <param name="Rules">Rules, in the order in which they came: as many as fit into a message.</param>
/// <param name="IsAll">Whether no rule follows.</param>
public sealed record CatalogAnswer(long Version, IReadOnlyList<PolicyRecord> Policies, IReadOnlyList<RuleRecord> Rules, bool IsAll = true);

/// <summary>Asks for the tables of a policy: those that its rules define and read.</summary>
/// <param name="Policy">The policy or datasource, by name or identity.</param>
/// <param name="MinVersion">The version that the answer must have, at least.</param>
public sealed record TablesQuestion(string Policy, long MinVersion = 0);

/// <summary>The tables of a policy.</summary>
/// <param name="Version">The version of the policies and rules.</param>
/// <param name="Tables">The names; those of other policies with them. Null: there is no such policy.</param>
public sealed record TablesAnswer(long Version, IReadOnlyList<string>? Tables);

/// <summary>Asks for rows of a table.</summary>
/// <param name="Policy">The policy, by name or identity.</param>
/// <param name="Table">The table, as its rules name it.</param>
/// <param name="Offset">How many rows to leave out.</param>
/// <param name="Limit">The most rows to give.</param>
/// <param name="Where">Values that columns must have, by position or name.</param>
/// <param name="WithTrace">Whether to tell how the table is derived.</param>
/// <param name="MinVersion">The version that the answer must have, at least.</param>
public sealed record RowsQuestion(
    string Policy, string Table, long Offset = 0, long Limit = long.MaxValue, IReadOnlyDictionary<string, Value>? Where = null, bool WithTrace = false, long MinVersion = 0);

/// <summary>Rows of a table, in the order of their values.</summary>
/// <param name="Version">The version of the policies and rules.</param>
/// <param name="State">The state of the engine that the rows are of; it changes with every change of any table.</param>
/// <param name="Rows">The rows. Null: there is no such table.</param>
/// <param name="IsAll">Whether no row follows.</param>
/// <param name="Trace">How the table is derived, when that was asked for.</param>
public sealed record RowsAnswer(long Version, long State, IReadOnlyList<Row>? Rows, bool IsAll = true, string? Trace = null);

/// <summary>Asks for the answers of a query.</summary>
/// <param name="Query">An atom or a rule.</param>
/// <param name="Policy">The policy that it is asked in, by name or identity.</param>
/// <param name="Limit">The most rows to give.</param>
/// <param name="MinVersion">The version that the answer must have, at least.</param>
public sealed record QueryQuestion(string Query, string Policy, long Limit = 10_000, long MinVersion = 0);

/// <summary>The answers of a query.</summary>
/// <param name="Version">The version of the policies and rules.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows.</param>
/// <param name="IsAll">Whether no row was left out.</param>
public sealed record QueryAnswer(long Version, IReadOnlyList<string> Columns, IReadOnlyList<Row> Rows, bool IsAll);

/// <summary>Asks what would be.</summary>
/// <param name="Policy">The policy that is changed and asked, by name.</param>
/// <param name="Query">What is asked then; null for the violations and actions alone.</param>
/// <param name="Sequence">Changes and actions, as the language has them.</param>
/// <param name="ActionPolicy">The policy that describes the actions.</param>
/// <param name="WithDelta">Whether to give what the answers change in instead of the answers.</param>
/// <param name="WithTrace">Whether to tell what was done.</param>
/// <param name="Insert">Rules to insert into the policy first; null for none.</param>
/// <param name="Delete">Rules to delete from it first; null for none.</param>
public sealed record WhatIfQuestion(
    string Policy, string? Query, string Sequence, string? ActionPolicy, bool WithDelta = false, bool WithTrace = false, string? Insert = null, string? Delete = null);

/// <summary>What would be.</summary>
/// <param name="Version">The version of the policies and rules.</param>
/// <param name="Result">The answers of the query, as Datalog.</param>
/// <param name="Appeared">The violations that would appear.</param>
/// <param name="Cleared">The violations that would clear.</param>
/// <param name="Actions">The actions that would be called.</param>
/// <param name="Trace">What was done, when that was asked for.</param>
public sealed record WhatIfAnswer(
    long Version, IReadOnlyList<string> Result, IReadOnlyList<ViolationMessage> Appeared, IReadOnlyList<ViolationMessage> Cleared, IReadOnlyList<string> Actions, string? Trace = null);

/// <summary>A violation.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Table">The table: <c>error</c> or <c>warning</c>.</param>
/// <param name="Row">The row.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What its rule says about it.</param>
/// <param name="Rule">The identity of the rule that gave it; null when a rule of a file did.</param>
/// <param name="Because">The conditions for which it holds.</param>
public sealed record ViolationMessage(string Policy, string Table, Row Row, string Severity, string? Message, string? Rule, IReadOnlyList<string> Because)
{
    internal static ViolationMessage Of(Violation violation) => new(
        violation.Table.Policy, violation.Table.Table, violation.Row, violation.Severity, violation.Message, violation.RuleId, violation.Body);
}

/// <summary>Asks for violations.</summary>
/// <param name="Policy">Those of a policy, by name or identity; null for all.</param>
/// <param name="Limit">The most to give.</param>
public sealed record ViolationsQuestion(string? Policy, long Limit);

/// <summary>Violations.</summary>
/// <param name="Version">The version of the policies and rules.</param>
/// <param name="Violations">The violations, sorted by table and row.</param>
/// <param name="Total">How many there are.</param>
public sealed record ViolationsAnswer(long Version, IReadOnlyList<ViolationMessage> Violations, long Total);

/// <summary>Asks why a row is in its table, or why not.</summary>
/// <param name="Policy">The policy that it is asked in.</param>
/// <param name="Row">The row as an atom.</param>
/// <param name="IsAbsence">Whether its absence is to be explained.</param>
/// <param name="MinVersion">The version that the engine must have reached.</param>
public sealed record ExplanationQuestion(string Policy, string Row, bool IsAbsence, long MinVersion = 0);

/// <summary>Why a row is in its table, or why not.</summary>
/// <param name="Version">The version of the policies and rules.</param>
/// <param name="Holds">Whether the row is there.</param>
/// <param name="Derivation">Why it is there; null when that was not asked, or it is not.</param>
/// <param name="Absence">Why it is not there; null when that was not asked, or it is.</param>
public sealed record ExplanationAnswer(long Version, bool Holds, DerivationDocument? Derivation, Absence? Absence);

/// <summary>What an engine says of itself.</summary>
/// <param name="Node">The node that it runs on.</param>
/// <param name="Version">The version of the policies and rules that it has.</param>
/// <param name="Store">What is wrong with the store; null when nothing is.</param>
/// <param name="Tables">The tables that it follows, and whether each is current.</param>
/// <param name="SetAside">The rules that it has set aside, by identity, and why.</param>
public sealed record EngineStatus(string Node, long Version, string? Store, IReadOnlyDictionary<string, bool> Tables, IReadOnlyDictionary<string, string> SetAside);

/// <summary>How the messages are written.</summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(RowJsonConverter), typeof(ValueJsonConverter)], UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PolicyCreation))]
[JsonSerializable(typeof(PolicyDeletion))]
[JsonSerializable(typeof(RuleInsertion))]
[JsonSerializable(typeof(RuleDeletion))]
[JsonSerializable(typeof(CatalogQuestion))]
[JsonSerializable(typeof(CatalogAnswer))]
[JsonSerializable(typeof(TablesQuestion))]
[JsonSerializable(typeof(TablesAnswer))]
[JsonSerializable(typeof(RowsQuestion))]
[JsonSerializable(typeof(RowsAnswer))]
[JsonSerializable(typeof(QueryQuestion))]
[JsonSerializable(typeof(QueryAnswer))]
[JsonSerializable(typeof(ExplanationQuestion))]
[JsonSerializable(typeof(ExplanationAnswer))]
[JsonSerializable(typeof(WhatIfQuestion))]
[JsonSerializable(typeof(WhatIfAnswer))]
[JsonSerializable(typeof(ViolationsQuestion))]
[JsonSerializable(typeof(ViolationsAnswer))]
[JsonSerializable(typeof(EngineStatus))]
internal sealed partial class EngineJson : JsonSerializerContext;
