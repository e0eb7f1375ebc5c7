using Congress.Datalog.Syntax;

namespace Congress.Datalog.Analysis;

/// <summary>Orders a body so that each literal finds bound what it needs, moving as little as possible.</summary>
/// <remarks>
/// The order is that of OpenStack Congress (<c>reorder_for_safety</c>): from left to right, a positive literal of a table
/// is taken at once; any other waits until its needs are bound; after each one taken, the first that has become ready follows.
/// Wherever it stands, an <c>=</c> binds only a variable that no table or builtin gives a value; else it compares, and 1
/// equals 1.0.
/// </remarks>
internal static class SafetyOrder
{
    private static readonly HashSet<int> Nothing = [];

    /// <summary>The body in a safe order, and the literals that nothing makes safe with the slots they lack.</summary>
    public static (BodyLiteral[] Body, IReadOnlyList<(BodyLiteral Literal, int[] Lacking)> Unsafe) Of(IReadOnlyList<BodyLiteral> body)
    {
        var bound = new HashSet<int>();
        var ordered = new List<BodyLiteral>(body.Count);
        var waiting = new List<BodyLiteral>();
        var given = body.SelectMany(GivenBy).ToHashSet();
        foreach (var literal in body)
        {
            waiting.Add(literal);
            while (TakeFirst(given))
            {
            }
        }

        // Where builtins wait for each other in a circle, an = has to begin.
        while (TakeFirst(Nothing))
        {
            while (TakeFirst(given))
            {
            }
        }

        return ([.. ordered], [.. waiting.Select(w => (w, w.Needs.Where(s => !bound.Contains(s)).Distinct().ToArray()))]);

        bool TakeFirst(HashSet<int> givenElsewhere)
        {
            for (var i = 0; i < waiting.Count; i++)
            {
                var literal = WithBinding(waiting[i], bound, givenElsewhere);
                if (IsReady(literal, bound))
                {
                    waiting.RemoveAt(i);
                    ordered.Add(literal);
                    bound.UnionWith(literal.Slots);
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether a literal can be evaluated once the given slots are bound.</summary>
    public static bool IsReady(BodyLiteral literal, HashSet<int> bound) => literal switch
    {
        ComparisonLiteral { IsIdentity: true } c => IsBound(c.Left, bound) || IsBound(c.Right, bound),
        ComparisonLiteral { Binds: >= 0 } c => IsBound(c.Left.Slot == c.Binds ? c.Right : c.Left, bound),
        _ => literal.Needs.All(bound.Contains),
    };

    /// <summary>The slots that a literal can give values to, whatever else binds them.</summary>
    private static IEnumerable<int> GivenBy(BodyLiteral literal) => literal switch
    {
        TableLiteral { Negated: false } => literal.Slots,
        BuiltinLiteral { Negated: false } b => b.Arguments.Skip(b.Builtin.Inputs).Where(o => o.IsVariable).Select(o => o.Slot),
        _ => [],
    };

    private static BodyLiteral WithBinding(BodyLiteral literal, HashSet<int> bound, HashSet<int> given)
    {
        if (literal is not ComparisonLiteral { Operator: ComparisonOperator.Equal } equal)
        {
            return literal;
        }

        var (left, right) = (IsBound(equal.Left, bound), IsBound(equal.Right, bound));
        var free = left == right ? -1 : left ? equal.Right.Slot : equal.Left.Slot;
        return equal with { Binds = given.Contains(free) ? -1 : free };
    }

    private static bool IsBound(Operand operand, HashSet<int> bound) => operand.IsConstant || bound.Contains(operand.Slot);
}
