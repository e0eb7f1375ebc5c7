using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Policies.Explaining;

/// <summary>Finds out why a table has no such row.</summary>
/// <remarks>A rule with the row's values in its head is tried without one of its conditions at a time, the last first: where the others hold together, that one
/// is what it lacks. Where it lacks more, its conditions are tried from the left, as many as hold together.</remarks>
internal sealed class AbsenceSearch(View view, CancellationToken cancellationToken)
{
    private const int MaxDepth = 3;
    private const int MaxBelow = 20;   // explanations of conditions, all together

    private readonly HashSet<string> _explained = new(StringComparer.Ordinal);
    private readonly Conditions _conditions = new(view);
    private int _below;

    public static Absence? Run(View view, Formula asked, string policy, CancellationToken cancellationToken)
    {
        var literal = Explained.Literal(asked, policy, view);
        return view.Query(asked, policy).Rows.Count > 0 ? null : new AbsenceSearch(view, cancellationToken).Of(literal, 0);
    }

    private Absence Of(TableLiteral literal, int depth)
    {
        var rules = view.Program.Policies.Values.SelectMany(p => p.Rules.Values).Where(r => r.Checked?.Head == literal.Table
            || (r.Checked is null && r.Policy == literal.Table.Policy && r.Formula.Head.Table == literal.Table.Table)).OrderBy(r => r.Order);
        var attempts = new List<RuleAttempt>();
        _explained.Add(Text(literal));
        foreach (var rule in rules)
        {
            cancellationToken.ThrowIfCancellationRequested();
            attempts.Add(rule.Checked is { } active ? Try(active, literal, depth) : new(
                new(rule.Policy, (rule.Formula with { Annotations = Annotations.None }).ToString(), rule.Formula.Annotations.Id, rule.Formula.Place, null),
                0, rule.Formula.Body.Count, null, rule.WaitsFor.Count > 0 ? $"it waits for {string.Join(", ", rule.WaitsFor)}" : "it does not fit a schema and is set aside", null));
        }

        return Alone(literal) with { Rules = attempts };
    }

    /// <summary>The absence of a row by what is nearest to it, without rules.</summary>
    private Absence Alone(TableLiteral literal)
    {
        var nearest = NearestRows.To(view, literal);
        return new(literal.Table, Text(literal), [], view.Count(literal.Table), nearest.Rows, nearest.Hint);
    }

    private RuleAttempt Try(Rule rule, TableLiteral asked, int depth)
    {
        var shown = DerivationBuilder.RuleOf(rule);
        if (Conditions.Unify(rule, asked, out var conflict) is not { } values)
        {
            return new(shown, 0, rule.Body.Length, null,
                $"its head gives {conflict.Given} in column {conflict.Column + 1}, not {asked.Arguments[conflict.Column].Constant}", null);
        }

        var body = Conditions.With(rule, values);
        return Lacking(rule, shown, body, depth);
    }

    private RuleAttempt Lacking(Rule rule, ExplainingRule shown, Literal[] body, int depth)
    {
        if (_conditions.Least(rule.Policy, body) is not null)
        {
            return new(shown, body.Length, body.Length, null,
                rule.IsAggregate ? "its conditions hold, but the aggregate gives another value" : "its conditions hold", null);
        }

        for (var left = body.Length - 1; left >= 0 && body.Length > 1; left--)
        {
            if (_conditions.Least(rule.Policy, [.. body.Where((_, i) => i != left)]) is { } others)
            {
                return Explain(rule, shown, body[left].With(others), body.Length - 1, body.Length, depth);
            }
        }

        var ordered = Ordered(rule, body);
        for (var held = ordered.Length - 2; held > 0; held--)
        {
            if (_conditions.Least(rule.Policy, ordered[..held]) is { } others)
            {
                return Explain(rule, shown, ordered[held].With(others), held, body.Length, depth);
            }
        }

        return Explain(rule, shown, ordered[0], 0, body.Length, depth);
    }

    private RuleAttempt Explain(Rule rule, ExplainingRule shown, Literal lacking, int held, int count, int depth)
    {
        var text = lacking.ToString();
        if (_conditions.TableOf(rule.Policy, lacking) is not { } literal)
        {
            return new(shown, held, count, text, lacking is Comparison ? "the values compare otherwise" : "it does not hold", null);
        }

        if (lacking is AtomLiteral { Negated: true })
        {
            var against = NearestRows.Matching(view, literal).Order().Take(NearestRows.MaxRows).Select(r => $"{literal.Table}{r}").ToArray();
            return new(shown, held, count, text, $"{string.Join(", ", against)} {(against.Length == 1 ? "is" : "are")} there", null);
        }

        var isDerived = view.Program.DefinitionsOf(literal.Table).Length > 0;
        var below = depth < MaxDepth && !_explained.Contains(Text(literal)) && _below++ < MaxBelow ? Of(literal, depth + 1) : null;
        return new(shown, held, count, text, AbsenceText.Nearest(below ?? Alone(literal)), isDerived ? below : null);
    }

    private static Literal[] Ordered(Rule rule, Literal[] body)
    {
        var written = rule.Formula.Body;
        return [.. rule.Body.Select(l => body[Enumerable.Range(0, written.Count).First(i => ReferenceEquals(written[i], l.Source))])];
    }

    private static string Text(TableLiteral literal) =>
        $"{literal.Table}({string.Join(", ", literal.Arguments.Select(a => a.IsConstant ? a.Constant.ToString() : "_"))})";
}
