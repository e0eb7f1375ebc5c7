using System.Globalization;
using Congress.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Congress.Persistence;

/// <summary>One SQLite file that holds what must outlive the processes of a system on one machine.</summary>
/// <remarks>
/// Write-ahead log, full synchronisation: what has been committed survives a crash of the process and of the machine. Several processes may
/// open one file. Writers take turns; one that finds another at work tries again after a short time of random length, as SQLite's own waiting lets the
/// same one win again and again; and one that has met others lately lets them pass before it begins again. Thread safe.
/// </remarks>
public sealed class SqliteStore : IDisposable
{
    private const int ApplicationId = 0x434E4752;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);   // of the threads of this process; other processes are kept away by the file
    private readonly SqliteConnection _connection;
    private long? _metOthers;   // when

    private SqliteStore(string path, SqliteConnection connection, SqliteStoreOptions options) => (Path, _connection, Options) = (path, connection, options);

    /// <summary>The file.</summary>
    public string Path { get; }

    internal SqliteStoreOptions Options { get; }

    /// <summary>Opens a file, which is made when it is not there, and brings it up to date.</summary>
    /// <exception cref="StoreException">The file cannot be opened, is no store, is damaged, or a newer release made it.</exception>
    public static async Task<SqliteStore> OpenAsync(string path, SqliteStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = System.IO.Path.GetFullPath(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        var store = new SqliteStore(path, connection, options ?? new());
        try
        {
            store.Guard(() =>
            {
                connection.Open();
                store.CheckIsOurs();
                return 0;
            });
            await store.BeginWithPatienceAsync("PRAGMA journal_mode = WAL", cancellationToken).ConfigureAwait(false);
            store.Execute("PRAGMA synchronous = FULL");
            await store.MigrateAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    /// <summary>Reads one state of the file.</summary>
    internal async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BeginWithPatienceAsync("BEGIN", cancellationToken).ConfigureAwait(false);
            try
            {
                return Guard(() => read(_connection));
            }
            finally
            {
                Try("COMMIT");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Begins to write; nobody else does until the result is disposed of.</summary>
    internal async Task<SqliteWrite> BeginWriteAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_metOthers is { } when && Options.TimeProvider.GetElapsedTime(when) < Lately)
            {
                await PauseAsync(cancellationToken).ConfigureAwait(false);
            }

            await BeginWithPatienceAsync("BEGIN IMMEDIATE", cancellationToken).ConfigureAwait(false);
            return new(this, _connection, _turn);
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <summary>Does something with the file, and says what went wrong in our words.</summary>
    internal T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw Failed(exception.SqliteErrorCode, exception.Message, exception);
        }
    }

    /// <summary>Runs statements.</summary>
    internal void Execute(string sql)
    {
        if (Try(sql) is var code and not raw.SQLITE_OK)
        {
            throw Failed(code, raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), null);
        }
    }

    /// <summary>Runs statements once, without the pauses of 150 ms that the provider makes when others are at work.</summary>
    private int Try(string sql) => raw.sqlite3_exec(_connection.Handle, sql);

    private async Task BeginWithPatienceAsync(string sql, CancellationToken cancellationToken)
    {
        var start = Options.TimeProvider.GetTimestamp();
        while (Try(sql) is var code and not raw.SQLITE_OK)
        {
            if ((code & 0xFF) is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED) || Options.TimeProvider.GetElapsedTime(start) > Options.Patience)
            {
                throw Failed(code, raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), null);
            }

            _metOthers = Options.TimeProvider.GetTimestamp();
            await PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(LongestPause * Random.Shared.NextDouble(), Options.TimeProvider, cancellationToken);

    private void CheckIsOurs()
    {
        // All from one state: another process may be laying out the new file at this moment.
        Execute("BEGIN");
        var (tables, application, version) = (Number("SELECT count(*) FROM sqlite_schema"), Number("PRAGMA application_id"), Number("PRAGMA user_version"));
        Execute("COMMIT");
        var isNew = application == 0 && version == 0 && tables == 0;
        if (!isNew && application != ApplicationId)
        {
            throw new StoreException(StoreFailure.Damaged, $"{Path} is an SQLite file of another program; expected a store of Congress, or no file");
        }

        if (version > SqliteSchema.Steps.Length)
        {
            throw new StoreException(StoreFailure.Newer,
                $"{Path} has schema {version}; this release knows schemas up to {SqliteSchema.Steps.Length}. Run a newer release, or restore a backup that this one made");
        }

        if (!isNew && Text("PRAGMA quick_check(1)") is var found and not "ok")
        {
            throw new StoreException(StoreFailure.Damaged, $"{Path} is damaged: {found.ReplaceLineEndings(" ")}. Restore it from a backup");
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        using var write = await BeginWriteAsync(cancellationToken).ConfigureAwait(false);
        var version = Guard(() => Number("PRAGMA user_version"));
        if (version >= SqliteSchema.Steps.Length)
        {
            return;
        }

        for (; version < SqliteSchema.Steps.Length; version++)
        {
            Execute(SqliteSchema.Steps[version]);
        }

        Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version}"));
        write.Commit();
    }

    private long Number(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private string Text(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }

    private StoreException Failed(int code, string message, Exception? inner) => (code & 0xFF) switch
    {
        raw.SQLITE_NOTADB => new(StoreFailure.Damaged, $"{Path} is no SQLite file; expected a store of Congress, or no file", inner),
        raw.SQLITE_CORRUPT => new(StoreFailure.Damaged, $"{Path} is damaged: {message}. Restore it from a backup", inner),
        raw.SQLITE_FULL => new(StoreFailure.Unavailable, $"{Path} cannot grow: the disk is full", inner),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StoreFailure.Unavailable, $"{Path} is held by another process, for more than {Options.Patience.TotalSeconds:0.###} s", inner),
        raw.SQLITE_CANTOPEN => new(StoreFailure.Unavailable, $"{Path} cannot be opened: {message}. Does its folder exist, and may it be written?", inner),
        raw.SQLITE_READONLY => new(StoreFailure.Unavailable, $"{Path} cannot be written: {message}", inner),
        _ => new(StoreFailure.Unavailable, $"{Path} cannot be used: {message}", inner),
    };
}

/// <summary>How a store is used.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>How long to wait for others who write.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many entries of the rule log stay when it is compacted, for engines that are a little behind and for requests that come again.</summary>
    public int EntriesKept { get; init; } = 10_000;

    /// <summary>The time that entries get.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
