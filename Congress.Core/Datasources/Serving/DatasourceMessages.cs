using System.Text.Json;
using System.Text.Json.Serialization;
using Congress.Bus;
using Congress.Data;

namespace Congress.Datasources.Serving;

/// <summary>Asks for a datasource, or that it be changed.</summary>
/// <param name="Id">The identity of a new one, or which one; its name will do for the latter.</param>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Its driver.</param>
/// <param name="Description">What it is for.</param>
/// <param name="IsEnabled">Whether it is to run; null leaves that as it is.</param>
/// <param name="Config">What the driver is told. In a change, null leaves that as it is, and a secret of <c>&lt;hidden&gt;</c> keeps its value.</param>
public sealed record DatasourceRequest(string Id, string? Name, string? Driver, string? Description, bool? IsEnabled, IReadOnlyDictionary<string, JsonElement>? Config);

/// <summary>A datasource, its secrets hidden.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Its driver.</param>
/// <param name="Description">What it is for.</param>
/// <param name="IsEnabled">Whether it runs.</param>
/// <param name="Config">What the driver is told.</param>
/// <param name="Problem">Why it cannot run at all, on the node that answers; null when it can.</param>
public sealed record DatasourceAnswer(string Id, string Name, string Driver, string? Description, bool IsEnabled, IReadOnlyDictionary<string, JsonElement> Config, string? Problem = null);

/// <summary>A driver.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Description">What it reads.</param>
/// <param name="Options">What it can be told.</param>
/// <param name="Tables">The tables that all its datasources have.</param>
public sealed record DriverAnswer(string Id, string Description, IReadOnlyList<DriverOption> Options, IReadOnlyList<TableSchema> Tables);

/// <summary>How a datasource is.</summary>
/// <param name="LastUpdated">When it was last read with success; null when it was not yet.</param>
/// <param name="LastError">What the last reading failed of, by group; empty when none did.</param>
/// <param name="Updates">How often it was read or pushed.</param>
/// <param name="IsInitialized">Whether each group has been read once.</param>
/// <param name="Subscribers">Tables that somebody follows.</param>
public sealed record DatasourceStatus(
    DateTimeOffset? LastUpdated, IReadOnlyDictionary<string, string> LastError, long Updates, bool IsInitialized, IReadOnlyList<string> Subscribers);

/// <summary>The tables and actions of a datasource.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="Actions">The actions.</param>
public sealed record DatasourceSchemaAnswer(IReadOnlyList<TableSchema> Tables, IReadOnlyList<DriverAction> Actions);

/// <summary>Asks for rows of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Offset">How many rows to leave out.</param>
/// <param name="Limit">The most rows to give.</param>
public sealed record DatasourceRowsQuestion(string Table, long Offset = 0, long Limit = long.MaxValue);

/// <summary>Rows of a table.</summary>
/// <param name="State">Changes with every change of the table.</param>
/// <param name="Rows">The rows, sorted when they do not fit into one answer.</param>
/// <param name="IsAll">Whether no row follows.</param>
public sealed record DatasourceRowsAnswer(long State, IReadOnlyList<Row> Rows, bool IsAll);

/// <summary>Gives a table other rows.</summary>
/// <param name="Table">The table.</param>
/// <param name="Objects">The rows, as the driver takes them.</param>
public sealed record DatasourcePush(string Table, JsonElement Objects);

/// <summary>How the messages are written.</summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(RowJsonConverter), typeof(ValueJsonConverter)], UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DatasourceRequest))]
[JsonSerializable(typeof(DatasourceAnswer))]
[JsonSerializable(typeof(IReadOnlyList<DatasourceAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<DriverAnswer>))]
[JsonSerializable(typeof(DatasourceStatus))]
[JsonSerializable(typeof(DatasourceSchemaAnswer))]
[JsonSerializable(typeof(DatasourceRowsQuestion))]
[JsonSerializable(typeof(DatasourceRowsAnswer))]
[JsonSerializable(typeof(DatasourcePush))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
[JsonSerializable(typeof(IReadOnlyList<TableSchema>))]
[JsonSerializable(typeof(IReadOnlyCollection<Row>))]
internal sealed partial class DatasourceJson : JsonSerializerContext;

/// <summary>What the service answers that keeps which datasources there are, and what each datasource answers.</summary>
public static class DatasourceMethods
{
    /// <summary>The service that keeps which datasources there are; each node that runs datasources has it.</summary>
    public const string Service = "_datasources";

    /// <summary>Creates a datasource.</summary>
    public static ServiceMethod<DatasourceRequest, DatasourceAnswer> Create { get; } = new("create", DatasourceJson.Default.DatasourceRequest, DatasourceJson.Default.DatasourceAnswer);

    /// <summary>Changes a datasource, without an interruption of others.</summary>
    public static ServiceMethod<DatasourceRequest, DatasourceAnswer> Update { get; } = new("update", DatasourceJson.Default.DatasourceRequest, DatasourceJson.Default.DatasourceAnswer);

    /// <summary>Deletes a datasource, by name or identity; the answer is what it was.</summary>
    public static ServiceMethod<string, DatasourceAnswer> Delete { get; } = new("delete", SimpleJson.Text, DatasourceJson.Default.DatasourceAnswer);

    /// <summary>Lists the datasources. The argument says nothing.</summary>
    public static ServiceMethod<bool, IReadOnlyList<DatasourceAnswer>> List { get; } = new("list", SimpleJson.Boolean, DatasourceJson.Default.IReadOnlyListDatasourceAnswer);

    /// <summary>Lists the drivers. The argument says nothing.</summary>
    public static ServiceMethod<bool, IReadOnlyList<DriverAnswer>> Drivers { get; } = new("drivers", SimpleJson.Boolean, DatasourceJson.Default.IReadOnlyListDriverAnswer);

    /// <summary>Has a datasource read at once. The argument says nothing, the result is the number of rows; what the reading fails of is thrown.</summary>
    public static ServiceMethod<bool, long> Refresh { get; } = new("refresh", SimpleJson.Boolean, SimpleJson.Integer);

    /// <summary>Tells how a datasource is. The argument says nothing.</summary>
    public static ServiceMethod<bool, DatasourceStatus> Status { get; } = new("status", SimpleJson.Boolean, DatasourceJson.Default.DatasourceStatus);

    /// <summary>Tells the tables and actions of a datasource. The argument says nothing.</summary>
    public static ServiceMethod<bool, DatasourceSchemaAnswer> Schema { get; } = new("schema", SimpleJson.Boolean, DatasourceJson.Default.DatasourceSchemaAnswer);

    /// <summary>Reads a table as the datasource has it.</summary>
    public static ServiceMethod<DatasourceRowsQuestion, DatasourceRowsAnswer> Rows { get; } = new("rows", DatasourceJson.Default.DatasourceRowsQuestion, DatasourceJson.Default.DatasourceRowsAnswer);

    /// <summary>Gives a table other rows; the answer is how many.</summary>
    public static ServiceMethod<DatasourcePush, long> Push { get; } = new("push", DatasourceJson.Default.DatasourcePush, SimpleJson.Integer);

    /// <summary>Gives a datasource a message of its system; the answer says nothing.</summary>
    public static ServiceMethod<DatasourcePush, bool> Webhook { get; } = new("webhook", DatasourceJson.Default.DatasourcePush, SimpleJson.Boolean);
}
