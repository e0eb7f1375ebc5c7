using System.Text.Json;
using Congress.Datasources.Drivers.Sql;
using Microsoft.Data.Sqlite;

namespace Congress.Tests.Datasources.Sql;

/// <summary>A database in a file that goes with the test.</summary>
internal sealed class SqlSandbox : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sql-").FullName;

    public SqlSandbox(string statements) => Run(statements);

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Join(_folder, "test.db");

    /// <summary>A driver of this database. Without a pool it holds nothing open.</summary>
    public SqlDriver Make(string tables, string more = "", string? path = null) => Configured.Make<SqlDriver>(
        new SqlDriverFactory(), $$"""{"connection": "Data Source={{JsonEncodedText.Encode(path ?? Path)}};Pooling=False", "tables": {{tables}} {{more}} }""");

    /// <summary>Opens the database for the test itself.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Runs statements.</summary>
    public void Run(string statements)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = statements;
        command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
