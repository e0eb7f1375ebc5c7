using System.Buffers;
using Congress.Bus.Protocol;
using Congress.Transport.NetMQ.Zmtp;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>The frames that wait to be written to one connection, as bytes in chunks of about 64 KiB. Never waits, and is bounded in frames and bytes.</summary>
/// <remarks>
/// There is one writer at a time and no thread of its own. Whoever sends while nobody writes becomes the writer: in the idle case
/// the bytes are on the wire when <see cref="TrySend"/> returns, and a round trip pays no change of threads. Who sends while somebody
/// writes only adds to a chunk, which then goes out with one call. Under load, when the last write is but microseconds ago, the writing
/// is left to the thread pool, so that a single busy sender gathers chunks, too, instead of paying a system call for each frame.
/// </remarks>
internal sealed class SendQueue : IThreadPoolWorkItem
{
    private const int ChunkLength = 64 << 10;
    private const int KeptChunks = 4;

    // A system call to a loopback socket takes 3 to 5 us and a round trip at least 20: between them the idle are told from the busy.
    private static readonly TimeSpan Busy = TimeSpan.FromMicroseconds(10);

    // A sender without pause fills a chunk in about that time.
    private static readonly TimeSpan Gathering = TimeSpan.FromMicroseconds(100);

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly NetMQTransportOptions _limits;
    private readonly Action<string> _failed;
    private readonly Queue<Chunk> _full = new();
    private readonly Stack<FrameBuffer> _spare = new();
    private readonly long _busyTicks;
    private readonly long _gatherTicks;
    private FrameBuffer _filling = new(4096);
    private int _fillingFrames;
    private int _frames;
    private int _bytes;
    private bool _isWriting;
    private bool _isClosed;
    private long _lastWrite;
    private TaskCompletionSource? _drained;

    /// <param name="stream">Where the bytes go.</param>
    /// <param name="limits">How much may wait.</param>
    /// <param name="failed">Is told, once, when writing has failed.</param>
    public SendQueue(Stream stream, NetMQTransportOptions limits, Action<string> failed)
    {
        (_stream, _limits, _failed) = (stream, limits, failed);
        _busyTicks = (long)(Busy.TotalSeconds * limits.TimeProvider.TimestampFrequency);
        _gatherTicks = (long)(Gathering.TotalSeconds * limits.TimeProvider.TimestampFrequency);
    }

    /// <summary>Hands a frame over as a message.</summary>
    /// <returns>False when the queue is full or closed.</returns>
    /// <exception cref="ArgumentException">The frame cannot be written; nothing has happened.</exception>
    public bool TrySend(Frame frame)
    {
        lock (_gate)
        {
            if (_isClosed || _frames >= _limits.QueueLength || _bytes >= _limits.QueueBytes)
            {
                return false;
            }

            var start = _filling.Count;
            ZmtpWriter.Message(_filling, frame, _limits.Compress);
            if (Added(start))
            {
                return true;
            }
        }

        Begin();
        return true;
    }

    /// <summary>Hands over what is not a message of the bus: greeting and commands. They are dropped when the queue is full.</summary>
    public void Send<T>(Action<IBufferWriter<byte>, T> write, T state)
    {
        lock (_gate)
        {
            if (_isClosed || _frames >= _limits.QueueLength || _bytes >= _limits.QueueBytes)
            {
                return;
            }

            var start = _filling.Count;
            write(_filling, state);
            if (Added(start))
            {
                return;
            }
        }

        Begin();
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
        }
    }

    /// <summary>Ends when nothing waits any more, or when the queue is closed.</summary>
    public Task DrainedAsync()
    {
        lock (_gate)
        {
            return _isClosed || !_isWriting ? Task.CompletedTask : (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    void IThreadPoolWorkItem.Execute() => Write(isSender: false);

    /// <summary>Counts what was added. Under the lock.</summary>
    /// <returns>Whether somebody writes already, who will take it along.</returns>
    private bool Added(int start)
    {
        _frames++;
        _fillingFrames++;
        _bytes += _filling.Count - start;
        if (_filling.Count >= ChunkLength)
        {
            Seal();
        }

        var isTaken = _isWriting;
        _isWriting = true;
        return isTaken;
    }

    private void Seal()
    {
        _full.Enqueue(new(_filling, _fillingFrames));
        _filling = _spare.TryPop(out var spare) ? spare : new(4096);
        _fillingFrames = 0;
    }

    private void Begin()
    {
        if (_limits.TimeProvider.GetTimestamp() - Volatile.Read(ref _lastWrite) > _busyTicks)
        {
            Write(isSender: true);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Writes chunk by chunk for as long as the socket takes them at once.</summary>
    /// <param name="isSender">Whether this is the thread of a sender: it leaves to the pool what others add meanwhile.</param>
    private void Write(bool isSender)
    {
        while (true)
        {
            if (!isSender)
            {
                Gather();
            }

            if (!TryTake(out var chunk))
            {
                return;
            }

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

            if (Recycle(chunk) && isSender)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
    }

    /// <summary>Lets a chunk grow for as long as somebody adds to it: a call for 64 KiB costs little more than one for a frame, on both sides.</summary>
    private void Gather()
    {
        var start = _limits.TimeProvider.GetTimestamp();
        int before;
        do
        {
            before = Volatile.Read(ref _bytes);
            Thread.Yield();
        }
        while (Volatile.Read(ref _bytes) is var now && now != before && now < ChunkLength && _limits.TimeProvider.GetTimestamp() - start < _gatherTicks);
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

    private bool TryTake(out Chunk chunk)
    {
        lock (_gate)
        {
            if (_isClosed || (_full.Count == 0 && _filling.Count == 0))
            {
                chunk = default;
                _isWriting = false;
                Volatile.Write(ref _lastWrite, _limits.TimeProvider.GetTimestamp());
                _drained?.TrySetResult();
                _drained = null;
                return false;
            }

            if (_full.Count == 0)
            {
                Seal();
            }

            chunk = _full.Dequeue();
            return true;
        }
    }

    /// <returns>Whether more waits.</returns>
    private bool Recycle(Chunk chunk)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _frames -= chunk.Frames;
            _bytes -= chunk.Buffer.Count;
            chunk.Buffer.Clear(ChunkLength * 2);
            if (_spare.Count < KeptChunks)
            {
                _spare.Push(chunk.Buffer);
            }

            return _full.Count > 0 || _filling.Count > 0;
        }
    }

    private void Fail(Exception exception)
    {
        Close();
        _failed($"writing failed: {exception.Message}");
    }

    private readonly record struct Chunk(FrameBuffer Buffer, int Frames);
}
