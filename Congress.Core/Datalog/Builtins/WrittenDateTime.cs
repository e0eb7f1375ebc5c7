using System.Globalization;

namespace Congress.Datalog.Builtins;

/// <summary>A date and time as a text has it: the fields on the wall and, where it is written, the offset from UTC.</summary>
/// <param name="Wall">The fields, to the microsecond.</param>
/// <param name="Offset">The written offset from UTC, or null; comparisons then take the fields as UTC.</param>
/// <param name="HasDate">False for a time of day alone, whose date in <paramref name="Wall"/> means nothing.</param>
internal readonly record struct WrittenDateTime(DateTime Wall, TimeSpan? Offset, bool HasDate)
{
    /// <summary>The ticks of the instant in UTC. Not a <see cref="DateTime"/>, since an offset may lead out of its range.</summary>
    public long InstantTicks => Wall.Ticks - (Offset?.Ticks ?? 0);

    /// <summary>Adds a time; false when the result is before the year 1 or after 9999.</summary>
    public bool TryAdd(TimeSpan time, out WrittenDateTime sum)
    {
        // The sum of two longs can leave the range of a long, not that of an Int128.
        var ticks = (Int128)Wall.Ticks + time.Ticks;
        var fits = ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
        sum = fits ? this with { Wall = new DateTime((long)ticks) } : default;
        return fits;
    }

    /// <summary>The date as <c>2014-01-05</c>.</summary>
    public string DateText() => Wall.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The time as <c>10:00:00</c>, with six digits of a second when there is a fraction.</summary>
    public string TimeText() =>
        Wall.ToString(Wall.Ticks % TimeSpan.TicksPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>Date, time and offset as Python prints them: <c>2014-01-05 10:00:00+05:00</c>.</summary>
    public override string ToString() => $"{DateText()} {TimeText()}{OffsetText()}";

    private string OffsetText() => Offset is { } offset
        ? (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture)
        : "";
}
