using System.Net;
using System.Net.Sockets;

namespace Congress.Tests.Chaos;

/// <summary>What a proxy does to the connections that pass through it.</summary>
internal enum ChaosFault
{
    None,
    Delay,
    Cut,
    Reset,
    HalfOpen,
    Slices,
    BitFlip,
}

/// <summary>Stands between two nodes and passes their bytes on, or does not.</summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly List<(Socket Near, Socket Far)> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile ChaosFault _fault;

    public ChaosProxy(IPEndPoint target, int seed)
    {
        (_target, _random) = (target, new(seed));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>From now on this happens to what passes; a cut or a reset happens at once to what is open.</summary>
    public void Set(ChaosFault fault)
    {
        _fault = fault;
        if (fault is ChaosFault.Cut or ChaosFault.Reset)
        {
            CloseAll(reset: fault == ChaosFault.Reset);
        }
    }

    /// <summary>Passes everything on again. What was held up half-open never comes: those connections end.</summary>
    public void Heal()
    {
        var wasHalfOpen = _fault == ChaosFault.HalfOpen;
        _fault = ChaosFault.None;
        if (wasHalfOpen)
        {
            CloseAll(reset: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CloseAll(reset: false);
        await _accepting;
        _stop.Dispose();
    }

    private void CloseAll(bool reset)
    {
        lock (_gate)
        {
            foreach (var (near, far) in _open)
            {
                foreach (var socket in new[] { near, far })
                {
                    Close(socket, reset);
                }
            }

            _open.Clear();
        }
    }

    private static void Close(Socket socket, bool reset)
    {
        try
        {
            socket.LingerState = new(enable: reset, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var near = await _listener.AcceptSocketAsync(_stop.Token);
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                near.NoDelay = true;
                if (_fault is ChaosFault.Cut or ChaosFault.Reset)
                {
                    near.Dispose();
                    continue;
                }

                await far.ConnectAsync(_target, _stop.Token);
                lock (_gate)
                {
                    _open.Add((near, far));
                }

                _ = PassAsync(near, far);
                _ = PassAsync(far, near);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The node is not there just now, or the test is over.
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer, _stop.Token);
                if (count == 0)
                {
                    break;
                }

                await PassAsync(buffer.AsMemory(0, count), to);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // one side is gone
        }

        from.Dispose();
        to.Dispose();
    }

    private async Task PassAsync(Memory<byte> bytes, Socket to)
    {
        switch (_fault)
        {
            case ChaosFault.HalfOpen:
                return;
            case ChaosFault.Delay:
                await Task.Delay(TimeSpan.FromMilliseconds(Next(1, 80)), TimeProvider.System, _stop.Token);
                break;
            case ChaosFault.Slices:
                for (var i = 0; i < Math.Min(bytes.Length, 200); i++)
                {
                    await to.SendAsync(bytes.Slice(i, 1), _stop.Token);
                }

                bytes = bytes[Math.Min(bytes.Length, 200)..];
                break;
            case ChaosFault.BitFlip when Next(0, 4) == 0:
                bytes.Span[Next(0, bytes.Length)] ^= (byte)(1 << Next(0, 8));
                break;
        }

        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, _stop.Token)..];
        }
    }

    private int Next(int from, int to)
    {
        lock (_gate)
        {
            return _random.Next(from, to);
        }
    }
}
