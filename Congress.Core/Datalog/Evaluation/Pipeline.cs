using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Runs a plan: pushes blocks of bindings through its steps and adds what comes out to a relation.</summary>
/// <remarks>A pipeline can run many times, for one evaluation at a time; it holds nothing of a run but its buffers.</remarks>
internal sealed class Pipeline
{
    private readonly StepOperator[] _operators;
    private readonly Block _unit;
    private readonly int[][] _output;
    private readonly Block _last;
    private readonly int[] _lastSlots;
    private readonly int[]? _candidates;   // the last block's column of candidates, when one result for each is enough

    /// <param name="plan">The plan.</param>
    /// <param name="maxBindings">How many bindings a block holds at most.</param>
    public Pipeline(Plan plan, int maxBindings)
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

        _output = new int[plan.Output.Length][];
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
    public long Run(Relation target, EvaluationContext context, ITables tables) => Run(new HeadWriter(target), context, tables);

    /// <summary>Evaluates the plan once and writes the rows that come out.</summary>
    /// <returns>The number of rows that were new.</returns>
    public long Run(IRowWriter target, EvaluationContext context, ITables tables)
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
            if (operand.IsConstant)
            {
                Array.Fill(_output[i] ??= new int[_last.Capacity], context.Symbols.Intern(operand.Constant));
            }
            else
            {
                _output[i] ??= _last.Column(Array.IndexOf(_lastSlots, operand.Slot));
            }
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

    /// <summary>An index on some columns of a relation that a step reads.</summary>
    public RelationIndex IndexOn(Relation relation, int[] columns) => Tables.IndexOn(relation, columns);

    /// <summary>Tells how many candidates there are, so that one result for each is enough.</summary>
    public void Expect(int candidates)
    {
        if (_candidates is not null)
        {
            Done = new bool[candidates];
        }
    }

    private void Accept(Block block, IRowWriter target) =>
        Context.Write(target, _output, Done is null ? block.Count : KeepFirsts(block.Count, Done), Plan.Rule);

    /// <summary>Keeps the first result of each candidate that had none.</summary>
    /// <returns>The number that are left.</returns>
    private int KeepFirsts(int count, bool[] done)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (!done[_candidates![i]])
            {
                done[_candidates[i]] = true;
                foreach (var column in _output)
                {
                    column[kept] = column[i];
                }

                kept++;
            }
        }

        return kept;
    }

    private StepOperator OperatorFor(PlanStep step, Block input, int[] slots) => step switch
    {
        IntersectStep intersect => new IntersectOperator(intersect, input, slots, this),
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
