using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>Bytes being written, one frame after another. Kept by its owner and used again.</summary>
public sealed class FrameBuffer : IBufferWriter<byte>
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private byte[] _bytes;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">The bytes that it holds before it grows.</param>
    public FrameBuffer(int capacity = 4096) => _bytes = new byte[capacity];

    /// <summary>The number of bytes written.</summary>
    public int Count { get; private set; }

    /// <summary>What has been written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    /// <summary>Begins anew. A buffer that once grew far beyond its use gives its memory back.</summary>
    /// <param name="keep">The most bytes to hold on to.</param>
    public void Clear(int keep = int.MaxValue)
    {
        Count = 0;
        if (_bytes.Length > keep)
        {
            _bytes = new byte[keep];
        }
    }

    /// <inheritdoc/>
    public void Advance(int count) => Count += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>The bytes from a place on, for what is known only after what follows: a length, a checksum.</summary>
    public Span<byte> From(int start) => _bytes.AsSpan(start, Count - start);

    /// <summary>Takes back what was written from a place on.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    internal void BeginTexts() => _texts.Clear();

    internal void Byte(byte value)
    {
        Reserve(1);
        _bytes[Count++] = value;
    }

    internal void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    internal void Number(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[Count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Count++] = (byte)value;
    }

    internal void Fixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(GetSpan(8), value);
        Count += 8;
    }

    internal void Fixed(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(GetSpan(16), value);
        Count += 16;
    }

    internal void Bytes(ReadOnlySpan<byte> value)
    {
        Number((ulong)value.Length);
        value.CopyTo(GetSpan(value.Length));
        Count += value.Length;
    }

    /// <summary>A text; each is written once a frame, then referred to by its number.</summary>
    /// <remarks>UTF-8, or UTF-16 for a text with half a surrogate pair, which has no UTF-8: what comes out is what went in.</remarks>
    internal void Text(string text)
    {
        if (_texts.TryGetValue(text, out var number))
        {
            Number((ulong)number + TextForm.FirstReference);
            return;
        }

        _texts.Add(text, _texts.Count);
        var length = Encoding.UTF8.GetByteCount(text);
        var start = Count;
        Number(TextForm.Utf8);
        Number((ulong)length);
        Reserve(length);
        if (Utf8.FromUtf16(text, _bytes.AsSpan(Count), out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done)
        {
            Count += written;
            return;
        }

        Count = start;
        Number(TextForm.Utf16);
        Bytes(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    internal void Epoch(Epoch epoch)
    {
        Number(epoch.Fence);
        Fixed(epoch.Incarnation);
        Number(epoch.Start);
    }

    internal void Rows(ReadOnlySpan<Row> rows)
    {
        Number((ulong)rows.Length);
        foreach (var row in rows)
        {
            Number((ulong)row.Count);
            foreach (var value in row.AsSpan())
            {
                Value(value);
            }
        }
    }

    private void Value(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                Byte((byte)ValueTag.Null);
                break;
            case ValueKind.Boolean:
                Byte((byte)(value.AsBoolean() ? ValueTag.True : ValueTag.False));
                break;
            case ValueKind.Integer:
                var integer = value.AsInteger();
                Byte((byte)ValueTag.Integer);
                Number((ulong)((integer << 1) ^ (integer >> 63)));
                break;
            case ValueKind.Real:
                Byte((byte)ValueTag.Real);
                Fixed(BitConverter.DoubleToUInt64Bits(value.AsReal()));
                break;
            case ValueKind.Text:
                Byte((byte)ValueTag.Text);
                Text(value.AsText());
                break;
            case ValueKind.Unknown:
                throw new ArgumentException($"{value} is an unknown of an action policy; such a value has no meaning on the bus", nameof(value));
        }
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Count < count)
        {
            Array.Resize(ref _bytes, checked(Math.Max(Count + count, _bytes.Length * 2)));
        }
    }
}

/// <summary>How the codec marks the kind of a value.</summary>
internal enum ValueTag : byte
{
    Null = 0,
    False = 1,
    True = 2,
    Integer = 3,
    Real = 4,
    Text = 5,
}

/// <summary>The number with which a text begins: its form, or which text of the frame it repeats.</summary>
internal static class TextForm
{
    public const ulong Utf8 = 0;
    public const ulong Utf16 = 1;
    public const ulong FirstReference = 2;
}
