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
    /// <param name="rule">The rule.</param>
    /// <param name="range">Which rows of all tables are read.</param>
    public Plan ForHead(Rule rule, RowRange range = RowRange.All) => Make(rule, -1, null, (_, _) => range, HeadOf(rule), probesFirst: false);

    /// <summary>Plans a rule whose result is the bindings of all its variables.</summary>
    public Plan ForBindings(Rule rule) => Make(rule, -1, null, (_, _) => RowRange.All, AllVariables(rule), probesFirst: true);

    /// <summary>Plans a rule of a recursive component for a round.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="deltaPosition">The place in the body of the literal that reads the delta.</param>
    /// <param name="isRecursive">Whether a table is of the component.</param>
    public Plan ForDelta(Rule rule, int deltaPosition, Func<TableName, bool> isRecursive) => Make(
        rule, deltaPosition, FirstOf((TableLiteral)rule.Body[deltaPosition], RowRange.Delta),
        (literal, position) => literal.Negated || !isRecursive(literal.Table) ? RowRange.All : position < deltaPosition ? RowRange.OldAndDelta : RowRange.Old,
        HeadOf(rule), probesFirst: false);

    /// <summary>Plans what a rule derives with rows that a change brings to a literal of its body, or under negation takes away.</summary>
    public Plan ForInserted(Rule rule, int position) => ForChange(rule, position, isInsert: true);

    /// <summary>Plans what a rule derived with rows that a change takes away from a literal of its body, or under negation brings.</summary>
    public Plan ForDeleted(Rule rule, int position) => ForChange(rule, position, isInsert: false);

    /// <summary>Plans which rows of the head a rule derives, of those that are candidates.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="range">Which rows of the tables in its body count.</param>
    public Plan ForCheck(Rule rule, RowRange range) => Make(rule, -1, Candidates(rule, HeadOf(rule)),
        (literal, _) => literal.Negated ? RowRange.All : range, HeadOf(rule), probesFirst: true, stopsAtFirst: true);

    /// <summary>Plans all bindings of a rule that give rows of the head which are candidates; of an aggregate, those of groups.</summary>
    public Plan ForCandidates(Rule rule) => Make(
        rule, -1, Candidates(rule, [.. rule.Terms.Where(t => t.Function is null).Select(t => t.Operand)]), (_, _) => RowRange.All, AllVariables(rule), probesFirst: true);

    /// <summary>Plans what a rule derives with values for its first variables, which come as a candidate.</summary>
    public Plan ForAnswers(Rule rule, int given) => Make(rule, -1, Given(rule, given), (_, _) => RowRange.All, HeadOf(rule), probesFirst: true);

    /// <summary>Plans whether a rule derives anything with values for its first variables, which come as a candidate.</summary>
    public Plan ForAnyAnswer(Rule rule, int given) => Make(rule, -1, Given(rule, given), (_, _) => RowRange.All, [], probesFirst: true, stopsAtFirst: true);

    private static MatchStep Given(Rule rule, int given) => Candidates(rule, [.. Enumerable.Range(0, given).Select(Operand.Variable)]);

    private Plan ForChange(Rule rule, int position, bool isInsert)
    {
        var literal = (TableLiteral)rule.Body[position];
        var first = FirstOf(literal with { Negated = false }, isInsert != literal.Negated ? RowRange.Inserted : RowRange.Deleted);
        // A row that goes or comes under negation says only that the literal may have changed: the literal itself is tested, too.
        return Make(rule, literal.Negated ? -1 : position, first, (_, _) => isInsert ? RowRange.All : RowRange.Before, HeadOf(rule), probesFirst: true);
    }

    private static MatchStep FirstOf(TableLiteral literal, RowRange range) => new(
        literal.Table, literal.Arguments, ColumnsWhere(literal.Arguments, o => o.IsConstant), range, literal) { Scans = true, Estimate = 1 };

    private static MatchStep Candidates(Rule rule, Operand[] columns) =>
        FirstOf(new(rule.Head, columns, Negated: false, rule.Formula.Heads[0]), RowRange.Candidates);

    private static Operand[] HeadOf(Rule rule) => rule.IsAggregate ? AllVariables(rule) : Array.ConvertAll(rule.Terms, t => t.Operand);

    private static Operand[] AllVariables(Rule rule) => [.. Enumerable.Range(0, rule.Variables.Length).Select(Operand.Variable)];

    /// <param name="rule">The rule.</param>
    /// <param name="done">The place of the literal that the first step evaluates; -1 when it evaluates none.</param>
    /// <param name="first">The first step; null to choose it.</param>
    /// <param name="rangeOf">Which rows a literal at a place reads.</param>
    /// <param name="output">The columns that are wanted.</param>
    /// <param name="probesFirst">Whether the first literal of a table is found by an index, which is made for it.</param>
    /// <param name="stopsAtFirst">Whether one result for each row of the first step is enough.</param>
    private Plan Make(Rule rule, int done, MatchStep? first, Func<TableLiteral, int, RowRange> rangeOf, Operand[] output, bool probesFirst, bool stopsAtFirst = false)
    {
        var waiting = rule.Body.Select((literal, position) => (Literal: literal, Position: position)).Where(w => w.Position != done).ToList();
        var equalities = rule.Body.OfType<ComparisonLiteral>().Where(c => c is { Operator: ComparisonOperator.Equal, Assigns: false }).ToArray();
        var bound = new HashSet<int>();
        var steps = new List<PlanStep>(waiting.Count + 1);
        var bindings = 1.0;
        if (first is not null)
        {
            steps.Add(first);
            bound.UnionWith(first.Source.Slots);
        }

        while (waiting.Count > 0)
        {
            var index = Choose(waiting, equalities, bound, bindings, out var estimate);
            var (literal, position) = waiting[index];
            waiting.RemoveAt(index);
            bindings = Math.Max(estimate, 1e-3);
            var isFirst = steps.Count == 0 && !probesFirst;
            if (literal is TableLiteral { Negated: false } table)
            {
                Spread(table, waiting, equalities, bound, steps);
            }

            steps.Add(StepFor(literal, bound, literal is TableLiteral t ? rangeOf(t, position) : RowRange.All, estimate, isFirst));
            bound.UnionWith(literal.Slots);
        }

        var candidate = stopsAtFirst ? rule.Variables.Length : -1;
        KeepLive(steps, stopsAtFirst ? [.. output, Operand.Variable(candidate)] : output, candidate);
        if (!probesFirst)
        {
            Intersect(steps);
        }

        return new(rule, done, [.. steps], output) { CandidateSlot = candidate };
    }

    private int Choose(
        List<(BodyLiteral Literal, int Position)> waiting, ComparisonLiteral[] equalities, HashSet<int> bound, double bindings, out double estimate)
    {
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
            else if (SafetyOrder.IsReady(literal, bound) || (literal is ComparisonLiteral equal && GivesBack(equal, bound)))
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
                return new AbsenceStep(absent.Table, absent.Arguments, ColumnsWhere(absent.Arguments, o => !o.IsAnything), range, literal) { Estimate = estimate };
            case TableLiteral table:
                var key = ColumnsWhere(table.Arguments, IsKnown);
                var scans = key.Length == 0
                    || (isFirst && key.Length < table.Arguments.Length && !statistics.HasIndexOn(table.Table, key));
                return new MatchStep(table.Table, table.Arguments, key, range, literal) { Scans = scans, Estimate = estimate };
            case BuiltinLiteral call:
                var outputs = Enumerable.Range(0, call.Arguments.Length).Select(column =>
                    column >= call.Builtin.Inputs && call.Arguments[column].IsVariable && !IsKnown(call.Arguments[column])
                        && Array.FindIndex(call.Arguments, call.Builtin.Inputs, o => o == call.Arguments[column]) == column
                        ? call.Arguments[column].Slot : -1);
                return new BuiltinStep(call.Builtin, call.Arguments, [.. outputs], call.Negated, literal) { Estimate = estimate };
            case ComparisonLiteral { Assigns: true } equal when GivesBack(equal, bound):
                return new AssignStep(equal.Given.Slot, Operand.Variable(equal.Gives), IsSpread: false, literal) { Estimate = estimate };
            case ComparisonLiteral { Assigns: true } equal when bound.Contains(equal.Gives):
                return new SameStep(equal.Gives, equal.Given, literal) { Estimate = estimate };
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

    /// <summary>Whether the head has bound the variable that an <c>=</c> would give the value of another: then it gives that one its value.</summary>
    private static bool GivesBack(ComparisonLiteral equal, HashSet<int> bound) =>
        equal.Assigns && bound.Contains(equal.Gives) && equal.Given.IsVariable && !bound.Contains(equal.Given.Slot);

    private static int[] ColumnsWhere(Operand[] arguments, Predicate<Operand> isWanted) =>
        [.. Enumerable.Range(0, arguments.Length).Where(i => isWanted(arguments[i]))];

    /// <summary>Makes one step of each pair in which the first gives one variable and the second looks up a row with its value.</summary>
    private static void Intersect(List<PlanStep> steps)
    {
        for (var i = 1; i < steps.Count; i++)
        {
            if (steps[i - 1] is MatchStep { Scans: false, FirstOnly: false } probe && probe.Key.Length > 0
                && steps[i] is MatchStep { Scans: false } lookup && lookup.Key.Length == lookup.Arguments.Length && lookup.Arguments.Length > 1
                && GivenBy(probe) is [var slot] && lookup.Arguments.Count(a => a.IsVariable && a.Slot == slot) == 1)
            {
                steps[i - 1] = new IntersectStep(slot, probe, lookup) { Live = lookup.Live, Estimate = lookup.Estimate };
                steps.RemoveAt(i);
            }
        }

        static int[] GivenBy(MatchStep step) =>
            [.. Enumerable.Range(0, step.Arguments.Length).Where(c => !step.Key.Contains(c) && !step.Arguments[c].IsAnything).Select(c => step.Arguments[c].Slot)];
    }

    /// <summary>Works out, backwards, which slots each step must hand on, and where one match for a binding is enough.</summary>
    private static void KeepLive(List<PlanStep> steps, Operand[] output, int candidate)
    {
        var needed = output.Where(o => o.IsVariable).Select(o => o.Slot).ToHashSet();
        var boundBy = new Dictionary<int, int> { [candidate] = 0 };   // slot -> the step that binds it
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
