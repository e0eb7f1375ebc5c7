using Congress.Data;

namespace Congress.Datalog.Builtins;

/// <summary>Reads the time to add to a date: a number of seconds, or a text of integers separated by colons, from the
/// right seconds, minutes, hours, days and weeks: <c>25:00:00</c>.</summary>
internal static class DurationReader
{
    private static readonly long[] Units =
        [TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour, TimeSpan.TicksPerDay, 7 * TimeSpan.TicksPerDay];

    /// <summary>Reads the time; false when the value is none, or longer than any two dates are apart.</summary>
    public static bool TryRead(Value value, out TimeSpan time)
    {
        time = default;
        return value.Kind switch
        {
            ValueKind.Integer => TryMake((Int128)value.AsInteger() * TimeSpan.TicksPerSecond, out time),
            ValueKind.Real => TryReadSeconds(value.AsReal(), out time),
            ValueKind.Text => TryReadFields(value.AsText(), out time),
            _ => false,
        };
    }

    private static bool TryReadSeconds(double seconds, out TimeSpan time)
    {
        time = default;
        if (Math.Abs(seconds) > DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond)
        {
            return false;
        }

        // The fraction alone has the precision to round to a microsecond, half to even, as Python's timedelta does.
        var whole = Math.Truncate(seconds);
        var microseconds = Math.Round((seconds - whole) * 1e6, MidpointRounding.ToEven);
        return TryMake(((Int128)whole * TimeSpan.TicksPerSecond) + ((Int128)microseconds * TimeSpan.TicksPerMicrosecond), out time);
    }

    private static bool TryReadFields(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        Int128 ticks = 0;
        foreach (var unit in Units)
        {
            var colon = text.LastIndexOf(':');
            if (!NumberText.TryReadInteger(text[(colon + 1)..], out var field))
            {
                return false;
            }

            ticks += (Int128)field * unit;
            if (colon < 0)
            {
                return TryMake(ticks, out time);
            }

            text = text[..colon];
        }

        return false;
    }

    private static bool TryMake(Int128 ticks, out TimeSpan time)
    {
        var fits = Int128.Abs(ticks) <= DateTime.MaxValue.Ticks;
        time = fits ? new TimeSpan((long)ticks) : default;
        return fits;
    }
}
