using System.Globalization;
using Congress.Data;

namespace Congress.Cli;

/// <summary>Passes rows on and tells, once a second, how many there were; the line is gone at the end.</summary>
internal sealed class Progress(RowReader rows, string table, TextWriter output) : RowReader
{
    private const int RowsBetweenLooks = 1 << 14;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _shown = TimeProvider.System.GetTimestamp();
    private long _count;
    private bool _hasShown;

    public override int Width => rows.Width;

    public override ReadOnlySpan<Value> Current => rows.Current;

    public override bool Read()
    {
        if (++_count % RowsBetweenLooks == 0 && TimeProvider.System.GetElapsedTime(_shown) > Interval)
        {
            (_shown, _hasShown) = (TimeProvider.System.GetTimestamp(), true);
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\r\x1b[Kloading {table}: {_count:N0} rows"));
        }

        return rows.Read();
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
