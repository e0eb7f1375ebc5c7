using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>Reads the body of one frame. The first fault is kept and everything after it reads as nothing, so that hostile bytes cost no exception.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> body)
{
    /// <summary>The most columns a row may have.</summary>
    public const int MaxColumns = 1024;

    /// <summary>The most rows of one list of a frame: a row takes more memory than bytes.</summary>
    public const int MaxRows = 65_536;

    private readonly ReadOnlySpan<byte> _bytes = body;
    private int _at;
    private List<string>? _texts;

    /// <summary>What is wrong, or null.</summary>
    public string? Fault { get; private set; }

    public readonly int Remaining => _bytes.Length - _at;

    public void Fail(string fault)
    {
        Fault ??= $"{fault} at byte {_at} of the body";
        _at = _bytes.Length;
    }

    public byte Byte()
    {
        if (Remaining < 1)
        {
            Fail("the body ends too early");
            return 0;
        }

        return _bytes[_at++];
    }

    public bool Bool()
    {
        var value = Byte();
        if (value > 1)
        {
            Fail($"a boolean is {value}");
        }

        return value == 1;
    }

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && _at < _bytes.Length; shift += 7)
        {
            var next = _bytes[_at++];
            if (shift == 63 && next > 1)
            {
                break;   // more than 64 bits
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        Fail("a number ends too early or has more than 64 bits");
        return 0;
    }

    public uint Small()
    {
        var value = Number();
        if (value > uint.MaxValue)
        {
            Fail($"a number is {value}; at most {uint.MaxValue} was expected");
            return 0;
        }

        return (uint)value;
    }

    public ulong Fixed()
    {
        if (Remaining < 8)
        {
            Fail("the body ends too early");
            return 0;
        }

        _at += 8;
        return BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(_at - 8)..]);
    }

    public UInt128 Fixed128()
    {
        if (Remaining < 16)
        {
            Fail("the body ends too early");
            return 0;
        }

        _at += 16;
        return BinaryPrimitives.ReadUInt128LittleEndian(_bytes[(_at - 16)..]);
    }

    /// <summary>A number of things each of which takes at least so many bytes: a larger one cannot be true, and nothing is allocated for it.</summary>
    public int Count(int bytesEach = 1)
    {
        var count = Number();
        if (count > (ulong)(Remaining / bytesEach))
        {
            Fail($"{count} items do not fit into the {Remaining} bytes that follow");
            return 0;
        }

        return (int)count;
    }

    public ReadOnlySpan<byte> Slice()
    {
        var length = Count();
        _at += length;
        return _bytes.Slice(_at - length, length);
    }

    public string Text()
    {
        var form = Number();
        if (form >= TextForm.FirstReference)
        {
            var number = form - TextForm.FirstReference;
            if (_texts is null || number >= (ulong)_texts.Count)
            {
                Fail($"text {number} has not been written");
                return "";
            }

            return _texts[(int)number];
        }

        var bytes = Slice();
        string text;
        if (form == TextForm.Utf8 && Utf8.IsValid(bytes))
        {
            text = Encoding.UTF8.GetString(bytes);
        }
        else if (form == TextForm.Utf16 && bytes.Length % 2 == 0)
        {
            text = new string(MemoryMarshal.Cast<byte, char>(bytes));
        }
        else
        {
            Fail("a text is not UTF-8");
            return "";
        }

        (_texts ??= []).Add(text);
        return text;
    }

    public string[] Texts()
    {
        var texts = new string[Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    public Epoch Epoch() => new(Number(), Fixed(), Small());

    public Row[] Rows()
    {
        var count = Count();
        if (count > MaxRows)
        {
            Fail($"{count} rows; at most {MaxRows} a frame were expected");
            count = 0;
        }

        var rows = new Row[count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Row();
        }

        return rows;
    }

    private Row Row()
    {
        var count = Count();
        if (count > MaxColumns)
        {
            Fail($"a row has {count} columns; at most {MaxColumns} were expected");
            return Data.Row.Empty;
        }

        var values = new Value[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Value();
        }

        return Data.Row.Owning(values);
    }

    private Value Value()
    {
        switch ((ValueTag)Byte())
        {
            case ValueTag.Null:
                return Data.Value.Null;
            case ValueTag.False:
                return Data.Value.False;
            case ValueTag.True:
                return Data.Value.True;
            case ValueTag.Integer:
                var folded = Number();
                return Data.Value.Of((long)(folded >> 1) ^ -(long)(folded & 1));
            case ValueTag.Real:
                var real = BitConverter.UInt64BitsToDouble(Fixed());
                if (double.IsFinite(real))
                {
                    return Data.Value.Of(real);
                }

                Fail("a real is not finite");
                return default;
            case ValueTag.Text:
                return Data.Value.Of(Text());
            default:
                Fail("a value is of no known kind");
                return default;
        }
    }
}
