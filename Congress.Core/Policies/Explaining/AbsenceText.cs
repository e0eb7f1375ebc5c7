using System.Globalization;
using System.Text;

namespace Congress.Policies.Explaining;

/// <summary>Writes why a row is not there.</summary>
internal static class AbsenceText
{
    public static string Of(Absence absence)
    {
        var text = new StringBuilder();
        Write(text, absence, "");
        return text.ToString().TrimEnd('\n');
    }

    private static void Write(StringBuilder text, Absence absence, string indent)
    {
        Line(text, indent, $"no row {absence.Atom}{(absence.Rules.Count > 0 ? "" : ": " + Nearest(absence))}");
        foreach (var attempt in absence.Rules)
        {
            Line(text, indent + "  ", $"rule {attempt.Rule.Name}: {attempt.Rule.Text}");
            var held = string.Create(CultureInfo.InvariantCulture, $"{attempt.Held} of {attempt.Conditions} conditions hold");
            Line(text, indent + "    ", attempt.Lacking is null ? attempt.Reason : $"{held}; it lacks {attempt.Lacking}: {attempt.Reason}");
            if (attempt.Below is { Rules.Count: > 0 } below)
            {
                Write(text, below, indent + "    ");
            }
        }
    }

    /// <summary>What is nearest to a row that is not there, in one sentence.</summary>
    internal static string Nearest(Absence absence)
    {
        var nearest = absence.Nearest.Count == 0 ? absence.Rows == 1 ? "its only row is not like it" : $"none of its {absence.Rows} rows is like it" : $"nearest {string.Join(", ", absence.Nearest)}";
        return (absence.Rows == 0 ? $"{absence.Table} has no rows" : nearest) + (absence.Hint is null ? "" : $"; {absence.Hint}");
    }

    private static void Line(StringBuilder text, string indent, string line) => text.Append(indent).Append(line.ReplaceLineEndings(" ")).Append('\n');
}
