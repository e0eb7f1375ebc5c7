using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Runs a plan: pushes blocks of bindings through its steps and adds what comes out to a relation.</summary>
/// <remarks>A pipeline can run many times, for one evaluation at a time; it holds nothing of a run but its buffers.</remarks>
internal sealed class Pipeline
{
    private readonly StepOperator[] _operators;
    private readonly Block _unit;
    private readonly Source[] _output;
    private readonly Block _last;
    private readonly int[] _lastSlots;
    private readonly int[]? _candidates;   // the last block's column of candidates, when one result for each is enough

    /// <param name="plan">The plan.</param>
    /// <param name="maxBindings">How many bindings a block holds at most.</param>
    public Pipeline(Plan plan, int maxBindings = Block.LargeRun)
    {
        Plan = plan;
        _unit = Block.Unit(maxBindings);
        _operators = new StepOperator[plan.Steps.Length];
        (_last, _lastSlots) = (_unit, []);
        for (var i = 0; i < _operators.Length; i++)
        {
            _operators[i] = OperatorFor(plan.Steps[i], _last, _lastSlots);
            (_last, _lastSlots) = (_operators[i].Output, plan.Steps[i].Live);
        }

        _output = new Source[plan.Output.Length];
        _candidates = plan.CandidateSlot >= 0 ? _last.Column(Array.IndexOf(_lastSlots, plan.CandidateSlot)) : null;
    }

    public Plan Plan { get; }

    /// <summary>The steps with what was measured.</summary>
    public IReadOnlyList<StepOperator> Operators => _operators;

    /// <summary>The evaluation that is going on.</summary>
    public EvaluationContext Context { get; private set; } = null!;

    /// <summary>The tables of the evaluation that is going on.</summary>
    public ITables Tables { get; private set; } = null!;

    /// <summary>By candidate, whether it has a result, after which nothing more is done for it; null when all results are wanted.</summary>
    public bool[]? Done { get; private set; }

    /// <summary>Evaluates the plan once and adds the rows that come out to a relation.</summary>
    /// <returns>The number of rows that were new.</returns>
    public long Run(Relation target, EvaluationContext context, ITables tables)
    {
        var before = target.Count;
        (Context, Tables) = (context, tables);
        foreach (var step in _operators)
        {
            step.Begin();
        }

        for (var i = 0; i < _output.Length; i++)
        {
            var operand = Plan.Output[i];
            _output[i] = operand.IsConstant
                ? new(null, context.Symbols.Intern(operand.Constant))
                : new(_last.Column(Array.IndexOf(_lastSlots, operand.Slot)), 0);
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

    /// <summary>Tells how many candidates there are, so that one result for each is enough.</summary>
    public void Expect(int candidates)
    {
        if (_candidates is not null)
        {
            Done = new bool[candidates];
        }
    }

    private void Accept(Block block, Relation target)
    {
        Span<int> row = stackalloc int[_output.Length];
        var before = target.Count;
        for (var i = 0; i < block.Count; i++)
        {
            if (Done is not null)
            {
                if (Done[_candidates![i]])
                {
                    continue;
                }

                Done[_candidates[i]] = true;
            }

            for (var column = 0; column < row.Length; column++)
            {
                row[column] = _output[column][i];
            }

            target.Add(row);
        }

        Context.CountRows(target.Count - before, Plan.Rule);
    }

    private StepOperator OperatorFor(PlanStep step, Block input, int[] slots) => step switch
    {
        MatchStep match => new MatchOperator(match, input, slots, this),
        AbsenceStep absence => new AbsenceOperator(absence, input, slots, this),
        CompareStep compare => new CompareOperator(compare, input, slots, this),
        SameStep same => new SameOperator(same, input, slots, this),
        AssignStep assign => new AssignOperator(assign, input, slots, this),
        BuiltinStep call => new BuiltinOperator(call, input, slots, this),
        TruthStep truth => new TruthOperator(truth, input, slots, this),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
