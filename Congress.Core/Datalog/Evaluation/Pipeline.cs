using Congress.Datalog.Analysis;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Runs a plan: pushes blocks of bindings through its steps and adds what comes out to a relation.</summary>
internal sealed class Pipeline
{
    private readonly Plan _plan;
    private readonly EvaluationContext _context;
    private readonly StepOperator[] _operators;
    private readonly Block _unit = Block.Unit();
    private readonly Source[] _output;

    public Pipeline(Plan plan, EvaluationContext context, IRowRanges rows)
    {
        _plan = plan;
        _context = context;
        _operators = new StepOperator[plan.Steps.Length];
        var (input, slots) = (_unit, Array.Empty<int>());
        for (var i = 0; i < _operators.Length; i++)
        {
            _operators[i] = OperatorFor(plan.Steps[i], input, slots, rows);
            (input, slots) = (_operators[i].Output, plan.Steps[i].Live);
        }

        _output = Array.ConvertAll(plan.Output, operand => operand.IsConstant
            ? new Source(null, context.Symbols.Intern(operand.Constant))
            : new Source(input.Column(Array.IndexOf(slots, operand.Slot)), 0));
    }

    /// <summary>The steps with what was measured.</summary>
    public IReadOnlyList<StepOperator> Operators => _operators;

    /// <summary>Evaluates the plan once and adds the rows that come out to a relation.</summary>
    /// <returns>The number of rows that were new.</returns>
    public long Run(Relation target)
    {
        var before = target.Count;
        foreach (var step in _operators)
        {
            (step as MatchOperator)?.Begin();
            (step as AbsenceOperator)?.Begin();
        }

        if (_operators.Length == 0)
        {
            Accept(_unit, target);
            return target.Count - before;
        }

        _operators[0].Open();
        for (var depth = 0; depth >= 0;)
        {
            var step = _operators[depth];
            if (step.IsExhausted)
            {
                depth--;
                continue;
            }

            step.Advance();
            if (step.Output.Count == 0)
            {
                continue;
            }

            if (depth == _operators.Length - 1)
            {
                Accept(step.Output, target);
            }
            else
            {
                _operators[++depth].Open();
            }
        }

        return target.Count - before;
    }

    private void Accept(Block block, Relation target)
    {
        Span<int> row = stackalloc int[_output.Length];
        var before = target.Count;
        for (var i = 0; i < block.Count; i++)
        {
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = _output[column][i];
            }

            target.Add(row);
        }

        _context.CountRows(target.Count - before, _plan.Rule);
    }

    private StepOperator OperatorFor(PlanStep step, Block input, int[] slots, IRowRanges rows) => step switch
    {
        MatchStep match => new MatchOperator(match, input, slots, _context, () => rows.RangeOf(match.Table, match.Arguments.Length, match.Range)),
        AbsenceStep absence => new AbsenceOperator(absence, input, slots, _context,
            () => rows.RangeOf(absence.Table, absence.Arguments.Length, RowRange.All).Relation),
        CompareStep compare => new CompareOperator(compare, input, slots, _context),
        AssignStep assign => new AssignOperator(assign, input, slots, _context),
        BuiltinStep call => new BuiltinOperator(call, input, slots, _context, _plan.Rule),
        TruthStep truth => new TruthOperator(truth, input, slots, _context),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
