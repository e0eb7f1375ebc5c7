using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>TCP with Pipelines: a length before each message, written in batches of 64 KiB; on demand behind a bounded channel.</summary>
internal sealed class RawTcp(bool isQueued) : Contender
{
    private const int Batch = 64 << 10;

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(8192) { SingleReader = true });
    private Socket? _socket;
    private PipeReader? _reader;
    private PipeWriter? _writer;

    public override ValueTask<string> ListenAsync()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _ = ServeAsync(listener);
        return new(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
    }

    public override async ValueTask ConnectAsync(string place)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, int.Parse(place, CultureInfo.InvariantCulture))).ConfigureAwait(false);
        Use(socket);
    }

    public override ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<long> SendAsync(byte[] message, Func<bool> isOver)
    {
        long count = 0;
        for (; (count & 63) != 0 || !isOver(); count++)
        {
            await SendAsync(message, isLast: false).ConfigureAwait(false);
        }

        return count;
    }

    protected override async Task<List<long>> PingAsync(byte[] message, Func<bool> isOver)
    {
        var times = new List<long>();
        do
        {
            var start = Stopwatch.GetTimestamp();
            await SendAsync(message, isLast: true).ConfigureAwait(false);
            await ReceiveAsync().ConfigureAwait(false);
            times.Add(Stopwatch.GetTimestamp() - start);
        }
        while (!isOver());
        return times;
    }

    private async Task ServeAsync(Socket listener)
    {
        Use(await listener.AcceptAsync().ConfigureAwait(false));
        while (true)
        {
            var message = await ReceiveAsync().ConfigureAwait(false);
            if (message[0] == Echo)
            {
                await SendAsync(message, isLast: true).ConfigureAwait(false);
            }
        }
    }

    private void Use(Socket socket)
    {
        socket.NoDelay = true;
        _socket = socket;
        var stream = new NetworkStream(socket);
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: Batch));
        _writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: Batch));
        if (isQueued)
        {
            _ = DrainAsync(_writer);
        }
    }

    private ValueTask SendAsync(byte[] message, bool isLast)
    {
        if (isQueued)
        {
            return _queue.Writer.WriteAsync(message);
        }

        Write(_writer!, message);
        return isLast || _writer!.UnflushedBytes >= Batch ? FlushAsync(_writer!) : ValueTask.CompletedTask;
    }

    private async Task DrainAsync(PipeWriter writer)
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (writer.UnflushedBytes < Batch && _queue.Reader.TryRead(out var message))
            {
                Write(writer, message);
            }

            await writer.FlushAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask FlushAsync(PipeWriter writer) => await writer.FlushAsync().ConfigureAwait(false);

    private static void Write(PipeWriter writer, byte[] message)
    {
        var span = writer.GetSpan(4 + message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span, message.Length);
        message.CopyTo(span[4..]);
        writer.Advance(4 + message.Length);
    }

    private async ValueTask<byte[]> ReceiveAsync()
    {
        while (true)
        {
            if (!_reader!.TryRead(out var result))
            {
                result = await _reader.ReadAsync().ConfigureAwait(false);
            }

            var buffer = result.Buffer;
            if (TryRead(ref buffer, out var message))
            {
                _reader.AdvanceTo(buffer.Start);
                return message;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                throw new EndOfStreamException();
            }
        }
    }

    private static bool TryRead(ref ReadOnlySequence<byte> buffer, out byte[] message)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadLittleEndian(out int length) || reader.Remaining < length)
        {
            message = [];
            return false;
        }

        message = new byte[length];
        reader.TryCopyTo(message);
        buffer = buffer.Slice(4 + length);
        return true;
    }
}
