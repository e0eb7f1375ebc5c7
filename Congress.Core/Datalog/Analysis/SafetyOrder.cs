using Congress.Datalog.Syntax;

namespace Congress.Datalog.Analysis;

/// <summary>Orders a body so that each literal finds bound what it needs, moving as little as possible.</summary>
/// <remarks>
/// The order is that of OpenStack Congress (<c>reorder_for_safety</c>): from left to right, a positive literal of a table
/// is taken at once; any other waits until its needs are bound; after each one taken, the first that has become ready follows.
/// Only when all that is left waits does an <c>=</c> give a variable its value. Were it to do so where a table binds the
/// variable too, it would depend on the order whether <c>1</c> and <c>1.0</c> are compared, or joined; so of several that
/// could, the first in alphabetical order does, and only then one whose variable is an output of a builtin.
/// </remarks>
internal static class SafetyOrder
{
    /// <summary>The body in a safe order, and the literals that nothing makes safe with the slots they lack.</summary>
    /// <param name="body">The body.</param>
    /// <param name="given">The slots that are bound before it.</param>
    public static (BodyLiteral[] Body, IReadOnlyList<(BodyLiteral Literal, int[] Lacking)> Unsafe) Of(IReadOnlyList<BodyLiteral> body, IEnumerable<int> given)
    {
        var bound = given.ToHashSet();
        var ordered = new List<BodyLiteral>(body.Count);
        var waiting = new List<BodyLiteral>();
        foreach (var literal in body)
        {
            if (IsReady(literal, bound))
            {
                Take(literal);
                TakeReady();
            }
            else
            {
                waiting.Add(literal);
            }
        }

        if (waiting.Count == 0)
        {
            return ([.. ordered], []);
        }

        var outputs = body.OfType<BuiltinLiteral>().Where(b => !b.Negated)
            .SelectMany(b => b.Arguments.Skip(b.Builtin.Inputs)).Where(o => o.IsVariable).Select(o => o.Slot).ToHashSet();
        while (waiting.OfType<ComparisonLiteral>().Where(w => LacksOneSide(w, bound))
            .OrderBy(w => outputs.Contains(Lacking(w))).ThenBy(w => w.Source.ToString(), StringComparer.Ordinal).FirstOrDefault() is { } equal)
        {
            waiting.Remove(equal);
            Take(equal with { Gives = Lacking(equal) });
            TakeReady();
        }

        return ([.. ordered], [.. waiting.Select(w => (w, w.Needs.Where(s => !bound.Contains(s)).Distinct().ToArray()))]);

        int Lacking(ComparisonLiteral equal) => IsBound(equal.Left, bound) ? equal.Right.Slot : equal.Left.Slot;

        void Take(BodyLiteral literal)
        {
            ordered.Add(literal);
            bound.UnionWith(literal.Slots);
        }

        void TakeReady()
        {
            while (waiting.Find(w => IsReady(w, bound)) is { } ready)
            {
                waiting.Remove(ready);
                Take(ready);
            }
        }
    }

    /// <summary>Whether a literal can be evaluated once the given slots are bound.</summary>
    public static bool IsReady(BodyLiteral literal, HashSet<int> bound)
    {
        foreach (var slot in literal.Needs)
        {
            if (!bound.Contains(slot))
            {
                return false;
            }
        }

        return true;
    }

    private static bool LacksOneSide(ComparisonLiteral literal, HashSet<int> bound) =>
        literal.Operator == ComparisonOperator.Equal && IsBound(literal.Left, bound) != IsBound(literal.Right, bound);

    private static bool IsBound(Operand operand, HashSet<int> bound) => operand.IsConstant || bound.Contains(operand.Slot);
}
