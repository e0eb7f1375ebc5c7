using System.Buffers;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ.Zmtp;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>The frames that wait to be written to one connection, as bytes in chunks of about 64 KiB. Never waits, and is bounded in frames and bytes.</summary>
/// <remarks>
/// There is one writer at a time and no thread of its own. Whoever sends on an idle connection writes: the bytes are on the wire when
/// <see cref="TrySend"/> returns, and a round trip pays no change of threads. Under load, when the last write is but microseconds ago, frames gather,
/// and whoever fills a chunk writes it: a busy sender pays one system call for 64 KiB and wakes nobody. What is left when it pauses is flushed by the
/// thread pool, which looks at once, and while chunks are being filled anyway, every millisecond.
/// </remarks>
internal sealed class SendQueue : IThreadPoolWorkItem
{
    private const int ChunkLength = 64 << 10;
    private const int KeptChunks = 4;
    private const int MostAtOnce = 4;   // chunks that a sender writes before it goes on with its own work

    // A system call to a loopback socket takes 3 to 5 us and a round trip at least 20: between them the idle are told from the busy.
    private static readonly TimeSpan Busy = TimeSpan.FromMicroseconds(10);

    // A sender without pause fills a chunk in about that time.
    private static readonly TimeSpan Gathering = TimeSpan.FromMicroseconds(100);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly NetMQTransportOptions _limits;
    private readonly Action<string> _failed;
    private readonly Queue<Chunk> _full = new();
    private readonly Stack<FrameBuffer> _spare = new();
    private readonly long _busyTicks;
    private FrameBuffer _filling = new(4096);
    private int _fillingFrames;
    private int _frames;
    private int _bytes;
    private int _filled;              // chunks, for the flusher to see that somebody fills them
    private bool _isWriting;
    private bool _isFlushDue;
    private bool _isClosed;
    private long _lastWrite;
    private ITimer? _pause;
    private TaskCompletionSource? _drained;

    /// <param name="stream">Where the bytes go.</param>
    /// <param name="limits">How much may wait.</param>
    /// <param name="failed">Is told, once, when writing has failed.</param>
    public SendQueue(Stream stream, NetMQTransportOptions limits, Action<string> failed)
    {
        (_stream, _limits, _failed) = (stream, limits, failed);
        _busyTicks = (long)(Busy.TotalSeconds * limits.TimeProvider.TimestampFrequency);
    }

    private enum Next
    {
        Nothing,
        Write,
        Flush,
    }

    /// <summary>Hands a frame over as a message.</summary>
    /// <returns>False when the queue is full or closed.</returns>
    /// <exception cref="ArgumentException">The frame cannot be written; nothing has happened.</exception>
    public bool TrySend(Frame frame)
    {
        Next next;
        lock (_gate)
        {
            if (_isClosed || _frames >= _limits.QueueLength || _bytes >= _limits.QueueBytes)
            {
                return false;
            }

            var start = _filling.Count;
            ZmtpWriter.Message(_filling, frame, _limits.Compress);
            next = Added(start);
        }

        Do(next);
        return true;
    }

    /// <summary>Hands over what is not a message of the bus: greeting and commands. They are dropped when the queue is full.</summary>
    public void Send<T>(Action<IBufferWriter<byte>, T> write, T state)
    {
        Next next;
        lock (_gate)
        {
            if (_isClosed || _frames >= _limits.QueueLength || _bytes >= _limits.QueueBytes)
            {
                return;
            }

            var start = _filling.Count;
            write(_filling, state);
            next = Added(start);
        }

        Do(next);
    }

    /// <summary>Takes nothing more and forgets what waits.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _full.Clear();
            _spare.Clear();
            _filling.Clear(0);
            _fillingFrames = _frames = _bytes = 0;
            _drained?.TrySetResult();
            _pause?.Dispose();
        }
    }

    /// <summary>Ends when nothing waits any more, or when the queue is closed.</summary>
    public Task DrainedAsync()
    {
        lock (_gate)
        {
            return _isClosed || _frames == 0 ? Task.CompletedTask : (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    void IThreadPoolWorkItem.Execute() => Flush();

    /// <summary>Counts what was added, and says what its sender has to do. Under the lock.</summary>
    private Next Added(int start)
    {
        _frames++;
        _fillingFrames++;
        _bytes += _filling.Count - start;
        var isFull = _filling.Count >= ChunkLength;
        if (isFull)
        {
            _filled++;
            Seal();
        }

        if (_isWriting || (_isFlushDue && !isFull))
        {
            return Next.Nothing;
        }

        _isWriting = isFull || _limits.TimeProvider.GetTimestamp() - _lastWrite > _busyTicks;
        _isFlushDue |= !_isWriting;
        return _isWriting ? Next.Write : Next.Flush;
    }

    private void Seal()
    {
        _full.Enqueue(new(_filling, _fillingFrames));
        _filling = _spare.TryPop(out var spare) ? spare : new(4096);
        _fillingFrames = 0;
    }

    private void Do(Next next)
    {
        switch (next)
        {
            case Next.Write:
                Write(isSender: true);
                break;
            case Next.Flush:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
        }
    }

    /// <summary>Writes what nobody has come to write by filling a chunk.</summary>
    private void Flush()
    {
        var filled = Volatile.Read(ref _filled);
        Gather(filled);
        lock (_gate)
        {
            if (!_isClosed && !_isWriting && filled != _filled && _full.Count == 0)
            {
                // Somebody fills chunk after chunk. The rest of the last one is not forgotten.
                _pause ??= _limits.TimeProvider.CreateTimer(static queue => ((SendQueue)queue!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _pause.Change(Pause, Timeout.InfiniteTimeSpan);
                return;
            }

            _isFlushDue = false;
            if (_isClosed || _isWriting)
            {
                return;   // whoever writes sees to the rest
            }

            _isWriting = true;
        }

        Write(isSender: false);
    }

    /// <summary>Lets a chunk grow for as long as somebody adds to it: a call for 64 KiB costs little more than one for a frame, on both sides.</summary>
    private void Gather(int filled)
    {
        var start = _limits.TimeProvider.GetTimestamp();
        int before;
        do
        {
            before = Volatile.Read(ref _bytes);
            Thread.Yield();
        }
        while (Volatile.Read(ref _bytes) != before && Volatile.Read(ref _filled) == filled && _limits.TimeProvider.GetElapsedTime(start) < Gathering);
    }

    /// <summary>Writes a chunk, and those that have been filled meanwhile, for as long as the socket takes them at once.</summary>
    /// <param name="isSender">Whether this is the thread of a sender: it leaves to the pool what others go on adding.</param>
    private void Write(bool isSender)
    {
        for (var written = 0; TryTake(isFirst: written == 0, mayGoOn: !isSender || written < MostAtOnce, out var chunk); written++)
        {
            try
            {
                var writing = _stream.WriteAsync(chunk.Buffer.Written, CancellationToken.None);
                if (!writing.IsCompletedSuccessfully)
                {
                    _ = FinishAsync(writing, chunk);
                    return;
                }

                writing.GetAwaiter().GetResult();
            }
            catch (Exception e) when (Wire.IsFailure(e))
            {
                Fail(e);
                return;
            }

            Recycle(chunk);
        }
    }

    private async Task FinishAsync(ValueTask writing, Chunk chunk)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception e) when (Wire.IsFailure(e))
        {
            Fail(e);
            return;
        }

        Recycle(chunk);
        Write(isSender: false);
    }

    /// <summary>Takes a chunk to write; or none, and the writer is done, and the rest, if there is one, is for the pool.</summary>
    private bool TryTake(bool isFirst, bool mayGoOn, out Chunk chunk)
    {
        lock (_gate)
        {
            if (isFirst && _full.Count == 0 && _filling.Count > 0)
            {
                Seal();
            }

            if (!_isClosed && _full.Count > 0 && mayGoOn)
            {
                chunk = _full.Dequeue();
                return true;
            }

            chunk = default;
            _isWriting = false;
            if (_isClosed || _frames == 0 || _isFlushDue)
            {
                return false;
            }

            _isFlushDue = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return false;
    }

    private void Recycle(Chunk chunk)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _frames -= chunk.Frames;
            _bytes -= chunk.Buffer.Count;
            _lastWrite = _limits.TimeProvider.GetTimestamp();
            chunk.Buffer.Clear(ChunkLength * 2);
            if (_spare.Count < KeptChunks)
            {
                _spare.Push(chunk.Buffer);
            }

            if (_frames == 0)
            {
                _drained?.TrySetResult();
                _drained = null;
            }
        }
    }

    private void Fail(Exception exception)
    {
        Close();
        _failed($"writing failed: {exception.Message}");
    }

    private readonly record struct Chunk(FrameBuffer Buffer, int Frames);
}
