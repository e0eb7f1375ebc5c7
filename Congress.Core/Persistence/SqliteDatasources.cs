using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Serving;
using Congress.Diagnostics;
using Congress.Policies.Serving;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Congress.Persistence;

/// <summary>The datasources of a system in a <see cref="SqliteStore"/>, their configurations encrypted, and rows that were pushed.</summary>
/// <param name="store">The store.</param>
/// <param name="key">Encrypts configurations; null for an engine, which only reads the tables.</param>
public sealed class SqliteDatasources(SqliteStore store, SecretKey? key = null) : IDatasourceStore, IDatasourceDirectory
{
    /// <inheritdoc/>
    public Task<(long Version, IReadOnlyList<DatasourceRecord> Datasources)?> ReadAfterAsync(long version, CancellationToken cancellationToken = default) =>
        ReadAsync<DatasourceRecord>(version, "SELECT id, name, driver, description, is_enabled, config, tables FROM datasource ORDER BY ordinal", reader =>
        {
            var id = reader.GetString(0);
            var (config, unreadable) = ConfigOf(id, reader.GetFieldValue<byte[]>(5));
            return new(
                id, reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetBoolean(4), config,
                JsonSerializer.Deserialize(reader.GetString(6), DatasourceJson.Default.IReadOnlyListTableSchema)!, null, unreadable);
        }, cancellationToken);

    /// <inheritdoc/>
    Task<(long Version, IReadOnlyList<DatasourceSchema> Datasources)?> IDatasourceDirectory.ReadAfterAsync(long version, CancellationToken cancellationToken) =>
        ReadAsync<DatasourceSchema>(version, "SELECT name, tables FROM datasource WHERE is_enabled = 1 ORDER BY ordinal", reader =>
            new(reader.GetString(0), JsonSerializer.Deserialize(reader.GetString(1), DatasourceJson.Default.IReadOnlyListTableSchema)!), cancellationToken);

    /// <inheritdoc/>
    public Task CreateAsync(DatasourceRecord datasource, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(datasource);
        return ChangeAsync(connection => Run(connection,
            "INSERT INTO datasource(id, name, driver, description, is_enabled, config, tables, ordinal) "
            + "VALUES ($id, $name, $driver, $description, $enabled, $config, $tables, (SELECT coalesce(max(ordinal), 0) + 1 FROM datasource))", datasource), datasource.Name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task UpdateAsync(DatasourceRecord datasource, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(datasource);
        return ChangeAsync(connection => Run(connection,
            "UPDATE datasource SET name = $name, driver = $driver, description = $description, is_enabled = $enabled, config = $config, tables = $tables WHERE id = $id", datasource) == 1
                ? 1 : throw NotFound(datasource.Id), datasource.Name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(connection =>
        {
            using var rows = connection.Command("DELETE FROM pushed_rows WHERE datasource = $id", ("$id", id));
            using var command = connection.Command("DELETE FROM datasource WHERE id = $id", ("$id", id));
            rows.ExecuteNonQuery();
            return command.ExecuteNonQuery() == 1 ? 1 : throw NotFound(id);
        }, id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadRowsAsync(string id, CancellationToken cancellationToken = default) => store.ReadAsync(connection =>
    {
        var tables = new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal);
        using var command = connection.Command("SELECT name, rows FROM pushed_rows WHERE datasource = $id", ("$id", id));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            tables[reader.GetString(0)] = JsonSerializer.Deserialize(reader.GetString(1), DatasourceJson.Default.IReadOnlyCollectionRow)!;
        }

        return (IReadOnlyDictionary<string, IReadOnlyCollection<Row>>)tables;
    }, cancellationToken);

    /// <inheritdoc/>
    public async Task WriteRowsAsync(string id, IReadOnlyDictionary<string, IReadOnlyCollection<Row>> tables, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        using var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        store.Guard(() =>
        {
            foreach (var (table, rows) in tables)
            {
                using var command = write.Connection.Command(
                    "INSERT INTO pushed_rows(datasource, name, rows) SELECT $id, $name, $rows WHERE EXISTS (SELECT 1 FROM datasource WHERE id = $id) "
                    + "ON CONFLICT(datasource, name) DO UPDATE SET rows = excluded.rows",
                    ("$id", id), ("$name", table), ("$rows", JsonSerializer.Serialize(rows, DatasourceJson.Default.IReadOnlyCollectionRow)));
                command.ExecuteNonQuery();
            }

            return 0;
        });
        write.Commit();
    }

    /// <summary>One configuration that cannot be read harms no other datasource.</summary>
    private (IReadOnlyDictionary<string, JsonElement> Config, string? Unreadable) ConfigOf(string id, byte[] secret)
    {
        try
        {
            return (JsonSerializer.Deserialize(Key.Decrypt(secret, PurposeOf(id)), DatasourceJson.Default.IReadOnlyDictionaryStringJsonElement)!, null);
        }
        catch (StoreException exception)
        {
            return (new Dictionary<string, JsonElement>(StringComparer.Ordinal), exception.Message);
        }
    }

    private SecretKey Key => key ?? throw new InvalidOperationException("the configurations of datasources are encrypted, and there is no key");

    private static string PurposeOf(string id) => $"configuration of datasource {id}";

    private static DatasourceException NotFound(string id) => new(DatasourceFailure.NoDatasource, $"Datasource not found {id}");

    private Task<(long Version, IReadOnlyList<T> Datasources)?> ReadAsync<T>(long version, string sql, Func<SqliteDataReader, T> read, CancellationToken cancellationToken) =>
        store.ReadAsync<(long, IReadOnlyList<T>)?>(connection =>
        {
            using var head = connection.Command("SELECT version FROM datasource_version");
            if ((long)head.ExecuteScalar()! is var now && now == version)
            {
                return null;
            }

            var datasources = new List<T>();
            using var command = connection.Command(sql);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                datasources.Add(read(reader));
            }

            return (now, datasources);
        }, cancellationToken);

    private int Run(SqliteConnection connection, string sql, DatasourceRecord datasource)
    {
        using var command = connection.Command(sql,
            ("$id", datasource.Id), ("$name", datasource.Name), ("$driver", datasource.Driver), ("$description", (object?)datasource.Description ?? DBNull.Value),
            ("$enabled", datasource.IsEnabled ? 1 : 0),
            ("$config", Key.Encrypt(JsonSerializer.Serialize(datasource.Config, DatasourceJson.Default.IReadOnlyDictionaryStringJsonElement), PurposeOf(datasource.Id))),
            ("$tables", JsonSerializer.Serialize(datasource.Tables, DatasourceJson.Default.IReadOnlyListTableSchema)));
        return command.ExecuteNonQuery();
    }

    private async Task ChangeAsync(Func<SqliteConnection, int> change, string name, CancellationToken cancellationToken)
    {
        using var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        store.Guard(() =>
        {
            try
            {
                change(write.Connection);
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
            {
                throw new DatasourceException(DatasourceFailure.NameInUse, $"Datasource already in use with name {name}", exception);
            }

            using var head = write.Connection.Command("UPDATE datasource_version SET version = version + 1");
            return head.ExecuteNonQuery();
        });
        write.Commit();
    }
}
