namespace Congress.Datalog.Builtins;

/// <summary>Takes a text apart from its start: digits, words, single characters, space. A copy is a place to return to.</summary>
internal ref struct TextScanner(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<char> Rest => _rest;

    /// <summary>Reads a run of at least one and at most so many digits; a longer run is none.</summary>
    public bool TryReadDigits(int most, out int number, out int width)
    {
        number = 0;
        for (width = 0; width < _rest.Length && char.IsAsciiDigit(_rest[width]); width++)
        {
            if (width == most)
            {
                return false;
            }

            number = (number * 10) + (_rest[width] - '0');
        }

        _rest = _rest[width..];
        return width > 0;
    }

    /// <summary>Reads ASCII letters, perhaps none.</summary>
    public ReadOnlySpan<char> ReadWord()
    {
        var length = 0;
        while (length < _rest.Length && char.IsAsciiLetter(_rest[length]))
        {
            length++;
        }

        var word = _rest[..length];
        _rest = _rest[length..];
        return word;
    }

    /// <summary>Reads the character if it is next.</summary>
    public bool Skip(char c)
    {
        var isThere = _rest.StartsWith(c);
        _rest = isThere ? _rest[1..] : _rest;
        return isThere;
    }

    /// <summary>Reads white space, and says whether there was any.</summary>
    public bool SkipSpace()
    {
        var length = _rest.Length;
        _rest = _rest.TrimStart();
        return _rest.Length < length;
    }

    /// <summary>Reads a comma, white space, or both.</summary>
    public bool SkipCommaOrSpace() => Skip(',') | SkipSpace();

    /// <summary>Reads a decimal fraction, if there is one, as microseconds; what is finer is dropped, as dateutil does.</summary>
    public long ReadMicroseconds()
    {
        if (_rest.Length < 2 || _rest[0] is not ('.' or ',') || !char.IsAsciiDigit(_rest[1]))
        {
            return 0;
        }

        var microseconds = 0L;
        var unit = 100_000;
        for (_rest = _rest[1..]; !_rest.IsEmpty && char.IsAsciiDigit(_rest[0]); _rest = _rest[1..])
        {
            microseconds += (_rest[0] - '0') * unit;
            unit /= 10;
        }

        return microseconds;
    }
}
