using Congress.Bus;

namespace Congress.Persistence;

/// <summary>Leases in a <see cref="SqliteStore"/>, for the processes of one machine, which share its clock.</summary>
/// <remarks>A clock that is set back makes leases last longer, one that is set forward lets them end early: the token, which grows with each holder, tells a
/// former holder from the next all the same.</remarks>
public sealed class SqliteLease(SqliteStore store) : ILease
{
    /// <inheritdoc/>
    public async ValueTask<ulong?> TryHoldAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        // Who stands by looks often, and needs no turn to write for it.
        var now = store.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        if (await store.ReadAsync(connection => Find(connection, name), cancellationToken).ConfigureAwait(false) is { } known && known.Holder != holder && known.Until > now)
        {
            return null;
        }

        using var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        now = store.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var token = store.Guard<ulong?>(() =>
        {
            var held = Find(write.Connection, name);
            if (held is { } other && other.Holder != holder && other.Until > now)
            {
                return null;
            }

            var mine = held is { } own && own.Holder == holder && own.Until > now ? own.Token : (held?.Token ?? 0) + 1;
            using var command = write.Connection.Command(
                "INSERT INTO lease(name, holder, token, until) VALUES ($name, $holder, $token, $until) "
                + "ON CONFLICT(name) DO UPDATE SET holder = excluded.holder, token = excluded.token, until = excluded.until",
                ("$name", name), ("$holder", holder), ("$token", mine), ("$until", now + (long)duration.TotalMilliseconds));
            command.ExecuteNonQuery();
            return (ulong)mine;
        });
        if (token is not null)
        {
            write.Commit();
        }

        return token;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellationToken = default)
    {
        using var write = await store.BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        store.Guard(() =>
        {
            using var command = write.Connection.Command("UPDATE lease SET until = 0 WHERE name = $name AND holder = $holder", ("$name", name), ("$holder", holder));
            return command.ExecuteNonQuery();
        });
        write.Commit();
    }

    private static (string Holder, long Token, long Until)? Find(Microsoft.Data.Sqlite.SqliteConnection connection, string name)
    {
        using var command = connection.Command("SELECT holder, token, until FROM lease WHERE name = $name", ("$name", name));
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)) : null;
    }
}
