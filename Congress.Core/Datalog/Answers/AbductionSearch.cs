using System.Collections.Immutable;
using System.Diagnostics;
using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Answers;

/// <summary>Searches backwards from a query for what would make it true, supposing rows of given tables.</summary>
/// <remarks>
/// Depth first over goals, as in OpenStack Congress (<c>topdown.abduce</c>): a literal of a table that may be supposed is
/// noted and taken to hold; so is a condition whose inputs are still open. Everything else must follow from facts and
/// rules. The goals lie on a stack of our own, so that long chains of rules need none of the thread's.
/// </remarks>
internal sealed class AbductionSearch(View view, HashSet<TableName> supposable, CancellationToken cancellationToken)
{
    private const int MaxSteps = 1_000_000;

    private readonly Stack<State> _states = new();
    private readonly List<string> _names = [];   // of the variables of all frames
    private readonly Dictionary<TableName, bool> _reaches = [];

    /// <summary>All ways to make the query true, each once.</summary>
    /// <exception cref="PolicyException">The search took too many steps.</exception>
    public IReadOnlyList<(string Conclusion, IReadOnlyList<string> Needs)> Run(Rule query)
    {
        var found = new Dictionary<string, (string, IReadOnlyList<string>)>(StringComparer.Ordinal);
        var frame = OpenFrame(query);
        var head = Array.ConvertAll(query.Terms, t => Shift(t.Operand, frame));
        _states.Push(new(Goals(query, frame, rest: null), ImmutableDictionary<int, Operand>.Empty, Needs: null));
        for (var step = 0; _states.TryPop(out var state); step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step == MaxSteps)
            {
                throw new PolicyException(Diagnostic.Error(DiagnosticCode.BudgetExceeded, query.Formula.Span,
                    $"the search for what would make {query.Formula.Head} true took more than {MaxSteps} steps",
                    "ask for less: give values to its variables"));
            }

            if (state.Goals is null)
            {
                var abduction = Describe(query.Formula.Head, head, state);
                found.TryAdd($"{abduction.Conclusion} :- {string.Join(", ", abduction.Needs)}", abduction);
            }
            else
            {
                Expand(state.Goals, state with { Goals = state.Goals.Rest });
            }
        }

        return [.. found.Values];
    }

    private void Expand(Goal goal, State after)
    {
        switch (goal.Literal)
        {
            case TruthLiteral truth:
                if (truth.Holds)
                {
                    _states.Push(after);
                }

                break;
            case TableLiteral table:
                ExpandTable(goal, table, after);
                break;
            case ComparisonLiteral comparison:
                ExpandComparison(goal, comparison, after);
                break;
            case BuiltinLiteral builtin:
                ExpandBuiltin(goal, builtin, after);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void ExpandTable(Goal goal, TableLiteral literal, State after)
    {
        var arguments = Arguments(literal.Arguments, goal.Frame, after.Bindings);
        if (supposable.Contains(literal.Table) || (literal.Negated && !IsKnown(literal, arguments)))
        {
            _states.Push(after.WithNeed(goal.Literal, arguments));
            return;
        }

        var rules = literal.Negated || !Reaches(literal.Table) ? [] : view.Program.DefinitionsOf(literal.Table);
        var resolves = rules.Length > 0 && !Array.Exists(rules, r => r.Head == literal.Table && r.IsAggregate);
        var rows = (resolves ? view.FactsOf(literal.Table) : view.RowsOf(literal.Table)).ToRelation();
        var matches = Matches(rows, arguments, after);
        if (literal.Negated)
        {
            if (!matches.Any())
            {
                _states.Push(after);
            }

            return;
        }

        foreach (var match in matches)
        {
            _states.Push(match);
        }

        foreach (var rule in rules.Where(r => resolves && r.Head == literal.Table))
        {
            var frame = OpenFrame(rule);
            var unified = after.Bindings;
            for (var i = 0; i < arguments.Length && unified is not null; i++)
            {
                unified = Unify(Shift(rule.Terms[i].Operand, frame), arguments[i], unified);
            }

            if (unified is not null)
            {
                _states.Push(after with { Goals = Goals(rule, frame, after.Goals), Bindings = unified });
            }
        }
    }

    private IEnumerable<State> Matches(Relation rows, Operand[] arguments, State after)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            var unified = after.Bindings;
            for (var i = 0; i < arguments.Length && unified is not null; i++)
            {
                unified = Unify(arguments[i], Operand.Of(view.Symbols.ValueOf(rows[row][i])), unified);
            }

            if (unified is not null)
            {
                yield return after with { Bindings = unified };
            }
        }
    }

    private void ExpandComparison(Goal goal, ComparisonLiteral comparison, State after)
    {
        var sides = Arguments([comparison.Left, comparison.Right], goal.Frame, after.Bindings);
        if (sides[0].IsConstant && sides[1].IsConstant)
        {
            if (Comparing.Holds(comparison.Operator, sides[0].Constant, sides[1].Constant))
            {
                _states.Push(after);
            }
        }
        else if (comparison.Operator == ComparisonOperator.Equal && Unify(sides[0], sides[1], after.Bindings) is { } unified)
        {
            _states.Push(after with { Bindings = unified });
        }
        else
        {
            _states.Push(after.WithNeed(comparison, sides));
        }
    }

    private void ExpandBuiltin(Goal goal, BuiltinLiteral literal, State after)
    {
        var arguments = Arguments(literal.Arguments, goal.Frame, after.Bindings);
        var inputs = literal.Builtin.Inputs;
        if (!arguments.Take(literal.Negated ? arguments.Length : inputs).All(a => a.IsConstant))
        {
            _states.Push(after.WithNeed(literal, arguments));
            return;
        }

        var results = view.Call(literal.Builtin, [.. arguments.Take(inputs).Select(a => a.Constant)], goal.Rule);
        var any = false;
        foreach (var result in results)
        {
            var unified = after.Bindings;
            for (var i = 0; i < result.Count && unified is not null; i++)
            {
                unified = Unify(arguments[inputs + i], Operand.Of(result[i]), unified);
            }

            any |= unified is not null;
            if (unified is not null && !literal.Negated)
            {
                _states.Push(after with { Bindings = unified });
            }
        }

        if (literal.Negated && !any)
        {
            _states.Push(after);
        }
    }

    /// <summary>Whether a table's rows depend on rows that may be supposed.</summary>
    private bool Reaches(TableName table)
    {
        if (!_reaches.TryGetValue(table, out var reaches))
        {
            reaches = _reaches[table] = view.Program.Graph.WithUses([table]).Overlaps(supposable);
        }

        return reaches;
    }

    private static bool IsKnown(TableLiteral literal, Operand[] arguments) =>
        Enumerable.Range(0, arguments.Length).All(i => arguments[i].IsConstant || literal.Arguments[i].IsAnything);

    private int OpenFrame(Rule rule)
    {
        _names.AddRange(rule.Variables);
        return _names.Count - rule.Variables.Length;
    }

    private static Goal? Goals(Rule rule, int frame, Goal? rest)
    {
        for (var i = rule.Body.Length - 1; i >= 0; i--)
        {
            rest = new(rule.Body[i], rule, frame, rest);
        }

        return rest;
    }

    private Operand[] Arguments(Operand[] operands, int frame, ImmutableDictionary<int, Operand> bindings) =>
        Array.ConvertAll(operands, o => Walk(Shift(o, frame), bindings));

    private Operand Shift(Operand operand, int frame)
    {
        if (!operand.IsAnything)
        {
            return operand.IsVariable ? Operand.Variable(operand.Slot + frame) : operand;
        }

        _names.Add(Variable.Anonymous);
        return Operand.Variable(_names.Count - 1);
    }

    private static Operand Walk(Operand operand, ImmutableDictionary<int, Operand> bindings)
    {
        while (operand.IsVariable && bindings.TryGetValue(operand.Slot, out var next))
        {
            operand = next;
        }

        return operand;
    }

    private static ImmutableDictionary<int, Operand>? Unify(Operand x, Operand y, ImmutableDictionary<int, Operand> bindings)
    {
        (x, y) = (Walk(x, bindings), Walk(y, bindings));
        return x == y ? bindings
            : x.IsVariable ? bindings.SetItem(x.Slot, y)
            : y.IsVariable ? bindings.SetItem(y.Slot, x)
            : null;
    }

    private (string Conclusion, IReadOnlyList<string> Needs) Describe(Atom head, Operand[] terms, State state)
    {
        var names = new Dictionary<int, string>();
        var conclusion = head.WithArguments(Print(terms));
        var needs = new List<string>();
        for (var need = state.Needs; need is not null; need = need.Earlier)
        {
            needs.Add(PrintNeed(need));
        }

        needs.Reverse();
        return (conclusion, needs);

        string PrintNeed(Need need) => need.Literal switch
        {
            ComparisonLiteral c => $"{Name(need.Arguments[0])} {Printer.Symbol(c.Operator)} {Name(need.Arguments[1])}",
            BuiltinLiteral b => $"{(b.Negated ? "not " : "")}builtin:{b.Builtin.Name}({Print(need.Arguments)})",
            TableLiteral t => $"{(t.Negated ? "not " : "")}{((AtomLiteral)t.Source).Atom.WithArguments(Print(need.Arguments))}",
            _ => throw new UnreachableException(),
        };

        string Print(IEnumerable<Operand> operands) => string.Join(", ", operands.Select(Name));

        string Name(Operand operand)
        {
            operand = Walk(operand, state.Bindings);
            if (operand.IsConstant)
            {
                return operand.Constant.ToString();
            }

            if (!names.TryGetValue(operand.Slot, out var name))
            {
                var original = _names[operand.Slot] == Variable.Anonymous ? "x" : _names[operand.Slot];
                name = original;
                for (var i = 1; names.ContainsValue(name); i++)
                {
                    name = $"{original}_{i}";
                }

                names[operand.Slot] = name;
            }

            return name;
        }
    }

    /// <summary>What is still to be shown: literals of rules, each with the frame of its variables.</summary>
    private sealed record Goal(BodyLiteral Literal, Rule Rule, int Frame, Goal? Rest);

    /// <summary>What has been supposed, latest first.</summary>
    private sealed record Need(BodyLiteral Literal, Operand[] Arguments, Need? Earlier);

    private sealed record State(Goal? Goals, ImmutableDictionary<int, Operand> Bindings, Need? Needs)
    {
        public State WithNeed(BodyLiteral literal, Operand[] arguments) => this with { Needs = new(literal, arguments, Needs) };
    }
}
