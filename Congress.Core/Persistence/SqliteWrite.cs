using Microsoft.Data.Sqlite;

namespace Congress.Persistence;

/// <summary>A transaction that writes. Disposed of without <see cref="Commit"/>, it leaves no trace.</summary>
internal sealed class SqliteWrite(SqliteStore store, SqliteConnection connection, SemaphoreSlim turn) : IDisposable
{
    private bool _isOpen = true;

    public SqliteConnection Connection => connection;

    /// <summary>Makes all that was written last.</summary>
    /// <exception cref="Diagnostics.StoreException">That was not possible; nothing was written.</exception>
    public void Commit()
    {
        store.Execute("COMMIT");
        _isOpen = false;
    }

    public void Dispose()
    {
        try
        {
            if (_isOpen)
            {
                _isOpen = false;
                store.Execute("ROLLBACK");
            }
        }
        catch (Diagnostics.StoreException)
        {
            // SQLite has rolled back by itself, as after a full disk.
        }
        finally
        {
            turn.Release();
        }
    }
}
