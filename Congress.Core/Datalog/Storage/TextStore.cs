namespace Congress.Datalog.Storage;

/// <summary>Texts as UTF-8, side by side in large pieces: no object for each, nothing for the garbage collector to look at.</summary>
/// <remarks>One thread adds while others read what they know of.</remarks>
internal sealed class TextStore
{
    private const int PieceBytes = 1 << 18;

    private byte[][] _pieces = [];
    private int _end;   // in the last piece

    /// <summary>Keeps a text.</summary>
    /// <returns>Where it is.</returns>
    public long Add(ReadOnlySpan<byte> text)
    {
        if (_pieces.Length == 0 || _end + text.Length > _pieces[^1].Length)
        {
            Volatile.Write(ref _pieces, [.. _pieces, GC.AllocateUninitializedArray<byte>(Math.Max(PieceBytes, text.Length))]);
            _end = 0;
        }

        text.CopyTo(_pieces[^1].AsSpan(_end));
        _end += text.Length;
        return ((long)(_pieces.Length - 1) << 32) | (uint)(_end - text.Length);
    }

    /// <summary>The text at a place.</summary>
    public ReadOnlySpan<byte> At(long place, int length) => Volatile.Read(ref _pieces)[(int)(place >> 32)].AsSpan((int)place, length);

    /// <summary>The text at a place, if there can be one.</summary>
    public bool TryAt(long place, int length, out ReadOnlySpan<byte> text)
    {
        var pieces = Volatile.Read(ref _pieces);
        var (piece, start) = ((int)(place >> 32), (int)place);
        var isThere = piece < pieces.Length && start <= pieces[piece].Length - length;
        text = isThere ? pieces[piece].AsSpan(start, length) : default;
        return isThere;
    }
}
