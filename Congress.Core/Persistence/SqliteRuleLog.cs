using System.Globalization;
using Congress.Policies.Catalog;
using Microsoft.Data.Sqlite;

namespace Congress.Persistence;

/// <summary>The rule log in a <see cref="SqliteStore"/>: a row for each entry, and a snapshot in place of the oldest.</summary>
public sealed class SqliteRuleLog(SqliteStore store) : IRuleLog
{
    /// <inheritdoc/>
    public Task<long> ReadVersionAsync(CancellationToken cancellationToken = default) => store.ReadAsync(VersionIn, cancellationToken);

    /// <inheritdoc/>
    public Task<RuleLogPart> ReadAfterAsync(long version, CancellationToken cancellationToken = default) =>
        store.ReadAsync(connection => PartAfter(connection, version), cancellationToken);

    /// <inheritdoc/>
    public async Task<IRuleLogAppend> BeginAppendAsync(long version, CancellationToken cancellationToken = default)
    {
        var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return store.Guard(() => new Append(store, write, PartAfter(write.Connection, version)));
        }
        catch
        {
            write.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task CompactAsync(long version, IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        using var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        store.Guard(() =>
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(version, VersionIn(write.Connection));
            using var snapshot = write.Connection.Command("INSERT INTO rule_snapshot(one, version, changes) VALUES (1, $version, $changes) "
                + "ON CONFLICT(one) DO UPDATE SET version = excluded.version, changes = excluded.changes WHERE version < excluded.version",
                ("$version", version), ("$changes", CatalogJson.Write(changes)));
            using var shorten = write.Connection.Command("DELETE FROM rule_log WHERE version <= $version", ("$version", version - store.Options.EntriesKept));
            return snapshot.ExecuteNonQuery() + shorten.ExecuteNonQuery();
        });
        write.Commit();
    }

    private static long VersionIn(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT max(coalesce((SELECT max(version) FROM rule_log), 0), coalesce((SELECT version FROM rule_snapshot), 0))");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>What came after a version: with the snapshot when entries between are gone.</summary>
    private static RuleLogPart PartAfter(SqliteConnection connection, long version)
    {
        (long Version, IReadOnlyList<CatalogChange> Changes)? start = null;
        using (var command = connection.Command("SELECT version, changes FROM rule_snapshot WHERE version > $version AND NOT EXISTS (SELECT 1 FROM rule_log WHERE version = $version + 1)", ("$version", version)))
        using (var reader = command.ExecuteReader())
        {
            if (reader.Read())
            {
                start = (reader.GetInt64(0), CatalogJson.Read(reader.GetString(1)));
            }
        }

        var entries = new List<RuleLogEntry>();
        using (var command = connection.Command("SELECT version, request_id, changes, at FROM rule_log WHERE version > $version ORDER BY version", ("$version", start?.Version ?? version)))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                entries.Add(EntryIn(reader));
            }
        }

        return new(start, entries);
    }

    private static RuleLogEntry EntryIn(SqliteDataReader reader) => new(reader.GetInt64(0), reader.GetString(1), CatalogJson.Read(reader.GetString(2)),
        DateTimeOffset.Parse(reader.GetString(3), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind));

    private sealed class Append(SqliteStore store, SqliteWrite write, RuleLogPart missed) : IRuleLogAppend
    {
        public RuleLogPart Missed => missed;

        public RuleLogEntry? Find(string requestId) => store.Guard(() =>
        {
            using var command = write.Connection.Command("SELECT version, request_id, changes, at FROM rule_log WHERE request_id = $request", ("$request", requestId));
            using var reader = command.ExecuteReader();
            return reader.Read() ? EntryIn(reader) : null;
        });

        public Refusal? FindRefusal(string requestId) => store.Guard(() =>
        {
            using var command = write.Connection.Command("SELECT refusal FROM refusal WHERE request_id = $request", ("$request", requestId));
            return command.ExecuteScalar() is string text ? RefusalJson.Read(text) : null;
        });

        public void Refuse(string requestId, Refusal refusal)
        {
            store.Guard(() =>
            {
                using var command = write.Connection.Command("INSERT INTO refusal(request_id, refusal) VALUES ($request, $refusal)",
                    ("$request", requestId), ("$refusal", RefusalJson.Write(refusal)));
                using var shorten = write.Connection.Command("DELETE FROM refusal WHERE ordinal <= (SELECT max(ordinal) FROM refusal) - $kept", ("$kept", store.Options.EntriesKept));
                return command.ExecuteNonQuery() + shorten.ExecuteNonQuery();
            });
            write.Commit();
        }

        public RuleLogEntry Commit(string requestId, IReadOnlyList<CatalogChange> changes)
        {
            var entry = store.Guard(() =>
            {
                var next = new RuleLogEntry(VersionIn(write.Connection) + 1, requestId, changes, store.Options.TimeProvider.GetUtcNow());
                using var command = write.Connection.Command("INSERT INTO rule_log(version, request_id, changes, at) VALUES ($version, $request, $changes, $at)",
                    ("$version", next.Version), ("$request", requestId), ("$changes", CatalogJson.Write(changes)), ("$at", next.At.ToString("O", CultureInfo.InvariantCulture)));
                command.ExecuteNonQuery();
                return next;
            });
            write.Commit();
            return entry;
        }

        public void Dispose() => write.Dispose();
    }
}
