using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Congress.Datasources.Drivers.Sql;

/// <summary>Uses a connection of a database for one purpose, within a time.</summary>
internal sealed class SqlSession(DbDataSource source, SqlOptions options)
{
    private const int StepsBetweenLooks = 10_000;

    // SQLite waits for a lock as long as it may, and nothing can stop it meanwhile; the next reading comes soon enough.
    private const int SqliteSeconds = 1;

    /// <summary>Opens a connection, begins a transaction, and does something in it.</summary>
    /// <param name="what">What it is for, as a message names it: <c>table 'servers'</c>.</param>
    /// <param name="writes">Whether the transaction is to keep what is done. Otherwise it is rolled back, be it done.</param>
    /// <param name="use">Does it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DriverException">Nothing was done: the database cannot be reached or refuses, or it took too long.</exception>
    /// <exception cref="DbException">It was done, but perhaps not kept.</exception>
    public async Task<T> UseAsync<T>(string what, bool writes, Func<DbConnection, DbTransaction, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var isDone = false;
        try
        {
            // Some providers do all their work before they return a task.
            return await Task.Run(
                async () =>
                {
                    var connection = await source.OpenConnectionAsync(either.Token).ConfigureAwait(false);
                    await using var _ = connection.ConfigureAwait(false);
                    using var interruption = Interrupt(connection, either.Token);
                    var transaction = connection is SqliteConnection file ? Begin(file, writes) : await connection.BeginTransactionAsync(either.Token).ConfigureAwait(false);
                    await using var __ = transaction.ConfigureAwait(false);
                    var result = await use(connection, transaction, either.Token).ConfigureAwait(false);
                    either.Token.ThrowIfCancellationRequested();
                    if (writes)
                    {
                        isDone = true;
                        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                    }
                    else
                    {
                        await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
                    }

                    return result;
                },
                either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!isDone && exception is not DriverException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new DriverException(
                deadline.IsCancellationRequested ? string.Create(CultureInfo.InvariantCulture, $"{what}: no answer within {options.Timeout.TotalSeconds} s") : $"{what}: {exception.Message}",
                exception);
        }
    }

    /// <summary>A command in a transaction.</summary>
    public DbCommand Command(DbConnection connection, DbTransaction transaction, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        command.CommandTimeout = connection is SqliteConnection ? SqliteSeconds : (int)Math.Ceiling(options.Timeout.TotalSeconds);
        return command;
    }

    private static SqliteTransaction Begin(SqliteConnection file, bool writes)
    {
        file.DefaultTimeout = SqliteSeconds;
        return file.BeginTransaction(deferred: !writes);
    }

    /// <summary>Has SQLite, whose commands no token stops, look at it now and then.</summary>
    private static Interruption? Interrupt(DbConnection connection, CancellationToken cancellationToken) =>
        connection is SqliteConnection { Handle: { } handle } ? new Interruption(handle, cancellationToken) : null;

    private sealed class Interruption : IDisposable
    {
        private readonly sqlite3 _handle;

        public Interruption(sqlite3 handle, CancellationToken cancellationToken)
        {
            _handle = handle;
            raw.sqlite3_progress_handler(handle, StepsBetweenLooks, _ => cancellationToken.IsCancellationRequested ? 1 : 0, null!);
        }

        // The connection goes back to a pool.
        public void Dispose() => raw.sqlite3_progress_handler(_handle, 0, null!, null!);
    }
}
