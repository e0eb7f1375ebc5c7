using System.Globalization;
using System.Text;
using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>Dates and times as texts. Those that order or subtract take a written offset into account, and a text
/// without one as UTC; those that take apart give the fields as they are written.</summary>
/// <remarks>A time of day alone has no date here, where the reference puts the date of today: only <c>now</c> may read
/// the clock, or rows would change meaning at midnight with no delta to say so.</remarks>
internal static class DateTimes
{
    private const string Category = "datetime";
    private const long TicksOf1900 = 599_266_080_000_000_000;   // 1900-01-01 00:00:00

    public static Builtin[] All() =>
    [
        Inherited(Category, "now(x)", 0, "x is the local time, of one moment in all of an evaluation", Now, readsClock: true),
        Inherited(Category, "unpack_date(x, year, month, day)", 1, "the date fields of x", UnpackDate),
        Inherited(Category, "unpack_time(x, hour, minute, second)", 1, "the time fields of x", UnpackTime),
        Inherited(Category, "unpack_datetime(x, year, month, day, hour, minute, second)", 1, "the fields of x", UnpackDateTime),
        Inherited(Category, "pack_time(hour, minute, second, x)", 3, "x is hour:minute:second", PackTime),
        Inherited(Category, "pack_date(year, month, day, x)", 3, "x is year-month-day", PackDate),
        Inherited(Category, "pack_datetime(year, month, day, hour, minute, second, x)", 6, "x is year-month-day hour:minute:second", PackDateTime),
        Inherited(Category, "extract_date(x, y)", 1, "y is the date of x", ExtractDate),
        Inherited(Category, "extract_time(x, y)", 1, "y is the time of x", ExtractTime),
        Inherited(Category, "datetime_to_seconds(x, y)", 1, "y is the whole seconds from 1900 to x", ToSeconds),
        Inherited(Category, "datetime_plus(x, y, z)", 2, "z is the time y after x", (ref call) => Shift(ref call, 1)),
        Inherited(Category, "datetime_minus(x, y, z)", 2, "z is the time y before x", (ref call) => Shift(ref call, -1)),
        Inherited(Category, "datetime_lt(x, y)", 2, "x is before y", Before),
        Inherited(Category, "datetime_lteq(x, y)", 2, "x is before or at y", BeforeOrAt),
        Inherited(Category, "datetime_gt(x, y)", 2, "x is after y", After),
        Inherited(Category, "datetime_gteq(x, y)", 2, "x is after or at y", AfterOrAt),
        Inherited(Category, "datetime_equal(x, y)", 2, "x and y are the same moment", Same),
    ];

    private static void Now(ref BuiltinCall call) =>
        call.Return(call.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    private static void UnpackDate(ref BuiltinCall call)
    {
        if (TryReadDated(call.Inputs[0], out var x))
        {
            call.Return(x.Wall.Year, x.Wall.Month, x.Wall.Day);
        }
    }

    private static void UnpackTime(ref BuiltinCall call)
    {
        if (TryRead(call.Inputs[0], out var x))
        {
            call.Return(x.Wall.Hour, x.Wall.Minute, x.Wall.Second);
        }
    }

    private static void UnpackDateTime(ref BuiltinCall call)
    {
        if (TryReadDated(call.Inputs[0], out var x))
        {
            call.Return(x.Wall.Year, x.Wall.Month, x.Wall.Day, x.Wall.Hour, x.Wall.Minute, x.Wall.Second);
        }
    }

    private static void PackTime(ref BuiltinCall call) => Pack(ref call, "::");

    private static void PackDate(ref BuiltinCall call) => Pack(ref call, "--");

    private static void PackDateTime(ref BuiltinCall call) => Pack(ref call, "-- ::");

    // The reference formats whatever it gets, without padding or a check of the fields; null and booleans fail here.
    private static void Pack(ref BuiltinCall call, string separators)
    {
        var packed = new StringBuilder();
        for (var i = 0; i < call.Inputs.Length; i++)
        {
            var field = call.Inputs[i];
            if (!field.IsNumber && field.Kind != ValueKind.Text)
            {
                return;
            }

            var text = field.ToPlainText();
            call.RequireRoomFor((long)packed.Length + text.Length + 1);
            packed.Append(separators.AsSpan(Math.Max(i - 1, 0), Math.Min(i, 1))).Append(text);
        }

        call.Return(packed.ToString());
    }

    private static void ExtractDate(ref BuiltinCall call)
    {
        if (TryReadDated(call.Inputs[0], out var x))
        {
            call.Return(x.DateText());
        }
    }

    private static void ExtractTime(ref BuiltinCall call)
    {
        if (TryRead(call.Inputs[0], out var x))
        {
            call.Return(x.TimeText());
        }
    }

    private static void ToSeconds(ref BuiltinCall call)
    {
        if (TryReadDated(call.Inputs[0], out var x))
        {
            call.Return((x.InstantTicks - TicksOf1900) / TimeSpan.TicksPerSecond);
        }
    }

    private static void Shift(ref BuiltinCall call, int direction)
    {
        if (TryReadDated(call.Inputs[0], out var x) && DurationReader.TryRead(call.Inputs[1], out var time)
            && x.TryAdd(direction * time, out var shifted))
        {
            call.Return(shifted.ToString());
        }
    }

    private static void Before(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order < 0)
        {
            call.Return();
        }
    }

    private static void BeforeOrAt(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order <= 0)
        {
            call.Return();
        }
    }

    private static void After(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order > 0)
        {
            call.Return();
        }
    }

    private static void AfterOrAt(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order >= 0)
        {
            call.Return();
        }
    }

    private static void Same(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order == 0)
        {
            call.Return();
        }
    }

    // Two times of day have an order; a time of day and a date have none.
    private static bool TryOrder(ref BuiltinCall call, out int order)
    {
        order = 0;
        if (!TryRead(call.Inputs[0], out var x) || !TryRead(call.Inputs[1], out var y) || x.HasDate != y.HasDate)
        {
            return false;
        }

        order = x.InstantTicks.CompareTo(y.InstantTicks);
        return true;
    }

    private static bool TryReadDated(Value value, out WrittenDateTime result) => TryRead(value, out result) && result.HasDate;

    private static bool TryRead(Value value, out WrittenDateTime result)
    {
        result = default;
        return value.Kind == ValueKind.Text && DateTimeReader.TryRead(value.AsText(), out result);
    }
}
