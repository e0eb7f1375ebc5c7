using System.Diagnostics;
using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Planning;

/// <summary>Orders the body of a rule by estimated cost and chooses how each literal is evaluated.</summary>
/// <remarks>
/// Greedy: whatever filters is taken as soon as its needs are bound; of the tables, the one that is expected to give the
/// fewest bindings next, found by its known columns. A literal that reads a delta goes first, as deltas are small.
/// </remarks>
internal sealed class Planner(ITableStatistics statistics)
{
    /// <summary>Plans a rule whose result is its head; an aggregate's is the bindings of all its variables.</summary>
    public Plan ForHead(Rule rule) => ForDelta(rule, deltaPosition: -1, _ => false);

    /// <summary>Plans a rule whose result is the bindings of all its variables.</summary>
    public Plan ForBindings(Rule rule) => Make(rule, -1, _ => false, AllVariables(rule), probesFirst: true);

    /// <summary>Plans a rule of a recursive component for a round.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="deltaPosition">The place in the body of the literal that reads the delta.</param>
    /// <param name="isRecursive">Whether a table is of the component.</param>
    public Plan ForDelta(Rule rule, int deltaPosition, Func<TableName, bool> isRecursive) =>
        Make(rule, deltaPosition, isRecursive,
            rule.IsAggregate ? AllVariables(rule) : Array.ConvertAll(rule.Terms, t => t.Operand), probesFirst: false);

    private static Operand[] AllVariables(Rule rule) => [.. Enumerable.Range(0, rule.Variables.Length).Select(Operand.Variable)];

    private Plan Make(Rule rule, int deltaPosition, Func<TableName, bool> isRecursive, Operand[] output, bool probesFirst)
    {
        var waiting = rule.Body.Select((literal, position) => (Literal: literal, Position: position)).ToList();
        var equalities = rule.Body.OfType<ComparisonLiteral>().Where(c => c is { Operator: ComparisonOperator.Equal, Assigns: false }).ToArray();
        var bound = new HashSet<int>();
        var steps = new List<PlanStep>(waiting.Count);
        var bindings = 1.0;
        while (waiting.Count > 0)
        {
            var index = Choose(waiting, equalities, bound, bindings, steps.Count == 0 ? deltaPosition : -1, out var estimate);
            var (literal, position) = waiting[index];
            waiting.RemoveAt(index);
            bindings = Math.Max(estimate, 1e-3);
            var isFirst = steps.Count == 0 && !probesFirst;
            if (literal is TableLiteral { Negated: false } table)
            {
                Spread(table, waiting, equalities, bound, steps);
            }

            var range = literal is TableLiteral { Negated: false } t && deltaPosition >= 0 && isRecursive(t.Table)
                ? RangeOf(position, deltaPosition) : RowRange.All;
            steps.Add(StepFor(literal, bound, range, estimate, isFirst));
            bound.UnionWith(literal.Slots);
        }

        KeepLive(steps, output);
        return new(rule, deltaPosition, [.. steps], output);
    }

    private static RowRange RangeOf(int position, int deltaPosition) =>
        position == deltaPosition ? RowRange.Delta : position < deltaPosition ? RowRange.OldAndDelta : RowRange.Old;

    private int Choose(
        List<(BodyLiteral Literal, int Position)> waiting, ComparisonLiteral[] equalities, HashSet<int> bound, double bindings, int deltaPosition, out double estimate)
    {
        if (deltaPosition >= 0)
        {
            estimate = 1;
            return waiting.FindIndex(w => w.Position == deltaPosition);
        }

        var best = -1;
        estimate = double.PositiveInfinity;
        for (var i = 0; i < waiting.Count; i++)
        {
            var literal = waiting[i].Literal;
            if (literal is TableLiteral { Negated: false } table)
            {
                var expected = bindings * Matches(table, equalities, bound);
                if (expected < estimate)
                {
                    (best, estimate) = (i, expected);
                }
            }
            else if (SafetyOrder.IsReady(literal, bound))
            {
                estimate = bindings * (literal is ComparisonLiteral { Operator: ComparisonOperator.Equal } ? 0.1 : 0.5);
                return i;   // filters first
            }
        }

        Debug.Assert(best >= 0, "Analysis has found a safe order, so some literal is always ready.");
        return best;
    }

    /// <summary>Turns the comparisons <c>=</c> of a known value with a column of a table into steps before it, which give
    /// the equal values, so that the rows can be found by them.</summary>
    private static void Spread(
        TableLiteral table, List<(BodyLiteral Literal, int Position)> waiting, ComparisonLiteral[] equalities, HashSet<int> bound, List<PlanStep> steps)
    {
        foreach (var slot in table.Slots.Distinct())
        {
            if (equalities.Length > 0 && !bound.Contains(slot) && EqualTo(slot, equalities, bound) is { } equal)
            {
                waiting.RemoveAll(w => w.Literal == equal);
                steps.Add(new AssignStep(slot, equal.Left.Slot == slot ? equal.Right : equal.Left, IsSpread: true, equal));
                bound.Add(slot);
            }
        }
    }

    private static ComparisonLiteral? EqualTo(int slot, ComparisonLiteral[] equalities, HashSet<int> bound)
    {
        bool IsKnown(Operand operand) => operand.IsConstant || bound.Contains(operand.Slot);
        return Array.Find(equalities, c => (c.Left.Slot == slot && IsKnown(c.Right)) || (c.Right.Slot == slot && IsKnown(c.Left)));
    }

    /// <summary>The expected number of rows for one binding, taking columns to be independent.</summary>
    private double Matches(TableLiteral literal, ComparisonLiteral[] equalities, HashSet<int> bound)
    {
        double rows = statistics.RowsOf(literal.Table);
        for (var column = 0; column < literal.Arguments.Length; column++)
        {
            var operand = literal.Arguments[column];
            if (operand.IsConstant || bound.Contains(operand.Slot)
                || (equalities.Length > 0 && operand.IsVariable && EqualTo(operand.Slot, equalities, bound) is not null))
            {
                rows /= Math.Max(1, statistics.DistinctIn(literal.Table, column));
            }
        }

        return rows;
    }

    private PlanStep StepFor(BodyLiteral literal, HashSet<int> bound, RowRange range, double estimate, bool isFirst)
    {
        bool IsKnown(Operand operand) => operand.IsConstant || bound.Contains(operand.Slot);
        switch (literal)
        {
            case TableLiteral { Negated: true } absent:
                return new AbsenceStep(absent.Table, absent.Arguments, ColumnsWhere(absent.Arguments, o => !o.IsAnything), literal) { Estimate = estimate };
            case TableLiteral table:
                var key = ColumnsWhere(table.Arguments, IsKnown);
                var scans = key.Length == 0 || range == RowRange.Delta
                    || (isFirst && key.Length < table.Arguments.Length && !statistics.HasIndexOn(table.Table, key));
                return new MatchStep(table.Table, table.Arguments, key, range, literal) { Scans = scans, Estimate = estimate };
            case BuiltinLiteral call:
                var outputs = Enumerable.Range(0, call.Arguments.Length).Select(column =>
                    column >= call.Builtin.Inputs && call.Arguments[column].IsVariable && !IsKnown(call.Arguments[column])
                        && Array.FindIndex(call.Arguments, call.Builtin.Inputs, o => o == call.Arguments[column]) == column
                        ? call.Arguments[column].Slot : -1);
                return new BuiltinStep(call.Builtin, call.Arguments, [.. outputs], call.Negated, literal) { Estimate = estimate };
            case ComparisonLiteral { Assigns: true } equal:
                return new AssignStep(equal.Gives, equal.Given, IsSpread: false, literal) { Estimate = estimate };
            case ComparisonLiteral comparison:
                return new CompareStep(comparison.Left, comparison.Operator, comparison.Right, literal) { Estimate = estimate };
            case TruthLiteral truth:
                return new TruthStep(truth.Holds, literal) { Estimate = truth.Holds ? estimate : 0 };
            default:
                throw new UnreachableException();
        }
    }

    private static int[] ColumnsWhere(Operand[] arguments, Predicate<Operand> isWanted) =>
        [.. Enumerable.Range(0, arguments.Length).Where(i => isWanted(arguments[i]))];

    /// <summary>Works out, backwards, which slots each step must hand on, and where one match for a binding is enough.</summary>
    private static void KeepLive(List<PlanStep> steps, Operand[] output)
    {
        var needed = output.Where(o => o.IsVariable).Select(o => o.Slot).ToHashSet();
        var boundBy = new Dictionary<int, int>();   // slot -> the step that binds it
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var slot in steps[i].Source.Slots)
            {
                boundBy.TryAdd(slot, i);
            }
        }

        for (var i = steps.Count - 1; i >= 0; i--)
        {
            var step = steps[i];
            step.Live = [.. needed.Where(s => boundBy[s] <= i).Order()];
            if (step is MatchStep match)
            {
                match.FirstOnly = !step.Source.Slots.Any(s => boundBy[s] == i && needed.Contains(s));
            }

            needed.UnionWith(step.Source.Slots);
        }
    }
}
