using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>libzmq itself, through P/Invoke: a DEALER to a ROUTER.</summary>
internal sealed class LibZmqPeer : Contender
{
    private const string Library = "libzmq.so.5";
    private const int Dealer = 5;
    private const int Router = 6;
    private const int Linger = 17;
    private const int LastEndpoint = 32;
    private const int SendMore = 2;

    private readonly nint _context = NewContext();
    private readonly byte[] _buffer = new byte[1 << 16];
    private nint _socket;

    /// <summary>Whether the library is there.</summary>
    public static bool IsInstalled => NativeLibrary.TryLoad(Library, out _);

    public override ValueTask<string> ListenAsync()
    {
        _socket = NewSocket(_context, Router);
        Checked(BindSocket(_socket, Text("tcp://127.0.0.1:0")));
        var text = new byte[256];
        var length = (nuint)text.Length;
        Checked(GetOption(_socket, LastEndpoint, text, ref length));
        new Thread(Serve) { IsBackground = true }.Start();
        return new(System.Text.Encoding.ASCII.GetString(text, 0, (int)length - 1));
    }

    public override ValueTask ConnectAsync(string place)
    {
        _socket = NewSocket(_context, Dealer);
        Checked(ConnectSocket(_socket, Text(place)));
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _ = SetOption(_socket, Linger, new byte[4], 4);
        _ = CloseSocket(_socket);
        _ = EndContext(_context);
        return ValueTask.CompletedTask;
    }

    protected override Task<long> SendAsync(byte[] message, Func<bool> isOver)
    {
        long count = 0;
        for (; (count & 63) != 0 || !isOver(); count++)
        {
            Checked(SendPart(_socket, message, (nuint)message.Length, 0));
        }

        return Task.FromResult(count);
    }

    protected override Task<List<long>> PingAsync(byte[] message, Func<bool> isOver)
    {
        var times = new List<long>();
        do
        {
            var start = Stopwatch.GetTimestamp();
            Checked(SendPart(_socket, message, (nuint)message.Length, 0));
            Checked(ReceivePart(_socket, _buffer, (nuint)_buffer.Length, 0));
            times.Add(Stopwatch.GetTimestamp() - start);
        }
        while (!isOver());
        return Task.FromResult(times);
    }

    private void Serve()
    {
        var id = new byte[256];
        while (true)
        {
            var idLength = Checked(ReceivePart(_socket, id, (nuint)id.Length, 0));
            var length = Checked(ReceivePart(_socket, _buffer, (nuint)_buffer.Length, 0));
            var message = _buffer.AsSpan(0, length).ToArray();   // the others give an array for each message, too
            if (message[0] == Echo)
            {
                Checked(SendPart(_socket, id, (nuint)idLength, SendMore));
                Checked(SendPart(_socket, message, (nuint)length, 0));
            }
        }
    }

    private static int Checked(int result) => result >= 0 ? result : throw new IOException("libzmq failed");

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text + "\0");

    [DllImport(Library, EntryPoint = "zmq_ctx_new")]
    private static extern nint NewContext();

    [DllImport(Library, EntryPoint = "zmq_ctx_term")]
    private static extern int EndContext(nint context);

    [DllImport(Library, EntryPoint = "zmq_socket")]
    private static extern nint NewSocket(nint context, int type);

    [DllImport(Library, EntryPoint = "zmq_close")]
    private static extern int CloseSocket(nint socket);

    [DllImport(Library, EntryPoint = "zmq_bind")]
    private static extern int BindSocket(nint socket, byte[] endpoint);

    [DllImport(Library, EntryPoint = "zmq_connect")]
    private static extern int ConnectSocket(nint socket, byte[] endpoint);

    [DllImport(Library, EntryPoint = "zmq_setsockopt")]
    private static extern int SetOption(nint socket, int option, byte[] value, nuint length);

    [DllImport(Library, EntryPoint = "zmq_getsockopt")]
    private static extern int GetOption(nint socket, int option, byte[] value, ref nuint length);

    [DllImport(Library, EntryPoint = "zmq_send")]
    private static extern int SendPart(nint socket, byte[] bytes, nuint length, int flags);

    [DllImport(Library, EntryPoint = "zmq_recv")]
    private static extern int ReceivePart(nint socket, byte[] bytes, nuint length, int flags);
}
