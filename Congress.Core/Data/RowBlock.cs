using System.Buffers;
using System.Runtime.Intrinsics;
using System.Text;
using Utf8Coding = System.Text.Unicode.Utf8;

namespace Congress.Data;

/// <summary>Some rows of a reader at once: small integers as they are, every other value by its place in a list.</summary>
internal sealed class RowBlock
{
    /// <summary>The most rows.</summary>
    public const int MaxRows = 1024;

    /// <summary>The cell of the first value in the list; what is less is an integer, from the negative of this on.</summary>
    public const int FirstOther = 1 << 30;

    private (int Start, int Length)[] _others = [];
    private Value[] _values = [];
    private byte[] _utf8 = [];
    private int _otherCount;
    private int _valueCount;
    private int _utf8Length;

    /// <summary>The number of cells in a row.</summary>
    public int Width { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Count { get; set; }

    /// <summary>The rows side by side, with room for all that there may be.</summary>
    public int[] Cells { get; private set; } = [];

    /// <summary>The values that are no small integers: of a text its bytes; of any other a negative length, and its place.</summary>
    public ReadOnlySpan<(int Start, int Length)> Others => _others.AsSpan(0, _otherCount);

    /// <summary>The bytes of the texts.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.AsSpan(0, _utf8Length);

    /// <summary>Empties the block for rows of a width.</summary>
    public void Start(int width)
    {
        (Width, Count, _otherCount, _valueCount, _utf8Length) = (width, 0, 0, 0, 0);
        if (Cells.Length < width * MaxRows)
        {
            Cells = new int[width * MaxRows];
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<Value> row)
    {
        var cell = Count * Width;
        foreach (var value in row)
        {
            Cells[cell++] = CellOf(value);
        }

        Count++;
    }

    /// <summary>The cell for a value.</summary>
    public int CellOf(Value value)
    {
        if (value.Kind == ValueKind.Integer && value.AsInteger() is >= -FirstOther and < FirstOther and var small)
        {
            return (int)small;
        }

        if (value.Kind == ValueKind.Text && TryEncode(value.AsText()) is var length and >= 0)
        {
            _utf8Length += length;
            return Other(_utf8Length - length, length);
        }

        if (_valueCount == _values.Length)
        {
            Array.Resize(ref _values, Math.Max(MaxRows, 2 * _valueCount));
        }

        _values[_valueCount] = value;
        return Other(_valueCount++, -1);
    }

    /// <summary>The cell for a text.</summary>
    /// <param name="utf8">Its bytes, which are valid.</param>
    public int CellOf(ReadOnlySpan<byte> utf8)
    {
        MakeRoom(utf8.Length);
        utf8.CopyTo(_utf8.AsSpan(_utf8Length));
        _utf8Length += utf8.Length;
        return Other(_utf8Length - utf8.Length, utf8.Length);
    }

    /// <summary>The cell for a text that is in vectors.</summary>
    /// <param name="lower">Its first bytes; behind its end may be anything.</param>
    /// <param name="upper">Those that follow.</param>
    /// <param name="length">The number of its bytes.</param>
    public int CellOf(Vector256<byte> lower, Vector256<byte> upper, int length)
    {
        MakeRoom(2 * Vector256<byte>.Count);
        lower.StoreUnsafe(ref _utf8[_utf8Length]);
        upper.StoreUnsafe(ref _utf8[_utf8Length + Vector256<byte>.Count]);
        _utf8Length += length;
        return Other(_utf8Length - length, length);
    }

    /// <summary>The cell of a text that the last row has in the same column: tables are often written group by group.</summary>
    /// <param name="column">The column.</param>
    /// <param name="utf8">The bytes of the text.</param>
    /// <param name="cell">The cell.</param>
    /// <returns>False when something else stands there.</returns>
    public bool TryRepeat(int column, ReadOnlySpan<byte> utf8, out int cell)
    {
        cell = Count == 0 ? 0 : Cells[((Count - 1) * Width) + column];
        return cell >= FirstOther && _others[cell - FirstOther] is var (start, length) && length == utf8.Length && utf8.SequenceEqual(_utf8.AsSpan(start, length));
    }

    /// <summary>The value of a cell.</summary>
    public Value ValueOf(int cell)
    {
        if (cell < FirstOther)
        {
            return Value.Of((long)cell);
        }

        var (start, length) = _others[cell - FirstOther];
        return length < 0 ? _values[start] : Value.Of(Encoding.UTF8.GetString(_utf8, start, length));
    }

    /// <summary>Writes a text as UTF-8 behind those there are.</summary>
    /// <returns>Its length; negative when it cannot be written so, as it has half a surrogate pair.</returns>
    private int TryEncode(string text)
    {
        MakeRoom(Encoding.UTF8.GetMaxByteCount(text.Length));
        return Utf8Coding.FromUtf16(text, _utf8.AsSpan(_utf8Length), out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done ? length : -1;
    }

    private void MakeRoom(int bytes)
    {
        if (_utf8Length + bytes > _utf8.Length)
        {
            Array.Resize(ref _utf8, Math.Max(_utf8Length + bytes, Math.Max(1 << 16, (int)Math.Min(Array.MaxLength, 2L * _utf8.Length))));
        }
    }

    private int Other(int start, int length)
    {
        if (_otherCount == _others.Length)
        {
            Array.Resize(ref _others, Math.Max(MaxRows, 2 * _otherCount));
        }

        _others[_otherCount] = (start, length);
        return FirstOther + _otherCount++;
    }
}
