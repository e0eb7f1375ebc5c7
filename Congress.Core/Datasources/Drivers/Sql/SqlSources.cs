using System.Data.Common;
using Congress.Data;
using Microsoft.Data.Sqlite;

namespace Congress.Datasources.Drivers.Sql;

/// <summary>Finds databases by their providers.</summary>
internal static class SqlSources
{
    /// <summary>The provider that is built in.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>The database of a connection string.</summary>
    /// <param name="provider"><see cref="Sqlite"/>, or the name under which a provider is registered with <see cref="DbProviderFactories"/>.</param>
    /// <param name="connection">The connection string.</param>
    /// <param name="writes">Whether it is written; if not, SQLite refuses. A file that is not there is never made.</param>
    /// <exception cref="DriverException">There is no such provider, or it does not understand the connection string.</exception>
    public static DbDataSource Open(string provider, string connection, bool writes)
    {
        try
        {
            return provider == Sqlite ? SqliteFactory.Instance.CreateDataSource(OfFile(connection, writes))
                : DbProviderFactories.TryGetFactory(provider, out var factory) ? factory.CreateDataSource(connection)
                : throw new DriverException($"there is no provider '{provider}'; there are {string.Join(", ", DbProviderFactories.GetProviderInvariantNames().Order(StringComparer.Ordinal).Prepend(Sqlite))}");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message of a provider may repeat the connection string, which is a secret.
            throw new DriverException($"provider '{provider}' does not understand the connection string ({exception.GetType().Name})");
        }
    }

    /// <summary>The columns of a query, which is asked for them.</summary>
    /// <exception cref="DriverException">The database refuses, or a column has no name, or two have one.</exception>
    public static async Task<IReadOnlyList<Column>> DescribeAsync(DbDataSource source, string table, string query, SqlOptions options, CancellationToken cancellationToken)
    {
        var session = new SqlSession(source, options);
        var columns = await session.UseAsync(
            $"table '{table}'",
            writes: false,
            async (connection, transaction, token) =>
            {
                var command = session.Command(connection, transaction, query);
                await using var _ = command.ConfigureAwait(false);
                var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SchemaOnly, token).ConfigureAwait(false);
                await using var __ = reader.ConfigureAwait(false);
                return Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
            },
            cancellationToken).ConfigureAwait(false);
        return columns.Length == 0 ? throw new DriverException($"table '{table}': the query has no columns")
            : columns.Contains("", StringComparer.Ordinal) ? throw new DriverException($"table '{table}': a column of the query has no name; write AS")
            : TableColumns.Distinct($"table '{table}'", [.. columns.Select(name => new Column(name))]);
    }

    private static string OfFile(string connection, bool writes)
    {
        var file = new SqliteConnectionStringBuilder(connection);
        file.Mode = file.Mode == SqliteOpenMode.Memory ? SqliteOpenMode.Memory : writes ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly;
        return file.ToString();
    }
}
