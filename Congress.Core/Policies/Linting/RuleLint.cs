using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Policies.Linting;

/// <summary>What one rule says that is probably not meant.</summary>
internal static class RuleLint
{
    /// <summary>The finding for conditions that exclude each other.</summary>
    public static Diagnostic? NeverTrue(Rule rule)
    {
        var (literal, why) = Contradiction(rule);
        return literal is null ? null
            : Diagnostic.Warning(DiagnosticCode.NeverTrue, literal.Source.Span, $"the rule can never be true: {why}", "delete the rule, or correct the condition");
    }

    /// <summary>The finding for tables that nothing joins.</summary>
    public static Diagnostic? CrossProduct(Rule rule)
    {
        var tables = rule.Tables.Where(t => !t.Negated && t.Slots.Any()).ToArray();
        var groups = new List<HashSet<int>>();
        foreach (var slots in rule.Body.Select(l => l.Slots.ToHashSet()).Where(s => s.Count > 0))
        {
            foreach (var joined in groups.Where(g => g.Overlaps(slots)).ToArray())
            {
                slots.UnionWith(joined);
                groups.Remove(joined);
            }

            groups.Add(slots);
        }

        var apart = groups.Select(g => Array.Find(tables, t => g.Overlaps(t.Slots))).OfType<TableLiteral>().OrderBy(t => t.Source.Span.Start).ToArray();
        return apart.Length < 2 ? null : Diagnostic.Warning(DiagnosticCode.CrossProduct, apart[1].Source.Span,
            $"no condition joins {apart[1].Source} with {apart[0].Source}: the rule holds for every pair of their rows", "share a variable between them, or compare their columns");
    }

    /// <summary>A text that is the same for rules which differ only in the names of variables and the order of conditions. It may differ for some that are the same.</summary>
    public static string Canonical(Formula formula)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        string Rename(Literal literal, bool makesNames)
        {
            foreach (var name in literal.Terms.OfType<Variable>().Select(v => v.Name).Concat(literal.Terms.OfType<Aggregate>().Select(a => a.Variable.Name)))
            {
                if (makesNames && name != Variable.Anonymous)
                {
                    names.TryAdd(name, FormattableString.Invariant($"v{names.Count}"));
                }
            }

            // A variable that has no name yet is any; the unknown stands for its place only, and equals no value of a rule.
            return literal.With(name => Value.UnknownNamed(names.GetValueOrDefault(name, "?"))).ToString();
        }

        var heads = string.Join(", ", formula.Heads.Select(h => Rename(h, makesNames: true) + string.Join(' ', h.Terms.OfType<Aggregate>().Select(a => names[a.Variable.Name]))));
        var body = formula.Body.OrderBy(l => Rename(l, makesNames: false), StringComparer.Ordinal).ToArray();
        return $"{heads} :- {string.Join(", ", body.Select(l => Rename(l, makesNames: true)).Order(StringComparer.Ordinal))}";
    }

    private static (BodyLiteral? Literal, string Why) Contradiction(Rule rule)
    {
        foreach (var literal in rule.Body)
        {
            switch (literal)
            {
                case TruthLiteral { Holds: false }:
                    return (literal, "one of its conditions is false");
                case TableLiteral { Negated: true } absent when rule.Tables.Any(t => IsExcluded(t, absent)):
                    return (literal, $"{literal.Source} excludes the same condition without not");
                case ComparisonLiteral { Assigns: false } comparison when IsFalse(comparison):
                    return (literal, $"{literal.Source} is false");
                default:
                    break;
            }
        }

        var bounds = rule.Body.OfType<ComparisonLiteral>().Where(c => c.Left.IsVariable != c.Right.IsVariable).Select(Turned).ToArray();
        foreach (var (second, index) in bounds.Select((b, i) => (b, i)))
        {
            foreach (var first in bounds.Take(index).Where(b => b.Slot == second.Slot && !CanBoth(b, second)))
            {
                return (second.Literal, $"{first.Literal.Source} excludes {second.Literal.Source}");
            }
        }

        return default;
    }

    private static bool IsExcluded(TableLiteral present, TableLiteral absent) => !present.Negated && present.Table == absent.Table
        && present.Arguments.Zip(absent.Arguments).All(pair => pair.Second.IsAnything || (pair.First == pair.Second && !pair.First.IsAnything));

    private static bool IsFalse(ComparisonLiteral comparison) => comparison.Left.IsConstant && comparison.Right.IsConstant
        ? !Comparing.Holds(comparison.Operator, comparison.Left.Constant, comparison.Right.Constant)
        : comparison.Left.IsVariable && comparison.Left == comparison.Right
            && comparison.Operator is ComparisonOperator.NotEqual or ComparisonOperator.Less or ComparisonOperator.Greater;

    /// <summary>A comparison of a variable with a value, the variable on the left.</summary>
    private static (int Slot, ComparisonOperator Operator, Value Value, ComparisonLiteral Literal) Turned(ComparisonLiteral comparison) => comparison.Left.IsVariable
        ? (comparison.Left.Slot, comparison.Operator, comparison.Right.Constant, comparison)
        : (comparison.Right.Slot, comparison.Operator switch
        {
            ComparisonOperator.Less => ComparisonOperator.Greater,
            ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
            ComparisonOperator.Greater => ComparisonOperator.Less,
            ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
            var same => same,
        }, comparison.Left.Constant, comparison);

    /// <summary>Whether a value can be in both bounds. A bound with an end is met by that end or, where it is open, by something beyond it.</summary>
    private static bool CanBoth(
        (int Slot, ComparisonOperator Operator, Value Value, ComparisonLiteral Literal) one, (int Slot, ComparisonOperator Operator, Value Value, ComparisonLiteral Literal) other)
    {
        if (one.Operator == ComparisonOperator.Equal)
        {
            return Comparing.Holds(other.Operator, one.Value, other.Value);
        }

        if (other.Operator == ComparisonOperator.Equal)
        {
            return Comparing.Holds(one.Operator, other.Value, one.Value);
        }

        var (isUpper, isOtherUpper) = (IsUpper(one.Operator), IsUpper(other.Operator));
        if (isUpper is null || isOtherUpper is null || isUpper == isOtherUpper)
        {
            return true;
        }

        var (upper, lower) = isUpper.Value ? (one, other) : (other, one);
        var isClosed = upper.Operator == ComparisonOperator.LessOrEqual && lower.Operator == ComparisonOperator.GreaterOrEqual;
        return Value.TryCompare(lower.Value, upper.Value, out var order) && (order < 0 || (order == 0 && isClosed));
    }

    private static bool? IsUpper(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Less or ComparisonOperator.LessOrEqual => true,
        ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual => false,
        _ => null,
    };
}
