using System.Globalization;
using Congress.Data;

namespace Congress.Cli;

/// <summary>Passes rows on and tells, once a second, how many there were; the line is gone at the end.</summary>
internal sealed class Progress(RowReader rows, string table, TextWriter output) : RowReader
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _shown = TimeProvider.System.GetTimestamp();
    private long _count;
    private bool _hasShown;

    public override int Width => rows.Width;

    public override ReadOnlySpan<Value> Current => rows.Current;

    public override bool Read()
    {
        Count(1);
        return rows.Read();
    }

    internal override void ReadTo(RowBlock block)
    {
        rows.ReadTo(block);
        Count(block.Count);
    }

    private void Count(int more)
    {
        var block = _count / RowBlock.MaxRows;
        _count += more;
        if (_count / RowBlock.MaxRows > block && TimeProvider.System.GetElapsedTime(_shown) > Interval)
        {
            (_shown, _hasShown) = (TimeProvider.System.GetTimestamp(), true);
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\r\x1b[Kloading {table}: {_count:N0} rows"));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rows.Dispose();
            output.Write(_hasShown ? "\r\x1b[K" : "");
        }

        base.Dispose(disposing);
    }
}
