using System.Globalization;

namespace Congress.Cli;

/// <summary>Measures the phases of a command, one after the other.</summary>
internal sealed class Timings
{
    private readonly List<(string Phase, TimeSpan Time, long? Rows)> _phases = [];
    private long _start = TimeProvider.System.GetTimestamp();

    /// <summary>Ends a phase; the next one begins.</summary>
    public void End(string phase, long? rows = null)
    {
        _phases.Add((phase, TimeProvider.System.GetElapsedTime(_start), rows));
        _start = TimeProvider.System.GetTimestamp();
    }

    public void Print(TextWriter output)
    {
        foreach (var (phase, time, rows) in _phases)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{phase,-9}{time.TotalMilliseconds,10:F1} ms");
            output.WriteLine(rows is { } count ? string.Create(CultureInfo.InvariantCulture, $"{text}{count,12} rows") : text);
        }
    }
}
