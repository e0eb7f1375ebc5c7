using System.Data.Common;
using System.Text.Json;
using Congress.Actions;
using Congress.Data;

namespace Congress.Datasources.Drivers.Sql;

/// <summary>Makes datasources that read databases.</summary>
/// <remarks>A query whose columns are not configured is asked for them when its datasource is made; otherwise that connects to nothing.</remarks>
public sealed class SqlDriverFactory : IDriverFactory
{
    /// <inheritdoc/>
    public string Name => "sql";

    /// <inheritdoc/>
    public string Description => "Tables of a database, by queries; actions by statements.";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new("connection", "the connection string, Data Source=PATH for SQLite", IsRequired: true, IsSecret: true),
        new(
            "tables",
            "an object with an entry for each table: the query, or an object with query, columns (a list; "
            + $"{TableColumns.Form}; the query is asked for them when it is not there) and lazy (true or false)",
            IsRequired: true),
        new("provider", "sqlite, or the name under which the node knows another provider; sqlite when it is not there"),
        new(
            "actions",
            "an object with an object for each action: statement (with parameters as @id), parameters (a list of their names, in order), description, and promise "
            + "(what comes of a call that is interrupted: at_most_once, at_least_once when twice does no harm, or keyed when the statement makes sure by @call_key; at_most_once when it is not there)"),
        new("timeout", "seconds that an answer may take; 30 when it is not there"),
        new("max_rows", "the most rows of a table; 1,000,000 when it is not there"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables => [];

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var standard = new SqlOptions();
        var options = standard with
        {
            Timeout = TimeSpan.FromSeconds(settings.Number("timeout", standard.Timeout.TotalSeconds, 0.001, 86_400)),
            MaxRows = (int)settings.Number("max_rows", standard.MaxRows, 1, int.MaxValue),
            Time = settings.Time,
        };
        var actions = TableColumns.Tables(settings, "actions").Select(action => ActionOf(settings, action.Name, action.Value)).ToArray();
        var source = SqlSources.Open(settings.Text("provider") ?? SqlSources.Sqlite, settings.RequiredText("connection"), writes: actions.Length > 0);
        try
        {
            return new SqlDriver(source, [.. TableColumns.Tables(settings, "tables").Select(table => TableOf(settings, source, options, table.Name, table.Value))], actions, options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static SqlTable TableOf(DriverSettings settings, DbDataSource source, SqlOptions options, string name, JsonElement given)
    {
        var (query, columns, isLazy) = (JsonValues.Of(given).ToPlainText(), (IReadOnlyList<Column>?)null, false);
        if (given.ValueKind != JsonValueKind.String)
        {
            var nested = new NestedOptions(settings, $"tables.{name}", given, "query", "columns", "lazy");
            query = nested.RequiredText("query");
            columns = nested.Find("columns") is { } listed ? TableColumns.Read(nested.Where("columns"), listed) : null;
            isLazy = nested.Flag("lazy");
        }

        // A factory has no time of its own to wait in; the query has a time that is bounded.
        return columns is not null ? new(new(name, columns), query, isLazy)
            : new(new(name, SqlSources.DescribeAsync(source, name, query, options, CancellationToken.None).GetAwaiter().GetResult()), query, isLazy) { IsDescribed = true };
    }

    private static SqlAction ActionOf(DriverSettings settings, string name, JsonElement given)
    {
        var nested = new NestedOptions(settings, $"actions.{name}", given, "statement", "parameters", "description", "promise");
        var statement = nested.RequiredText("statement");
        var parameters = (nested.Texts("parameters") ?? []).Select(parameter => new ActionParameter(parameter)).ToArray();
        var promise = nested.Text("promise") switch
        {
            null or "at_most_once" => ActionPromise.AtMostOnce,
            "at_least_once" => ActionPromise.AtLeastOnce,
            "keyed" => ActionPromise.Keyed,
            _ => throw nested.Wrong("promise", "at_most_once, at_least_once or keyed", nested.Find("promise")!.Value),
        };
        return parameters.Select(parameter => parameter.Name).FirstOrDefault(p => p.Length == 0 || p == "call_key" || parameters.Count(other => other.Name == p) > 1) is { } wrong
            ? throw new DriverException($"{nested.Where("parameters")} has '{wrong}'; expected distinct names other than call_key")
            : new(new DriverAction(name, parameters, nested.Text("description") ?? statement, promise), statement);
    }
}
