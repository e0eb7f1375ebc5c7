using System.Text;
using Congress.Data;

namespace Congress.Policies.Explaining;

/// <summary>A derivation as a list: each row once, the one that is explained first, those below it after it.</summary>
/// <param name="Rows">The rows, at most two thousand.</param>
/// <param name="More">The number of rows that are left out, the deepest.</param>
public sealed record DerivationDocument(IReadOnlyList<DerivedRow> Rows, int More)
{
    private const int MaxRows = 2000;

    /// <summary>Lists a derivation.</summary>
    public static DerivationDocument Of(Derivation derivation)
    {
        ArgumentNullException.ThrowIfNull(derivation);
        var places = new Dictionary<Derivation, int>(ReferenceEqualityComparer.Instance) { [derivation] = 0 };
        var all = new List<Derivation> { derivation };
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var row in all[i].Conditions.SelectMany(c => c.Rows))
            {
                if (places.TryAdd(row, all.Count))
                {
                    all.Add(row);
                }
            }
        }

        return new([.. all.Take(MaxRows).Select(row => new DerivedRow(
            row.Table.ToString(), row.Row, row.Height, row.Rule,
            [.. row.Conditions.Select(c => new DerivedCondition(c.Text, [.. c.Rows.Select(r => places[r]).Where(p => p < MaxRows)], c.More, c.Absence))], row.Origin))],
            Math.Max(0, all.Count - MaxRows));
    }

    /// <summary>The derivation in the language of Mermaid, which Markdown viewers show; what must be absent is dashed.</summary>
    public string ToMermaid()
    {
        var text = new StringBuilder("flowchart TD\n");
        for (var i = 0; i < Rows.Count; i++)
        {
            var row = Rows[i];
            var source = row.Rule is { } rule ? rule.Name : row.Origin?.ToString() ?? "fact";
            var (open, close) = row.Rule is null ? ("[(", ")]") : ("[", "]");
            text.Append(FormattableString.Invariant($"  r{i}{open}\"{Quote(row.Table + row.Row)}<br/>{Quote(source)}\"{close}\n"));
            for (var c = 0; c < row.Conditions.Count; c++)
            {
                foreach (var below in row.Conditions[c].Rows)
                {
                    text.Append(FormattableString.Invariant($"  r{i} --> r{below}\n"));
                }

                if (row.Conditions[c].Rows.Count == 0)
                {
                    text.Append(FormattableString.Invariant($"  r{i} -.-> r{i}c{c}([\"{Quote(row.Conditions[c].Text)}\"])\n"));
                }
            }
        }

        return text.ToString();
    }

    // Mermaid's own escapes: # and the name or number of a character.
    private static string Quote(string text) => text.Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}

/// <summary>A row of a derivation.</summary>
/// <param name="Table">The table, with its policy.</param>
/// <param name="Row">The row.</param>
/// <param name="Height">Its height; 0 for a fact.</param>
/// <param name="Rule">The rule that gives it; null for a fact.</param>
/// <param name="Conditions">The conditions of the rule.</param>
/// <param name="Origin">Where a fact comes from, or null.</param>
public sealed record DerivedRow(string Table, Row Row, int Height, ExplainingRule? Rule, IReadOnlyList<DerivedCondition> Conditions, FactOrigin? Origin);

/// <summary>A condition of a rule.</summary>
/// <param name="Text">The condition with the values in place.</param>
/// <param name="Rows">The places in the list of the rows that it holds by, from 0.</param>
/// <param name="More">The number of rows of an aggregate that are not listed.</param>
/// <param name="Absence">Why nothing stands against a negated condition; null for others.</param>
public sealed record DerivedCondition(string Text, IReadOnlyList<int> Rows, long More, string? Absence);
