using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Transport.NetMQ.Zmtp;

/// <summary>Writes ZMTP 3.1 (RFC 37) with the NULL mechanism.</summary>
internal static class ZmtpWriter
{
    /// <summary>The flags and the length in its long form.</summary>
    public const int HeaderLength = 9;

    /// <summary>The greeting: signature, version 3.1, mechanism, no server, filler.</summary>
    public static void Greeting(IBufferWriter<byte> to)
    {
        var bytes = to.GetSpan(ZmtpReader.GreetingLength)[..ZmtpReader.GreetingLength];
        bytes.Clear();
        bytes[0] = 0xff;
        bytes[8] = 1;
        bytes[9] = 0x7f;
        bytes[10] = 3;
        bytes[11] = 1;
        ZmtpReader.Mechanism.CopyTo(bytes[12..]);
        to.Advance(ZmtpReader.GreetingLength);
    }

    /// <summary>The READY command: what socket this is, and its identity.</summary>
    public static void Ready(IBufferWriter<byte> to, string socketType, ReadOnlySpan<byte> routingId)
    {
        Span<byte> body = stackalloc byte[64 + byte.MaxValue];
        var length = Name(body, "READY");
        length += Property(body[length..], "Socket-Type", Encoding.ASCII.GetBytes(socketType));
        length += Property(body[length..], "Identity", routingId);
        Command(to, body[..length]);
    }

    /// <summary>The answer to PING.</summary>
    public static void Pong(IBufferWriter<byte> to, ReadOnlySpan<byte> context)
    {
        Span<byte> body = stackalloc byte[5 + ZmtpReader.MaxPingContext];
        var length = Name(body, "PONG");
        context.CopyTo(body[length..]);
        Command(to, body[..(length + context.Length)]);
    }

    /// <summary>A frame of the bus as one message. On an exception the buffer is as it was.</summary>
    public static void Message(FrameBuffer to, Frame frame, bool compress)
    {
        var start = to.Count;
        to.GetSpan(HeaderLength)[0] = (byte)ZmtpFlags.Long;
        to.Advance(HeaderLength);
        try
        {
            FrameCodec.Write(frame, to, compress);
        }
        catch
        {
            to.Truncate(start);
            throw;
        }

        var written = to.From(start);
        BinaryPrimitives.WriteUInt64BigEndian(written[1..], (ulong)(written.Length - HeaderLength));
    }

    /// <summary>The identity of a node's socket: the incarnation, and whom it dials, so that two sockets are told apart that are led to one place by mistake.</summary>
    public static byte[] RoutingId(ulong incarnation, NodeId? dialled)
    {
        var bytes = new byte[8 + (dialled?.Value.Length ?? 0)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, incarnation);
        Encoding.ASCII.GetBytes(dialled?.Value ?? "", bytes.AsSpan(8));
        return bytes;
    }

    private static void Command(IBufferWriter<byte> to, ReadOnlySpan<byte> body)
    {
        var bytes = to.GetSpan(body.Length + 2);
        bytes[0] = (byte)ZmtpFlags.Command;
        bytes[1] = checked((byte)body.Length);   // the longest has the name of a node of 128 characters
        body.CopyTo(bytes[2..]);
        to.Advance(body.Length + 2);
    }

    private static int Name(Span<byte> to, string name)
    {
        to[0] = (byte)name.Length;
        return 1 + Encoding.ASCII.GetBytes(name, to[1..]);
    }

    private static int Property(Span<byte> to, string name, ReadOnlySpan<byte> value)
    {
        var length = Name(to, name);
        BinaryPrimitives.WriteInt32BigEndian(to[length..], value.Length);
        value.CopyTo(to[(length + 4)..]);
        return length + 4 + value.Length;
    }
}
