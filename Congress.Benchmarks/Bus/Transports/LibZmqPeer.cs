using Congress.Tests.Transports;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>libzmq itself: a DEALER to a ROUTER.</summary>
internal sealed class LibZmqPeer : BlockingPeer
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

    protected override void Send(byte[] message) => _socket!.Send(message);

    protected override void Receive() => _socket!.Receive(_buffer);

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
