using System.Diagnostics;
using Congress.Tests.Transports;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>libzmq itself: a DEALER to a ROUTER.</summary>
internal sealed class LibZmqPeer : Contender
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private LibZmq? _socket;

    public override ValueTask<string> ListenAsync()
    {
        var router = Socket(LibZmq.Router);
        var place = router.Bind();
        new Thread(() => Serve(router)) { IsBackground = true }.Start();
        return new(place);
    }

    public override ValueTask ConnectAsync(string place)
    {
        Socket(LibZmq.Dealer).Connect(place);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<long> SendAsync(byte[] message, Func<bool> isOver)
    {
        long count = 0;
        for (; (count & 63) != 0 || !isOver(); count++)
        {
            _socket!.Send(message);
        }

        return Task.FromResult(count);
    }

    protected override Task<List<long>> PingAsync(byte[] message, Func<bool> isOver)
    {
        var times = new List<long>();
        do
        {
            var start = Stopwatch.GetTimestamp();
            _socket!.Send(message);
            _socket.Receive(_buffer);
            times.Add(Stopwatch.GetTimestamp() - start);
        }
        while (!isOver());
        return Task.FromResult(times);
    }

    private LibZmq Socket(int type)
    {
        _socket = new(type);
        _socket.Set(LibZmq.ReceiveTimeout, -1);
        return _socket;
    }

    private void Serve(LibZmq router)
    {
        var id = new byte[256];
        while (true)
        {
            var idLength = router.Receive(id);
            var message = _buffer.AsSpan(0, router.Receive(_buffer)).ToArray();   // the others give an array for each message, too
            if (message[0] == Echo)
            {
                router.Send(id[..idLength], message);
            }
        }
    }
}
