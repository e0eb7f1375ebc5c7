using System.Globalization;
using System.Text;

namespace Congress.Policies.Explaining;

/// <summary>Writes a derivation as a tree of text, one row or condition on a line.</summary>
internal static class DerivationText
{
    private const int MaxLines = 500;
    private const int MaxDepth = 100;

    /// <summary>The text, of at most some hundred lines; a row that has been explained is not explained again.</summary>
    public static string Of(Derivation derivation)
    {
        var writer = new Writer();
        writer.Write(derivation, "", "", 0);
        return writer.ToString();
    }

    /// <summary>Where a row comes from, as the end of a line.</summary>
    internal static string Source(Derivation row) => row.Rule is { } rule ? $"by {rule.Name}: {rule.Text}"
        : row.Origin is { } origin ? $"fact, {origin}" : "fact";

    private sealed class Writer
    {
        private readonly StringBuilder _text = new();
        private readonly HashSet<Derivation> _shown = new(ReferenceEqualityComparer.Instance);
        private int _lines;
        private long _left;

        public void Write(Derivation row, string first, string rest, int depth)
        {
            var isNew = _shown.Add(row);
            Line(first, $"{row.Atom}   // {(isNew || row.Rule is null ? Source(row) : "as above")}");
            if (!isNew)
            {
                return;
            }

            if (depth == MaxDepth && row.Conditions.Count > 0)
            {
                Line(rest + "└─ ", $"... {row.Height} rows deep");
                return;
            }

            var branches = row.Conditions.SelectMany(Branches).ToArray();
            for (var i = 0; i < branches.Length; i++)
            {
                var isLast = i == branches.Length - 1;
                var (mark, indent) = isLast ? ("└─ ", "   ") : ("├─ ", "│  ");
                if (branches[i].Row is { } child)
                {
                    Write(child, rest + mark, rest + indent, depth + 1);
                }
                else
                {
                    Line(rest + mark, branches[i].Text!);
                }
            }
        }

        public override string ToString()
        {
            if (_left > 0)
            {
                _text.Append(CultureInfo.InvariantCulture, $"... and {_left} more lines\n");
            }

            return _text.ToString().TrimEnd('\n');
        }

        private static IEnumerable<(Derivation? Row, string? Text)> Branches(HoldingCondition condition)
        {
            if (condition.Rows.Count == 0)
            {
                yield return (null, condition.Absence is null ? condition.Text : $"{condition.Text}   // {condition.Absence}");
            }

            foreach (var row in condition.Rows)
            {
                yield return (row, null);
            }

            if (condition.More > 0)
            {
                yield return (null, $"... and {condition.More} more rows");
            }
        }

        private void Line(string indent, string text)
        {
            if (_lines == MaxLines)
            {
                _left++;
                return;
            }

            _lines++;
            _text.Append(indent).Append(text.ReplaceLineEndings(" ")).Append('\n');
        }
    }
}
