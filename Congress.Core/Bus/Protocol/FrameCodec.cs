using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Congress.Bus.Protocol;

/// <summary>Frames as bytes: a header of 16 bytes, then the body.</summary>
/// <remarks>
/// Header, little-endian: magic 0x4743 (2), version (1), type (1), flags (2; bit 0: the body is compressed with Brotli), zero (2),
/// length of the body (4), CRC-32C of these 12 bytes and the body (4; a body of 192 bytes and more in three
/// lanes). A body has numbers as varints (LEB128), texts once a frame and by number after
/// that, rows as tagged values. Bodies of unknown length are never believed: every count is held against the bytes that are there.
/// </remarks>
public static class FrameCodec
{
    /// <summary>The version of the protocol that this code speaks.</summary>
    public const byte Version = 1;

    /// <summary>The bytes of a header.</summary>
    public const int HeaderLength = 16;

    /// <summary>The largest frame, header included.</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>The largest frame before HELLO.</summary>
    public const int MaxGreetingLength = 4096;

    private const ushort Magic = 0x4743;
    private const ushort CompressedFlag = 1;
    private const int WorthCompressing = 1024;

    /// <summary>Appends a frame to a buffer.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="buffer">The buffer.</param>
    /// <param name="compress">Whether a large body is compressed.</param>
    /// <exception cref="ArgumentException">The frame is larger than <see cref="MaxLength"/> or cannot be written; the buffer is as it was.</exception>
    public static void Write(Frame frame, FrameBuffer buffer, bool compress = false)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(buffer);
        var start = buffer.Count;
        try
        {
            buffer.GetSpan(HeaderLength)[..HeaderLength].Clear();
            buffer.Advance(HeaderLength);
            buffer.BeginTexts();
            var type = FrameBodies.Write(frame, buffer);
            var length = buffer.Count - start - HeaderLength;
            ushort flags = compress && length >= WorthCompressing && Compress(buffer, start + HeaderLength) ? CompressedFlag : (ushort)0;
            length = buffer.Count - start - HeaderLength;
            if (length > MaxLength - HeaderLength)
            {
                throw new ArgumentException($"a frame of {length} bytes; at most {MaxLength - HeaderLength} can be sent", nameof(frame));
            }

            var header = buffer.From(start);
            BinaryPrimitives.WriteUInt16LittleEndian(header, Magic);
            header[2] = Version;
            header[3] = (byte)type;
            BinaryPrimitives.WriteUInt16LittleEndian(header[4..], flags);
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)length);
            BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Checksum(header));
        }
        catch
        {
            buffer.Truncate(start);
            throw;
        }
    }

    /// <summary>Reads a frame that fills the bytes.</summary>
    /// <param name="bytes">Header and body.</param>
    /// <param name="fault">What is wrong, when the result is null.</param>
    /// <returns>The frame, which keeps nothing of the bytes; null when it is malformed. Nothing is thrown for any bytes.</returns>
    public static Frame? Read(ReadOnlySpan<byte> bytes, out string? fault)
    {
        if (bytes.Length < HeaderLength || bytes.Length > MaxLength)
        {
            fault = $"a frame has {bytes.Length} bytes; {HeaderLength} to {MaxLength} were expected";
            return null;
        }

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        var body = bytes[HeaderLength..];
        fault =
            BinaryPrimitives.ReadUInt16LittleEndian(bytes) != Magic ? "a frame does not begin with the magic number"
            : bytes[2] != Version ? $"a frame is of version {bytes[2]}; {Version} was agreed upon"
            : (flags & ~CompressedFlag) != 0 || bytes[6] != 0 || bytes[7] != 0 ? "a frame has unknown flags"
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != (uint)body.Length ? "the length of a frame is not that of its header"
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Checksum(bytes) ? "the checksum of a frame is wrong"
            : null;
        if (fault is not null)
        {
            return null;
        }

        return (flags & CompressedFlag) == 0
            ? FrameBodies.Read((FrameType)bytes[3], body, out fault)
            : Decompress(body) is { } raw ? FrameBodies.Read((FrameType)bytes[3], raw, out fault) : Fail("a compressed body is broken", out fault);
    }

    private static Frame? Fail(string text, out string fault)
    {
        fault = text;
        return null;
    }

    /// <summary>CRC-32C (Castagnoli) of a frame without the place of the checksum itself; an instruction of the processor where it has one.</summary>
    private static uint Checksum(ReadOnlySpan<byte> frame) => ~Crc(Crc(uint.MaxValue, frame[..12]), frame[HeaderLength..]);

    /// <remarks>A long body goes in three lanes whose sums are summed in turn: one after the other, each step waits three cycles for the one before.</remarks>
    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        var lane = bytes.Length / 24 * 8;
        if (lane >= 64)
        {
            var (first, second, third) = (crc, uint.MaxValue, uint.MaxValue);
            for (var i = 0; i < lane; i += 8)
            {
                first = BitOperations.Crc32C(first, BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]));
                second = BitOperations.Crc32C(second, BinaryPrimitives.ReadUInt64LittleEndian(bytes[(lane + i)..]));
                third = BitOperations.Crc32C(third, BinaryPrimitives.ReadUInt64LittleEndian(bytes[((2 * lane) + i)..]));
            }

            crc = BitOperations.Crc32C(BitOperations.Crc32C(first, second), third);
            bytes = bytes[(3 * lane)..];
        }

        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }

    private static bool Compress(FrameBuffer buffer, int start)
    {
        var body = buffer.From(start);
        var packed = new byte[body.Length];
        if (!BrotliEncoder.TryCompress(body, packed.AsSpan(4), out var length, quality: 1, window: 18))
        {
            return false;   // it would not have become smaller
        }

        BinaryPrimitives.WriteUInt32LittleEndian(packed, (uint)body.Length);
        packed.AsSpan(0, length + 4).CopyTo(body);
        buffer.Truncate(start + length + 4);
        return true;
    }

    private static byte[]? Decompress(ReadOnlySpan<byte> body)
    {
        if (body.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(body) is var length && length > MaxLength)
        {
            return null;
        }

        var raw = new byte[length];
        return BrotliDecoder.TryDecompress(body[4..], raw, out var written) && written == raw.Length ? raw : null;
    }
}
