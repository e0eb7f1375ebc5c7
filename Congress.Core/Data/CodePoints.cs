using System.Text;

namespace Congress.Data;

/// <summary>Strings as sequences of Unicode code points: their order and their length.</summary>
internal static class CodePoints
{
    /// <summary>Compares by code point. UTF-16 order differs from it only where a surrogate meets U+E000..U+FFFF.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        var (a, b) = (left[common], right[common]);
        return char.IsSurrogate(a) != char.IsSurrogate(b) ? (char.IsSurrogate(a) ? 1 : -1) : a.CompareTo(b);
    }

    /// <summary>The number of code points.</summary>
    public static int Count(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>What follows the given number of code points; false when there are fewer, or the number is negative.</summary>
    public static bool TrySkip(ReadOnlySpan<char> text, long count, out ReadOnlySpan<char> rest)
    {
        rest = text;
        for (; count > 0 && !rest.IsEmpty; count--)
        {
            var isPair = rest.Length > 1 && char.IsSurrogatePair(rest[0], rest[1]);
            rest = rest[(isPair ? 2 : 1)..];
        }

        return count == 0;
    }
}
