using System.Data.Common;
using System.Globalization;
using Congress.Actions;
using Congress.Data;

namespace Congress.Datasources.Drivers.Sql;

/// <summary>Reads tables from a database by queries, and acts on it by statements.</summary>
/// <remarks>A reading keeps nothing that its query may have changed. An action keeps all of its statement or nothing.</remarks>
public sealed class SqlDriver : IGroupedTables, IActionDriver, IAsyncDisposable
{
    private readonly DbDataSource _source;
    private readonly SqlSession _session;
    private readonly SqlOptions _options;
    private readonly Dictionary<string, SqlTable> _tables;
    private readonly Dictionary<string, SqlAction> _actions;

    /// <summary>Makes a driver.</summary>
    /// <param name="source">The database. The driver disposes it.</param>
    /// <param name="tables">Its tables.</param>
    /// <param name="actions">Its actions.</param>
    /// <param name="options">How it is asked.</param>
    public SqlDriver(DbDataSource source, IReadOnlyList<SqlTable> tables, IReadOnlyList<SqlAction>? actions = null, SqlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tables);
        (_source, _options) = (source, options ?? new());
        _session = new(source, _options);
        _tables = tables.ToDictionary(table => table.Schema.Table, StringComparer.Ordinal);
        _actions = (actions ?? []).ToDictionary(action => action.Action.Name, StringComparer.Ordinal);
        Schema = [.. tables.Select(table => table.Schema)];
        Groups = [.. tables.Select(table => new TableGroup(table.Schema.Table, [table.Schema.Table], table.IsLazy))];
        Actions = [.. _actions.Values.Select(action => action.Action)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TableGroup> Groups { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DriverAction> Actions { get; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var tables = new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal);
        foreach (var (name, table) in _tables)
        {
            tables[name] = await ReadAsync(table, cancellationToken).ConfigureAwait(false);
        }

        return tables;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal) { [group.Name] = await ReadAsync(_tables[group.Name], cancellationToken).ConfigureAwait(false) };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(DriverCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!_actions.TryGetValue(call.Action, out var action))
        {
            throw new DriverException($"there is no action '{call.Action}'; there {(_actions.Count == 0 ? "are none" : $"are {string.Join(", ", _actions.Keys)}")}");
        }

        var arguments = Arguments(action.Action, call);
        await _session.UseAsync(
            $"action '{call.Action}'",
            writes: true,
            async (connection, transaction, token) =>
            {
                var command = _session.Command(connection, transaction, action.Statement);
                await using var _ = command.ConfigureAwait(false);
                foreach (var (name, value) in arguments)
                {
                    var parameter = command.CreateParameter();
                    (parameter.ParameterName, parameter.Value) = ("@" + name, SqlValues.ToField(value));
                    command.Parameters.Add(parameter);
                }

                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static List<(string Name, Value Value)> Arguments(DriverAction action, DriverCall call)
    {
        var parameters = action.Parameters;
        if (call.Positional.Count > parameters.Count)
        {
            throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"action '{action.Name}' takes {parameters.Count} arguments, found {call.Positional.Count}"));
        }

        if (call.Named.Keys.FirstOrDefault(name => parameters.All(p => p.Name != name) || call.Positional.Index().Any(p => parameters[p.Index].Name == name)) is { } wrong)
        {
            throw new DriverException(parameters.Any(p => p.Name == wrong) ? $"action '{action.Name}': argument '{wrong}' is given twice"
                : $"action '{action.Name}' has no argument '{wrong}'; it has {string.Join(", ", parameters.Select(p => p.Name))}");
        }

        var arguments = new List<(string, Value)>();
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            arguments.Add((parameter.Name, i < call.Positional.Count ? call.Positional[i]
                : call.Named.TryGetValue(parameter.Name, out var named) ? named
                : parameter.IsRequired ? throw new DriverException($"action '{action.Name}' lacks argument '{parameter.Name}'") : Value.Null));
        }

        if (action.Promise == ActionPromise.Keyed)
        {
            arguments.Add(("call_key", Value.Of(call.Key)));
        }

        return arguments;
    }

    private Task<HashSet<Row>> ReadAsync(SqlTable table, CancellationToken cancellationToken) => _session.UseAsync(
        $"table '{table.Schema.Table}'",
        writes: false,
        async (connection, transaction, token) =>
        {
            var command = _session.Command(connection, transaction, table.Query);
            await using var _ = command.ConfigureAwait(false);
            var reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            CheckColumns(table, reader);
            var rows = new HashSet<Row>();
            var number = 0L;
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                token.ThrowIfCancellationRequested();
                number++;
                if (rows.Add(RowOf(table, reader, number)) && rows.Count > _options.MaxRows)
                {
                    throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"table '{table.Schema.Table}' has more than {_options.MaxRows} rows"));
                }
            }

            return rows;
        },
        cancellationToken);

    private static void CheckColumns(SqlTable table, DbDataReader reader)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        if (names.Length != table.Schema.Arity || (table.IsDescribed && !names.SequenceEqual(table.Schema.Columns.Select(column => column.Name), StringComparer.Ordinal)))
        {
            throw new DriverException(string.Create(
                CultureInfo.InvariantCulture, $"table '{table.Schema.Table}': the query has {names.Length} columns ({string.Join(", ", names)}), expected the {table.Schema.Arity} of {table.Schema}"));
        }
    }

    private static Row RowOf(SqlTable table, DbDataReader reader, long number)
    {
        var values = new Value[table.Schema.Arity];
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = SqlValues.Of(reader.GetValue(i), table.Schema.Columns[i]);
            }
            catch (DriverException exception)
            {
                throw new DriverException(string.Create(CultureInfo.InvariantCulture, $"table '{table.Schema.Table}', row {number}: {exception.Message}"), exception.InnerException);
            }
        }

        return Row.Owning(values);
    }
}
