using System.Globalization;
using System.Text;

namespace Congress.Data;

/// <summary>The form of a name: a letter or underscore, then letters, digits, marks and underscores, with single dots
/// between two of them.</summary>
internal static class Identifiers
{
    /// <summary>Whether the whole text is one identifier.</summary>
    public static bool IsValid(string text) => text.Length > 0 && StartsAt(text, 0, out _) && EndOf(text, 0) == text.Length;

    /// <summary>Whether an identifier can begin here, and the UTF-16 length of its first character.</summary>
    public static bool StartsAt(string text, int position, out int length)
    {
        length = 1;
        if (position >= text.Length)
        {
            return false;
        }

        var c = text[position];
        if (c < 0x80)
        {
            return char.IsAsciiLetter(c) || c == '_';
        }

        return Rune.TryGetRuneAt(text, position, out var rune) && (length = rune.Utf16SequenceLength) > 0 && Rune.IsLetter(rune);
    }

    /// <summary>The end of the identifier whose characters go on from here.</summary>
    public static int EndOf(string text, int position)
    {
        while (true)
        {
            while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
            {
                position++;
            }

            var length = ContinueLength(text, position);
            if (length == 0 && position < text.Length && text[position] == '.')
            {
                length = ContinueLength(text, position + 1) > 0 ? 1 : 0;
            }

            if (length == 0)
            {
                return position;
            }

            position += length;
        }
    }

    private static int ContinueLength(string text, int position)
    {
        if (StartsAt(text, position, out var length))
        {
            return length;
        }

        if (position >= text.Length)
        {
            return 0;
        }

        if (text[position] < 0x80)
        {
            return char.IsAsciiDigit(text[position]) ? 1 : 0;
        }

        return Rune.TryGetRuneAt(text, position, out var rune) && Rune.GetUnicodeCategory(rune) is
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            ? rune.Utf16SequenceLength : 0;
    }
}
