namespace Congress.Datalog.Builtins;

/// <summary>Reads dates and times in the forms that <c>docs/builtins.md</c> lists, without regard to any culture.</summary>
/// <remarks>A text is a date, a time, or a date and then a time, perhaps after the name of a weekday. It is read in one
/// pass; where a form does not fit, a copy of the scanner goes back to where it began.</remarks>
internal ref struct DateTimeReader
{
    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    private static readonly string[] Weekdays =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private TextScanner _scan;

    private DateTimeReader(ReadOnlySpan<char> text) => _scan = new TextScanner(text.Trim());

    /// <summary>Reads the whole text; false when it is in none of the forms, or names no day or time that exists.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out WrittenDateTime result)
    {
        var reader = new DateTimeReader(text);
        reader.SkipWeekday();
        return reader.TryReadDateAndTime(out result) && reader._scan.Rest.IsEmpty;
    }

    private bool TryReadDateAndTime(out WrittenDateTime result)
    {
        result = default;
        var start = _scan;
        if (!TryReadDate(out var date, out var isCompact))
        {
            _scan = start;
            if (!TryReadTime(isCompact: false, out var time))
            {
                return false;
            }

            result = new WrittenDateTime(new DateTime(time.Ticks), ReadOffset(), HasDate: false);
            return true;
        }

        if (_scan.Rest.IsEmpty)
        {
            result = new WrittenDateTime(date, Offset: null, HasDate: true);
            return true;
        }

        if (!(_scan.Skip('T') || _scan.Skip('t') || _scan.SkipCommaOrSpace()) || !TryReadTime(isCompact, out var timeOfDay))
        {
            return false;
        }

        result = new WrittenDateTime(date + timeOfDay, ReadOffset(), HasDate: true);
        return true;
    }

    private void SkipWeekday()
    {
        var start = _scan;
        if (NameIn(Weekdays, _scan.ReadWord()) == 0 || !_scan.SkipCommaOrSpace())
        {
            _scan = start;
        }
    }

    private bool TryReadDate(out DateTime date, out bool isCompact)
    {
        isCompact = false;
        date = default;
        if (!_scan.TryReadDigits(8, out var first, out var width))
        {
            // January 5 2014, Jan. 5, 2014
            return TryReadMonth(out var named) && (_scan.Skip('.') | _scan.SkipSpace()) && _scan.TryReadDigits(2, out var dayAfter, out _)
                && _scan.SkipCommaOrSpace() && TryReadYear(out var yearAfter) && TryDate(yearAfter, named, dayAfter, out date);
        }

        isCompact = width == 8;
        if (isCompact)
        {
            return TryDate(first / 10000, first / 100 % 100, first % 100, out date);
        }

        var separator = _scan.Rest.IsEmpty ? ' ' : _scan.Rest[0];
        if (width == 4)
        {
            // 2014-01-05, 2014/01/05, 2014.01.05
            return separator is '-' or '/' or '.' && _scan.Skip(separator) && _scan.TryReadDigits(2, out var second, out _)
                && _scan.Skip(separator) && _scan.TryReadDigits(2, out var third, out _) && TryDate(first, second, third, out date);
        }

        if (separator == '/')
        {
            // 01/05/2014: the month comes first, unless it cannot be one
            return width <= 2 && _scan.Skip('/') && _scan.TryReadDigits(2, out var second, out _) && _scan.Skip('/') && TryReadYear(out var last)
                && (first > 12 ? TryDate(last, second, first, out date) : TryDate(last, first, second, out date));
        }

        // 5 Jan 2014, 05-Jan-2014
        return width <= 2 && (_scan.Skip('-') || _scan.SkipSpace()) && TryReadMonth(out var month)
            && (_scan.Skip('-') || _scan.SkipCommaOrSpace()) && TryReadYear(out var year) && TryDate(year, month, first, out date);
    }

    private bool TryReadTime(bool isCompact, out TimeSpan time)
    {
        time = default;
        if (!_scan.TryReadDigits(6, out var hour, out var width))
        {
            return false;
        }

        var (minute, second, microseconds, wantsHalf) = (0, 0, 0L, false);
        if (isCompact && width is 4 or 6)
        {
            // 100000, 1000
            second = width == 6 ? hour % 100 : 0;
            (hour, minute) = width == 6 ? (hour / 10000, hour / 100 % 100) : (hour / 100, hour % 100);
            microseconds = width == 6 ? _scan.ReadMicroseconds() : 0;
        }
        else if (width <= 2 && _scan.Skip(':'))
        {
            // 10:00, 10:00:00, 10:00:00.5
            if (!_scan.TryReadDigits(2, out minute, out _))
            {
                return false;
            }

            if (_scan.Skip(':'))
            {
                if (!_scan.TryReadDigits(2, out second, out _))
                {
                    return false;
                }

                microseconds = _scan.ReadMicroseconds();
            }
        }
        else
        {
            // 10 AM
            wantsHalf = true;
            if (width > 2)
            {
                return false;
            }
        }

        if (TryReadHalf(out var isAfternoon))
        {
            if (hour > 12)
            {
                return false;
            }

            hour = (hour % 12) + (isAfternoon ? 12 : 0);
        }
        else if (wantsHalf)
        {
            return false;
        }

        time = new TimeSpan(hour, minute, second) + new TimeSpan(microseconds * TimeSpan.TicksPerMicrosecond);
        return hour < 24 && minute < 60 && second < 60;
    }

    private bool TryReadHalf(out bool isAfternoon)
    {
        var start = _scan;
        _scan.SkipSpace();
        var word = _scan.ReadWord();
        isAfternoon = word.Equals("PM", StringComparison.OrdinalIgnoreCase);
        if (isAfternoon || word.Equals("AM", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        _scan = start;
        return false;
    }

    // Z, UTC, GMT, +05:00, +0500, +05; what is something else stays, and the reader refuses the rest.
    private TimeSpan? ReadOffset()
    {
        var start = _scan;
        _scan.SkipSpace();
        var word = _scan.ReadWord();
        if (word is "Z" or "z" or "UTC" or "GMT")
        {
            return TimeSpan.Zero;
        }

        var isWest = _scan.Skip('-');
        if (word.IsEmpty && (isWest || _scan.Skip('+')) && _scan.TryReadDigits(4, out var hours, out var width))
        {
            var minutes = 0;
            if (width == 4)
            {
                (hours, minutes) = (hours / 100, hours % 100);
            }

            if ((width is 4 || (width is 2 && (!_scan.Skip(':') || _scan.TryReadDigits(2, out minutes, out _)))) && hours < 24 && minutes < 60)
            {
                return new TimeSpan(hours, minutes, 0) * (isWest ? -1 : 1);
            }
        }

        _scan = start;
        return null;
    }

    private bool TryReadMonth(out int month) => (month = NameIn(Months, _scan.ReadWord())) != 0;

    private bool TryReadYear(out int year) => _scan.TryReadDigits(4, out year, out var width) && width == 4;

    // The place from 1 of a name written in full or by at least three letters; 0 when it is none.
    private static int NameIn(string[] names, ReadOnlySpan<char> word)
    {
        for (var i = 0; i < names.Length && word.Length >= 3; i++)
        {
            if (names[i].AsSpan().StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static bool TryDate(int year, int month, int day, out DateTime date)
    {
        var exists = year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        date = exists ? new DateTime(year, month, day) : default;
        return exists;
    }
}
