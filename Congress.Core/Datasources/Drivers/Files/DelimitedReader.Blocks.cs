using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Congress.Data;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Reads many rows at once, without making values of their fields.</summary>
internal sealed partial class DelimitedReader
{
    private const int ShortField = 64;
    private const int FewOthers = 16;   // rows of a block that are not of small integers, before no more of these are expected

    private int[]? _integerSlots;   // where the columns of the file go in a row, when all may hold integers
    private long _rowsRead;

    /// <inheritdoc/>
    internal override long RowsAhead => _rowsRead == 0 ? 0 : (long)(_input.BytesAfter(_next) * ((double)_rowsRead / Math.Max(1, _input.BytesBefore(_next))));

    /// <inheritdoc/>
    /// <remarks>Small integers are parsed eight bytes at a time, and texts copied as they are: neither becomes a value.</remarks>
    internal override void ReadTo(RowBlock block)
    {
        block.Start(Width);
        if (_rowsRead == 0 && !_isNullary && Array.TrueForAll(_columns, c => c.TakesIntegers))
        {
            _integerSlots = Array.ConvertAll(_columns, c => c.Slot);
        }

        if (_isAhead)
        {
            _isAhead = false;
            block.Add(Current);
        }

        for (var others = 0; block.Count < RowBlock.MaxRows && _hasRows; others++)
        {
            if (_integerSlots is not null && others < FewOthers)
            {
                ReadIntegers(block, _integerSlots);
                if (block.Count == RowBlock.MaxRows)
                {
                    break;
                }
            }

            if (_isNullary ? !ReadRow() : !ReadRow(block))
            {
                break;
            }

            block.Count++;
        }

        _rowsRead += block.Count;
    }

    /// <summary>Reads rows of small integers into a block, until it is full or something else comes.</summary>
    private void ReadIntegers(RowBlock block, int[] slots)
    {
        var cells = block.Cells.AsSpan(0, RowBlock.MaxRows * slots.Length);
        var bytes = _input.Bytes.AsSpan(0, _input.End);
        var (row, next, first) = (block.Count * slots.Length, _next, 0);
        for (; row < cells.Length; row += slots.Length, next = first)
        {
            first = next;
            for (var column = 0; column < slots.Length; column++)
            {
                if (first > bytes.Length - sizeof(ulong))
                {
                    goto End;
                }

                var field = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), first));
                var digits = TryReadInteger(field, out var number, out var stop);
                if (digits == 0 || stop != (column < slots.Length - 1 ? _separator : LineFeed))
                {
                    goto End;
                }

                cells[row + slots[column]] = number;
                first += digits + 1;
            }
        }

    End:
        block.Count = row / slots.Length;
        _next = next;
    }

    /// <summary>Reads a row into the cells behind the last row of a block.</summary>
    private bool ReadRow(RowBlock block)
    {
        if (_next == _input.End && !_input.More(ref _next))
        {
            return false;
        }

        var cells = block.Cells.AsSpan(block.Count * block.Width, block.Width);
        var count = 0;
        bool goesOn;
        do
        {
            if (count == _columns.Length)
            {
                throw TooWide();
            }

            var column = _columns[count++];
            ref var cell = ref cells[column.Slot];
            if (!TryRead(column, block, out cell, out goesOn))
            {
                goesOn = FindField(out var field, out var isQuoted);
                var fault = column.Read(field, isQuoted, block, out cell);
                if (fault != FieldFault.None)
                {
                    throw Wrong(column, fault, field);
                }
            }
        }
        while (goesOn);

        return count == _columns.Length ? true : throw WrongWidth(_input.PlaceOf(_field), Expected.Fields(count), count);
    }

    /// <summary>Reads a field of a common kind, first of the kind that the column had last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryRead(FieldColumn column, RowBlock block, out int cell, out bool goesOn)
    {
        if (column.HadText)
        {
            return column.HadText = TryReadText(column, block, out cell, out goesOn);
        }

        if (column.TakesIntegers && TryReadInteger(out cell, out goesOn))
        {
            return true;
        }

        (cell, goesOn) = (0, false);
        return column.HadText = column.TakesTexts && TryReadText(column, block, out cell, out goesOn);
    }

    /// <summary>Reads a field of one to seven digits without a sign that is in sight with its end.</summary>
    /// <returns>False when it is not of that kind; then nothing has been read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadInteger(out int cell, out bool goesOn)
    {
        (cell, goesOn) = (0, false);
        if (_next > _input.End - sizeof(ulong))
        {
            return false;
        }

        var digits = TryReadInteger(Unsafe.ReadUnaligned<ulong>(ref _input.Bytes[_next]), out cell, out var stop);
        if (digits == 0 || (stop != _separator && stop != LineFeed))
        {
            return false;
        }

        goesOn = stop == _separator;
        _field = _next;
        _next += digits + 1;
        return true;
    }

    /// <summary>Reads a field of less than 64 ASCII characters that is in sight with its end, and is neither quoted nor perhaps a number.</summary>
    /// <returns>False when it is not of that kind; then nothing has been read.</returns>
    private bool TryReadText(FieldColumn column, RowBlock block, out int cell, out bool goesOn)
    {
        (cell, goesOn) = (0, false);
        if (!Vector256.IsHardwareAccelerated || _next > _input.End - ShortField)
        {
            return false;
        }

        var lower = Vector256.LoadUnsafe(ref _input.Bytes[_next]);
        var upper = Vector256.LoadUnsafe(ref _input.Bytes[_next + Vector256<byte>.Count]);
        var length = BitOperations.TrailingZeroCount(Bits(IsEnd(lower), IsEnd(upper)));
        var inside = (1UL << length) - 1;
        if (length == ShortField || (Bits(lower, upper) & inside) != 0)
        {
            return false;
        }

        var stop = _input.Bytes[_next + length];
        if ((stop != _separator && stop != LineFeed) || (stop == LineFeed && length > 0 && _input.Bytes[_next + length - 1] == Return))
        {
            return false;
        }

        if (column.TakesIntegers && (~Bits(IsOfNumber(lower), IsOfNumber(upper)) & inside) == 0)
        {
            return false;
        }

        var field = _input.Bytes.AsSpan(_next, length);
        if (!block.TryRepeat(column.Slot, field, out cell))
        {
            cell = block.CellOf(lower, upper, length);
        }

        goesOn = stop == _separator;
        _field = _next;
        _next += length + 1;
        return true;
    }

    /// <summary>Whether a byte ends a field, or is a quote, which needs a closer look in CSV.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<byte> IsEnd(Vector256<byte> bytes)
    {
        var ends = Vector256.Equals(bytes, Vector256.Create(_separator)) | Vector256.Equals(bytes, Vector256.Create(LineFeed));
        return _separator == Tab ? ends : ends | Vector256.Equals(bytes, Vector256.Create(Quote));
    }

    /// <summary>Whether a byte can be part of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> IsOfNumber(Vector256<byte> bytes)
    {
        var digits = Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9));
        var signs = Vector256.Equals(bytes, Vector256.Create((byte)'-')) | Vector256.Equals(bytes, Vector256.Create((byte)'+')) | Vector256.Equals(bytes, Vector256.Create((byte)'.'));
        return digits | signs | Vector256.Equals(bytes | Vector256.Create((byte)0x20), Vector256.Create((byte)'e'));
    }

    /// <summary>The upper bits of 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> lower, Vector256<byte> upper) => lower.ExtractMostSignificantBits() | ((ulong)upper.ExtractMostSignificantBits() << 32);

    /// <summary>Reads one to seven digits without a sign and without zeros before them.</summary>
    /// <returns>The number of digits; 0 when there is something else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TryReadInteger(ulong bytes, out int number, out byte stop)
    {
        var digits = BitOperations.TrailingZeroCount(NoDigits(bytes)) / 8;
        (number, stop) = (0, 0);
        if ((uint)(digits - 1) > 6 || (digits > 1 && (byte)bytes == (byte)'0'))
        {
            return 0;
        }

        stop = (byte)(bytes >> (8 * digits));
        number = NumberOf(bytes, digits);
        return digits;
    }

    /// <summary>The upper bit of each byte that is no decimal digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NoDigits(ulong bytes) =>
        (bytes | (bytes + 0x4646464646464646) | (bytes - 0x3030303030303030)) & 0x8080808080808080;

    /// <summary>The number that the first digits of eight bytes are: pairs, then fours, then eights at once.</summary>
    /// <remarks>D. Lemire, Quickly parsing eight digits, 2018; fewer are moved up behind zeros.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NumberOf(ulong bytes, int digits)
    {
        var number = (bytes - 0x3030303030303030) << (64 - (8 * digits));
        number = (number * 10) + (number >> 8);
        number = (((number & 0x000000FF000000FF) * 0x000F424000000064) + (((number >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
        return (int)number;
    }
}
