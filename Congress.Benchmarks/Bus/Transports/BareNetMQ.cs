using System.Globalization;
using global::NetMQ;
using global::NetMQ.Sockets;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>The NetMQ package itself: a DEALER to a ROUTER, each used by one thread that waits in its socket. What our package engine could reach at most.</summary>
internal sealed class BareNetMQ : BlockingPeer
{
    private DealerSocket? _socket;

    public override ValueTask<string> ListenAsync()
    {
        var router = new RouterSocket();
        var port = router.BindRandomPort("tcp://127.0.0.1");
        new Thread(() => Serve(router)) { IsBackground = true }.Start();
        return new(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"));
    }

    public override ValueTask ConnectAsync(string place)
    {
        _socket = new DealerSocket();
        _socket.Connect(place);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override void Send(byte[] message) => _socket!.SendFrame(message);

    protected override void Receive() => _socket!.ReceiveFrameBytes();

    private static void Serve(RouterSocket router)
    {
        while (true)
        {
            var peer = router.ReceiveFrameBytes();
            var message = router.ReceiveFrameBytes();
            if (message[0] == Echo)
            {
                router.SendMoreFrame(peer).SendFrame(message);
            }
        }
    }
}
