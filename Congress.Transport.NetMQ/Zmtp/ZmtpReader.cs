using System.Buffers.Binary;

namespace Congress.Transport.NetMQ.Zmtp;

/// <summary>The flags of a ZMTP frame.</summary>
[Flags]
internal enum ZmtpFlags : byte
{
    None = 0,
    More = 1,
    Long = 2,
    Command = 4,
}

/// <summary>What was read.</summary>
internal enum ZmtpKind
{
    /// <summary>Nothing yet: more bytes are needed.</summary>
    Incomplete,

    /// <summary>The peer's greeting.</summary>
    Greeting,

    /// <summary>The peer's READY: messages may be sent.</summary>
    Ready,

    /// <summary>A message.</summary>
    Message,

    /// <summary>PING; the payload is its context.</summary>
    Ping,

    /// <summary>A command that needs no answer.</summary>
    Other,

    /// <summary>The bytes are malformed, or the peer says ERROR.</summary>
    Fault,
}

/// <summary>One unit of what the peer has written.</summary>
/// <param name="kind">What it is.</param>
/// <param name="length">The bytes that it took; for an incomplete one, those that it will take as far as is known.</param>
/// <param name="payload">The body of a message, the context of a PING.</param>
/// <param name="fault">What is wrong.</param>
internal readonly ref struct ZmtpUnit(ZmtpKind kind, int length, ReadOnlySpan<byte> payload = default, string fault = "")
{
    public ZmtpKind Kind { get; } = kind;

    public int Length { get; } = length;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public string Fault { get; } = fault;
}

/// <summary>Reads ZMTP 3.0 and 3.1 with the NULL mechanism from a DEALER or a ROUTER. Nothing is thrown for any bytes, and no length is believed beyond its limit.</summary>
/// <param name="expectedSocket">What the peer's socket must be: ROUTER for the dialling side, DEALER for the other.</param>
internal sealed class ZmtpReader(string expectedSocket)
{
    public const int GreetingLength = 64;
    public const int MaxPingContext = 16;
    private const int MaxCommand = 1024;

    private enum Phase
    {
        Greeting,
        Ready,
        Traffic,
    }

    private Phase _phase;

    /// <summary>The name of the mechanism, filled up with zeros.</summary>
    public static ReadOnlySpan<byte> Mechanism => "NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8;

    /// <summary>Reads the unit with which the bytes begin.</summary>
    /// <param name="bytes">All that has come and has not been read yet.</param>
    /// <param name="maxMessage">The longest message that is taken.</param>
    public ZmtpUnit Next(ReadOnlySpan<byte> bytes, int maxMessage)
    {
        if (_phase == Phase.Greeting)
        {
            return Greeting(bytes);
        }

        if (bytes.Length < 2)
        {
            return new(ZmtpKind.Incomplete, 2);
        }

        var flags = (ZmtpFlags)bytes[0];
        if ((flags & ~(ZmtpFlags.More | ZmtpFlags.Long | ZmtpFlags.Command)) != ZmtpFlags.None)
        {
            return Fault($"a ZMTP frame has the flags 0x{bytes[0]:x2}");
        }

        var header = (flags & ZmtpFlags.Long) != ZmtpFlags.None ? ZmtpWriter.HeaderLength : 2;
        if (bytes.Length < header)
        {
            return new(ZmtpKind.Incomplete, header);
        }

        var length = header == 2 ? bytes[1] : BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]);
        var isCommand = (flags & ZmtpFlags.Command) != ZmtpFlags.None;
        var limit = isCommand ? MaxCommand : maxMessage;
        if ((flags & ZmtpFlags.More) != ZmtpFlags.None)
        {
            return Fault("a message has several parts; one was expected");
        }

        if (length > (ulong)limit)
        {
            return Fault($"a ZMTP frame has {length} bytes; at most {limit} were expected");
        }

        if (!isCommand && _phase == Phase.Ready)
        {
            return Fault("a message came before READY");
        }

        var total = header + (int)length;
        return bytes.Length < total ? new(ZmtpKind.Incomplete, total)
            : isCommand ? Command(bytes[header..total], total)
            : new(ZmtpKind.Message, total, bytes[header..total]);
    }

    private ZmtpUnit Greeting(ReadOnlySpan<byte> bytes)
    {
        // What can be judged early is judged early: a peer of another protocol may never send as much as a greeting has.
        if ((bytes.Length > 0 && bytes[0] != 0xff) || (bytes.Length > 9 && bytes[9] != 0x7f))
        {
            return Fault("the greeting is not ZMTP");
        }

        if (bytes.Length > 10 && bytes[10] < 3)
        {
            return Fault($"the peer speaks ZMTP {bytes[10]}; at least 3 was expected");
        }

        if (bytes.Length < GreetingLength)
        {
            return new(ZmtpKind.Incomplete, GreetingLength);
        }

        if (!bytes.Slice(12, Mechanism.Length).SequenceEqual(Mechanism))
        {
            return Fault("the mechanism of the peer is not NULL");
        }

        _phase = Phase.Ready;
        return new(ZmtpKind.Greeting, GreetingLength);
    }

    private ZmtpUnit Command(ReadOnlySpan<byte> body, int total)
    {
        if (body.Length < 1 || body[0] > body.Length - 1)
        {
            return Fault("a command has no name");
        }

        var name = body.Slice(1, body[0]);
        var data = body[(1 + body[0])..];
        if (name.SequenceEqual("ERROR"u8))
        {
            return Fault("the peer says ERROR");
        }

        if (_phase == Phase.Ready)
        {
            return name.SequenceEqual("READY"u8) ? Ready(data, total) : Fault("a command came before READY");
        }

        if (name.SequenceEqual("READY"u8))
        {
            return Fault("READY came twice");
        }

        if (!name.SequenceEqual("PING"u8))
        {
            return new(ZmtpKind.Other, total);
        }

        return data.Length is >= 2 and <= 2 + MaxPingContext ? new(ZmtpKind.Ping, total, data[2..]) : Fault("a PING has no time or too much context");
    }

    private ZmtpUnit Ready(ReadOnlySpan<byte> properties, int total)
    {
        var isExpected = false;
        while (properties.Length > 0)
        {
            var nameLength = properties[0];
            if (nameLength == 0 || properties.Length < 1 + nameLength + 4)
            {
                return Fault("a property of READY is cut short");
            }

            var name = properties.Slice(1, nameLength);
            var length = BinaryPrimitives.ReadUInt32BigEndian(properties[(1 + nameLength)..]);
            properties = properties[(1 + nameLength + 4)..];
            if (length > (uint)properties.Length)
            {
                return Fault("a property of READY is cut short");
            }

            isExpected |= IsSocketType(name) && Matches(properties[..(int)length], expectedSocket);
            properties = properties[(int)length..];
        }

        if (!isExpected)
        {
            return Fault($"the socket of the peer is not a {expectedSocket}");
        }

        _phase = Phase.Traffic;
        return new(ZmtpKind.Ready, total);
    }

    private static bool IsSocketType(ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(name, "Socket-Type"u8);

    private static bool Matches(ReadOnlySpan<byte> bytes, string text) => System.Text.Ascii.Equals(bytes, text);

    private static ZmtpUnit Fault(string fault) => new(ZmtpKind.Fault, 0, fault: fault);
}
