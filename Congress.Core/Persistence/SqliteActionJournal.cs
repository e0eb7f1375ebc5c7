using System.Globalization;
using System.Text.Json;
using Congress.Actions;
using Congress.Data;
using Congress.Policies.Enforcement;
using Microsoft.Data.Sqlite;

namespace Congress.Persistence;

/// <summary>The journal of actions in a <see cref="SqliteStore"/>. The token of a write is compared with the lease of the same store.</summary>
public sealed class SqliteActionJournal(SqliteStore store) : IActionJournal
{
    private const string Columns = "id, policy, service, action, arguments, state, is_open, cause, note, opened_at, changed_at, promise";
    private const int Kept = 100_000;   // finished occurrences

    /// <inheritdoc/>
    public Task<IReadOnlyList<Occurrence>> ReadAsync(CancellationToken cancellationToken = default) =>
        ReadAsync($"SELECT {Columns} FROM occurrence WHERE is_open = 1 OR state IN ('Claimed', 'Sent') ORDER BY ordinal", [], cancellationToken);

    /// <inheritdoc/>
    public async Task<Occurrence?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        (await ReadAsync($"SELECT {Columns} FROM occurrence WHERE id = $id", [("$id", id)], cancellationToken).ConfigureAwait(false)) is [var found] ? found : null;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Occurrence>> ReadLastAsync(OccurrenceState? state, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync($"SELECT {Columns} FROM occurrence WHERE $state IS NULL OR state = $state ORDER BY ordinal DESC LIMIT $limit",
            [("$state", state is null ? DBNull.Value : state.ToString()!), ("$limit", limit)], cancellationToken);

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<Occurrence> occurrences, ulong fence, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(occurrences);
        using var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        store.Guard(() =>
        {
            using var lease = write.Connection.Command("SELECT token FROM lease WHERE name = $name", ("$name", EnforcementMethods.Service));
            if (fence != 0 && lease.ExecuteScalar() is long token && (ulong)token != fence)
            {
                throw new FencedException($"token {fence} has been followed by {token}: another engine acts now");
            }

            foreach (var occurrence in occurrences)
            {
                Write(write.Connection, occurrence);
            }

            using var old = write.Connection.Command(
                "DELETE FROM occurrence WHERE ordinal <= (SELECT max(ordinal) FROM occurrence) - $kept AND is_open = 0 AND state NOT IN ('Claimed', 'Sent')", ("$kept", Kept));
            return old.ExecuteNonQuery();
        });
        write.Commit();
    }

    private static void Write(SqliteConnection connection, Occurrence occurrence)
    {
        using var command = connection.Command(
            $"INSERT INTO occurrence({Columns}, ordinal) VALUES ($id, $policy, $service, $action, $arguments, $state, $open, $cause, $note, $opened, $changed, $promise, "
            + "(SELECT coalesce(max(ordinal), 0) + 1 FROM occurrence)) "
            + "ON CONFLICT(id) DO UPDATE SET state = excluded.state, is_open = excluded.is_open, cause = excluded.cause, note = excluded.note, changed_at = excluded.changed_at, promise = excluded.promise",
            ("$id", occurrence.Id), ("$policy", occurrence.Policy), ("$service", occurrence.Service), ("$action", occurrence.Action),
            ("$arguments", JsonSerializer.Serialize(occurrence.Arguments, EnforcementJson.Default.Row)), ("$state", occurrence.State.ToString()), ("$open", occurrence.IsOpen ? 1 : 0),
            ("$cause", occurrence.Cause), ("$note", (object?)occurrence.Note ?? DBNull.Value),
            ("$opened", occurrence.OpenedAt.ToString("O", CultureInfo.InvariantCulture)), ("$changed", occurrence.ChangedAt.ToString("O", CultureInfo.InvariantCulture)),
            ("$promise", (object?)occurrence.Promise?.ToString() ?? DBNull.Value));
        command.ExecuteNonQuery();
    }

    private Task<IReadOnlyList<Occurrence>> ReadAsync(string sql, (string Name, object Value)[] parameters, CancellationToken cancellationToken) => store.ReadAsync(connection =>
    {
        var occurrences = new List<Occurrence>();
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            occurrences.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), JsonSerializer.Deserialize(reader.GetString(4), EnforcementJson.Default.Row)!,
                Enum.Parse<OccurrenceState>(reader.GetString(5)), reader.GetBoolean(6), reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetString(8), TimeAt(reader, 9), TimeAt(reader, 10),
                reader.IsDBNull(11) ? null : Enum.Parse<ActionPromise>(reader.GetString(11))));
        }

        return (IReadOnlyList<Occurrence>)occurrences;
    }, cancellationToken);

    private static DateTimeOffset TimeAt(SqliteDataReader reader, int column) => DateTimeOffset.Parse(reader.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
