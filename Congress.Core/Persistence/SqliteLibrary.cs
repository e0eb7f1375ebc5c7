using System.Text.Json;
using Congress.Policies.Library;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Congress.Persistence;

/// <summary>The policy library in a <see cref="SqliteStore"/>.</summary>
public sealed class SqliteLibrary(SqliteStore store) : ILibraryStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<LibraryPolicy>> ReadAsync(CancellationToken cancellationToken = default) => store.ReadAsync(connection =>
    {
        var policies = new List<LibraryPolicy>();
        using var command = connection.Command("SELECT policy FROM library ORDER BY ordinal");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            policies.Add(JsonSerializer.Deserialize(reader.GetString(0), LibraryJson.Default.LibraryPolicy)!);
        }

        return (IReadOnlyList<LibraryPolicy>)policies;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyList<LibraryPolicy> policies, bool onlyIfEmpty = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return ChangeAsync(connection =>
        {
            using var count = connection.Command("SELECT count(*) FROM library");
            if (onlyIfEmpty && (long)count.ExecuteScalar()! > 0)
            {
                return 0;
            }

            foreach (var policy in policies)
            {
                var text = JsonSerializer.Serialize(policy, LibraryJson.Default.LibraryPolicy);
                if (Find(connection, policy.Id) != text)
                {
                    Run(connection, "INSERT INTO library(id, name, policy, ordinal) VALUES ($id, $name, $policy, (SELECT coalesce(max(ordinal), 0) + 1 FROM library))", policy, text);
                }
            }

            return 0;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(LibraryPolicy policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return ChangeAsync(connection => Run(connection, "UPDATE library SET name = $name, policy = $policy WHERE id = $id", policy,
            JsonSerializer.Serialize(policy, LibraryJson.Default.LibraryPolicy)) == 1 ? 0 : throw NotFound(policy.Id), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<LibraryPolicy> DeleteAsync(string id, CancellationToken cancellationToken = default) => ChangeAsync(connection =>
    {
        var policy = Find(connection, id) ?? throw NotFound(id);
        using var command = connection.Command("DELETE FROM library WHERE id = $id", ("$id", id));
        command.ExecuteNonQuery();
        return JsonSerializer.Deserialize(policy, LibraryJson.Default.LibraryPolicy)!;
    }, cancellationToken);

    private static LibraryException NotFound(string id) => new(isMissing: true, $"No policy found with policy id {id}");

    private static string? Find(SqliteConnection connection, string id)
    {
        using var command = connection.Command("SELECT policy FROM library WHERE id = $id", ("$id", id));
        return (string?)command.ExecuteScalar();
    }

    private static int Run(SqliteConnection connection, string sql, LibraryPolicy policy, string text)
    {
        try
        {
            using var command = connection.Command(sql, ("$id", policy.Id), ("$name", policy.Name), ("$policy", text));
            return command.ExecuteNonQuery();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            throw new LibraryException(isMissing: false, $"Policy with name {policy.Name} already exists");
        }
    }

    private async Task<T> ChangeAsync<T>(Func<SqliteConnection, T> change, CancellationToken cancellationToken)
    {
        using var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        var result = store.Guard(() => change(write.Connection));
        write.Commit();
        return result;
    }
}
