using System.Globalization;
using System.Text;

namespace Congress.Datasources.Drivers.Files;

/// <summary>The names that a facts file or its folder can give to a table or a policy: those that a rule can write.</summary>
internal static class FactsName
{
    /// <summary>What a good name looks like, for a hint.</summary>
    public const string Rule = "a name is a letter or underscore, then letters, digits and underscores, with single dots between";

    /// <summary>Whether the name is one or more parts between single dots, the first beginning with a letter or underscore.</summary>
    public static bool IsValid(string name)
    {
        var previous = '\0';
        foreach (var rune in name.EnumerateRunes())
        {
            var isFirst = previous == '\0';
            if (!(IsLetter(rune) || (!isFirst && (IsDigitOrMark(rune) || (rune.Value == '.' && previous != '.')))))
            {
                return false;
            }

            previous = rune.Value == '.' ? '.' : 'x';
        }

        return previous == 'x';
    }

    private static bool IsLetter(Rune rune) => rune.Value == '_' || Rune.IsLetter(rune);

    // Some file systems store accents as marks of their own, so a name with one must not be refused there.
    private static bool IsDigitOrMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
