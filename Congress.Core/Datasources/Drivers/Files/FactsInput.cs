using System.Text;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>The bytes of a facts file, a window at a time, and the line of any byte in the window.</summary>
/// <remarks>
/// <para>A reader parses in <see cref="Bytes"/> from a position of its own up to <see cref="End"/>, and calls
/// <see cref="More"/> with the first byte it still needs when it runs out. The byte at <see cref="End"/> is always a
/// line feed that is not of the file, so that a scan for the end of a field or a number needs no other bound.</para>
/// <para>Lines are not counted while parsing: what leaves the window is counted in one vectorised pass, and the
/// rest when an error wants its place.</para>
/// </remarks>
internal sealed class FactsInput : IDisposable
{
    /// <summary>The longest field, in bytes.</summary>
    public const int MaxFieldBytes = 16 << 20;

    /// <summary>The longest line of JSON Lines, which is parsed as one piece.</summary>
    public const int MaxLineBytes = 256 << 20;

    /// <summary>The most fields in a row.</summary>
    public const int MaxFields = 10_000;

    private const int WindowBytes = 256 << 10;
    private readonly FileStream _stream;
    private readonly string _path;
    private readonly int _longest;
    private long _bytesBefore;      // bytes before the window
    private long _linesBefore;      // line feeds before the window
    private long _unitsBefore;      // UTF-16 units before the window in the line that its first byte belongs to

    /// <summary>Opens a file at its first byte, or the one after its byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="longest">The most bytes that may be needed in the window at once.</param>
    /// <exception cref="PolicyException">The file cannot be read.</exception>
    public FactsInput(string path, int longest = MaxFieldBytes)
    {
        (_path, _longest) = (path, longest);
        Bytes = new byte[WindowBytes + 1];
        try
        {
            _stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }

        try
        {
            var start = 0;
            while (End < 3 && More(ref start))
            {
            }

            if (Bytes.AsSpan(0, End).StartsWith("\uFEFF"u8))
            {
                Start = 3;
                _unitsBefore = -1;      // the mark is no column
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The window; it is another array after <see cref="More"/>.</summary>
    public byte[] Bytes { get; private set; }

    /// <summary>The number of bytes in the window.</summary>
    public int End { get; private set; }

    /// <summary>Whether the file has no bytes after the window.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Where the text begins in the first window.</summary>
    public int Start { get; }

    /// <summary>Moves the window on.</summary>
    /// <param name="needed">The first byte that is still needed; where it is afterwards.</param>
    /// <returns>False when the file has no more bytes; those that are needed stay.</returns>
    /// <exception cref="PolicyException">The file cannot be read, or what is needed is longer than allowed.</exception>
    public bool More(ref int needed)
    {
        if (IsLast)
        {
            return false;
        }

        if (End - needed > _longest)
        {
            throw TooLong(needed);
        }

        MakeRoom(needed);
        needed = 0;
        var count = Fill();
        IsLast = count == 0;
        End += count;
        Bytes[End] = (byte)'\n';
        return count > 0;
    }

    /// <summary>The bytes from one position up to another.</summary>
    public ReadOnlySpan<byte> Slice(int start, int end) => Bytes.AsSpan(start, end - start);

    /// <summary>The number of bytes of the file before one of the window.</summary>
    public long BytesBefore(int position) => _bytesBefore + position;

    /// <summary>The number of bytes of the file from one of the window on, as far as its length is known.</summary>
    public long BytesAfter(int position) => _stream.CanSeek ? Math.Max(0, _stream.Length - BytesBefore(position)) : 0;

    /// <summary>The place of a byte of the window.</summary>
    public SourceSpan PlaceOf(int position)
    {
        var before = Bytes.AsSpan(0, position);
        var line = 1 + _linesBefore + before.Count((byte)'\n');
        return new(_path, 0, 0, Saturate(line), Saturate(1 + UnitsAfter(before)));
    }

    /// <summary>The exception for something wrong at a byte of the window.</summary>
    public PolicyException Error(int position, string message, string? hint = null, DiagnosticCode code = DiagnosticCode.BadFacts) =>
        new(Diagnostic.Error(code, PlaceOf(position), message, hint));

    /// <summary>The exception for what begins at a position and does not end in time.</summary>
    public PolicyException TooLong(int position) => _longest == MaxFieldBytes
        ? Error(position, "a field is longer than 16 MiB")
        : Error(position, "a line is longer than 256 MiB");

    public void Dispose() => _stream.Dispose();

    // Doubling keeps the cost of moving and rescanning a long field linear; the odd window on top lets a field of
    // exactly the allowed length have its end in sight.
    private void MakeRoom(int needed)
    {
        Leave(needed);
        var kept = Bytes.AsSpan(needed, End - needed);
        var target = Bytes;
        if (kept.Length > target.Length / 2 && target.Length < _longest)
        {
            target = new byte[Math.Min(2 * target.Length, _longest + WindowBytes) + 1];
        }

        kept.CopyTo(target);
        (Bytes, End) = (target, kept.Length);
    }

    private void Leave(int count)
    {
        var leaving = Bytes.AsSpan(0, count);
        _bytesBefore += count;
        _unitsBefore = UnitsAfter(leaving);
        _linesBefore += leaving.Count((byte)'\n');
    }

    private long UnitsAfter(ReadOnlySpan<byte> bytes)
    {
        var lineFeed = bytes.LastIndexOf((byte)'\n');
        return (lineFeed < 0 ? _unitsBefore : 0) + Encoding.UTF8.GetCharCount(bytes[(lineFeed + 1)..]);
    }

    private int Fill()
    {
        try
        {
            return _stream.Read(Bytes, End, Bytes.Length - 1 - End);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    private PolicyException Unreadable(Exception exception) => new(
        Diagnostic.Error(DiagnosticCode.BadFacts, new SourceSpan(_path, 0, 0, 0, 0), $"the file cannot be read: {exception.Message}"),
        exception);

    private static int Saturate(long number) => (int)Math.Min(number, int.MaxValue);
}
