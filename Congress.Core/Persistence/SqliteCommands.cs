using Microsoft.Data.Sqlite;

namespace Congress.Persistence;

/// <summary>Commands with parameters.</summary>
internal static class SqliteCommands
{
    /// <summary>Makes a command.</summary>
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
