using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Analysis;
using Congress.Diagnostics;

namespace Congress.Policies.Explaining;

/// <summary>Finds the rows of a table that are most like one that is not there.</summary>
internal static class NearestRows
{
    /// <summary>The most rows that are shown.</summary>
    public const int MaxRows = 3;

    /// <summary>The rows that agree in most of the given columns, at least in one, and what was probably meant.</summary>
    public static (IReadOnlyList<string> Rows, string? Hint) To(View view, TableLiteral literal)
    {
        var (best, most) = (new SortedSet<Row>(), 1);
        var misspelt = new Dictionary<int, List<string>>();
        foreach (var (row, differing) in Compare(view, literal))
        {
            var given = literal.Arguments.Count(a => a.IsConstant);
            if (given - differing.Count >= most && given > 0)
            {
                if (given - differing.Count > most)
                {
                    (most, _) = (given - differing.Count, 0);
                    best.Clear();
                }

                best.Add(row);
                if (best.Count > MaxRows)
                {
                    best.Remove(best.Max!);
                }
            }

            if (differing is [var column] && literal.Arguments[column].Constant.Kind == ValueKind.Text && row[column].Kind == ValueKind.Text)
            {
                if (!misspelt.TryGetValue(column, out var texts))
                {
                    misspelt[column] = texts = [];
                }

                texts.Add(row[column].AsText());
            }
        }

        var meant = misspelt.OrderBy(m => m.Key)
            .Select(m => Spelling.Closest(literal.Arguments[m.Key].Constant.AsText(), m.Value)).FirstOrDefault(t => t is not null);
        return ([.. best.Select(r => $"{literal.Table}{r}")], meant is null ? null : $"did you mean {Value.Of(meant)}?");
    }

    /// <summary>The rows that agree in all given columns and, where a variable stands twice, in both.</summary>
    public static IEnumerable<Row> Matching(View view, TableLiteral literal) =>
        Compare(view, literal).Where(r => r.Differing.Count == 0 && IsBinding(literal, r.Row)).Select(r => r.Row);

    private static bool IsBinding(TableLiteral literal, Row row)
    {
        for (var i = 0; i < row.Count; i++)
        {
            var first = literal.Arguments[i].IsVariable ? Array.IndexOf(literal.Arguments, literal.Arguments[i]) : i;
            if (row[first] != row[i])
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<(Row Row, List<int> Differing)> Compare(View view, TableLiteral literal)
    {
        var rows = view.RowsOf(literal.Table).ToRelation();
        for (var i = 0; i < rows.Count && rows.Arity == literal.Arguments.Length; i++)
        {
            var row = view.Symbols.RowOf(rows[i]);
            yield return (row, [.. Enumerable.Range(0, row.Count).Where(c => literal.Arguments[c].IsConstant && literal.Arguments[c].Constant != row[c])]);
        }
    }
}
