using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Congress.Policies.Listening;

/// <summary>A stream of updates to one reader: a snapshot first, then what changes.</summary>
/// <remarks>What waits for the reader is bounded. When it does not keep up, what waits is dropped, and it gets a new snapshot.</remarks>
/// <param name="collect">Takes from a change what is of interest; null for nothing.</param>
/// <param name="snapshot">Makes a snapshot of the present version.</param>
/// <param name="versionOf">The version of an update.</param>
/// <param name="sizeOf">The number of rows in an update.</param>
internal sealed class Watcher<T>(Func<ChangeNotice, T?> collect, Func<T> snapshot, Func<T, long> versionOf, Func<T, int> sizeOf) : Listener
    where T : class
{
    private const int MaxUpdates = 256;
    private const int MaxRows = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<T> _waiting = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(1);   // there is something to do
    private int _rows;
    private bool _isBehind = true;
    private bool _isClosed;

    public override Action? Collect(ChangeNotice notice) => collect(notice) is { } update ? () => Add(update) : null;

    public override void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _waiting.Clear();
            Signal();
        }
    }

    /// <summary>Reads the stream until it is cancelled or the engine ends.</summary>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var version = -1L;
        for (Signal(); ;)
        {
            await _signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            while (TryTake(out var update, out var isBehind))
            {
                cancellationToken.ThrowIfCancellationRequested();
                update = isBehind ? snapshot() : update;
                if (versionOf(update!) > version)
                {
                    version = versionOf(update!);
                    yield return update!;
                }
            }

            if (_isClosed)
            {
                yield break;
            }
        }
    }

    private void Add(T update)
    {
        lock (_lock)
        {
            if (_isBehind || _isClosed)
            {
                return;   // the snapshot will have it
            }

            _waiting.Enqueue(update);
            _rows += sizeOf(update);
            if (_waiting.Count > MaxUpdates || _rows > MaxRows)
            {
                _waiting.Clear();
                (_rows, _isBehind) = (0, true);
            }

            Signal();
        }
    }

    private bool TryTake(out T? update, out bool isBehind)
    {
        lock (_lock)
        {
            (isBehind, _isBehind) = (_isBehind, false);
            update = null;
            if (_isClosed)
            {
                return false;
            }

            if (!isBehind && _waiting.TryDequeue(out update))
            {
                _rows -= sizeOf(update);
            }

            return isBehind || update is not null;
        }
    }

    private void Signal() => _signal.Writer.TryWrite(true);
}
