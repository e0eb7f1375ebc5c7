using System.Runtime.InteropServices;

namespace Congress.Tests.Transports;

/// <summary>A socket of the real libzmq. Used by one thread at a time.</summary>
internal sealed class LibZmq : IDisposable
{
    public const int Dealer = 5;
    public const int Router = 6;
    public const int RoutingId = 5;
    public const int HeartbeatInterval = 75;
    public const int HeartbeatTimeout = 77;
    public const int ReceiveTimeout = 27;   // in milliseconds; -1: none

    private const int DontWait = 1;
    private const int SendMore = 2;
    private const int LastEndpoint = 32;
    private const int ReceiveMore = 13;
    private const int Linger = 17;
    private const string Library = "libzmq.so.5";

    private readonly nint _context;
    private readonly nint _socket;

    /// <summary>Makes a socket. A wait for a message ends after 20 s, unless <see cref="ReceiveTimeout"/> says otherwise.</summary>
    public LibZmq(int type)
    {
        _context = Checked(NewContext());
        _socket = Checked(NewSocket(_context, type));
        Set(Linger, 0);
        Set(ReceiveTimeout, 20_000);
    }

    /// <summary>Whether the library is there.</summary>
    public static bool IsInstalled => NativeLibrary.TryLoad(Library, out _);

    public void Set(int option, int value) => Set(option, BitConverter.GetBytes(value));

    public void Set(int option, byte[] value) => Checked(SetOption(_socket, option, value, (nuint)value.Length));

    /// <summary>Listens at a free port.</summary>
    public string Bind(string endpoint = "tcp://127.0.0.1:0")
    {
        Checked(BindSocket(_socket, Text(endpoint)));
        var text = new byte[256];
        var length = (nuint)text.Length;
        Checked(GetOption(_socket, LastEndpoint, text, ref length));
        return System.Text.Encoding.ASCII.GetString(text, 0, (int)length - 1);
    }

    public void Connect(string endpoint) => Checked(ConnectSocket(_socket, Text(endpoint)));

    /// <summary>Sends a message of one or more parts.</summary>
    public void Send(params byte[][] parts)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            Checked(SendPart(_socket, parts[i], (nuint)parts[i].Length, i < parts.Length - 1 ? SendMore : 0));
        }
    }

    /// <summary>Sends a message, unless the queue is full.</summary>
    public bool TrySend(byte[] message) => SendPart(_socket, message, (nuint)message.Length, DontWait) >= 0;

    /// <summary>Reads the next part.</summary>
    /// <returns>Its length.</returns>
    public int Receive(byte[] buffer) => Checked(ReceivePart(_socket, buffer, (nuint)buffer.Length, 0));

    /// <summary>The parts of the next message.</summary>
    public byte[][] Receive()
    {
        var parts = new List<byte[]>();
        var buffer = new byte[5 << 20];
        do
        {
            var length = Receive(buffer);
            parts.Add(buffer[..length]);
        }
        while (HasMore());
        return [.. parts];
    }

    public void Dispose()
    {
        _ = CloseSocket(_socket);
        _ = EndContext(_context);
    }

    private static int Checked(int result) => result >= 0 ? result : throw new IOException($"libzmq: {Marshal.PtrToStringUTF8(ErrorText(ErrorNumber()))}");

    private static nint Checked(nint result) => result != 0 ? result : throw new IOException($"libzmq: {Marshal.PtrToStringUTF8(ErrorText(ErrorNumber()))}");

    private bool HasMore()
    {
        var value = new byte[sizeof(int)];
        var length = (nuint)value.Length;
        Checked(GetOption(_socket, ReceiveMore, value, ref length));
        return BitConverter.ToInt32(value) != 0;
    }

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

    [DllImport(Library, EntryPoint = "zmq_errno")]
    private static extern int ErrorNumber();

    [DllImport(Library, EntryPoint = "zmq_strerror")]
    private static extern nint ErrorText(int number);
}
