using Congress.Datalog.Analysis;
using Congress.Datalog.Planning;

namespace Congress.Datalog.Evaluation;

/// <summary>Executes one step of a plan over blocks of bindings.</summary>
/// <remarks>
/// An operator is resumable: <see cref="Advance"/> fills its output block and returns, and goes on where it stopped when
/// called again. So a pipeline of any length runs in one loop, without recursion, in bounded memory.
/// </remarks>
internal abstract class StepOperator
{
    /// <summary>How many candidates an operator looks at before it returns, even with nothing found, so that
    /// cancellation is seen in time.</summary>
    protected const int Quota = 1 << 16;

    private readonly (int From, int To)[] _carried;

    protected StepOperator(PlanStep step, Block input, int[] inputSlots, Pipeline pipeline)
    {
        Step = step;
        Input = input;
        Pipeline = pipeline;
        Output = new(step.Live.Length, input.MaxBindings);
        Origin = new int[Output.Capacity];
        InputSlots = inputSlots;
        _carried = [.. step.Live.Select((slot, to) => (From: Array.IndexOf(inputSlots, slot), To: to)).Where(c => c.From >= 0)];
    }

    public PlanStep Step { get; }

    public Block Output { get; }

    public abstract bool IsExhausted { get; }

    /// <summary>The number of bindings that came out so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The time spent so far, when it is measured.</summary>
    public long Elapsed { get; private set; }

    protected Block Input { get; }

    /// <summary>By binding of the output, the one of the input that it extends.</summary>
    protected int[] Origin { get; }

    /// <summary>The pipeline that the operator is part of; it knows the evaluation that is going on.</summary>
    protected Pipeline Pipeline { get; }

    protected EvaluationContext Context => Pipeline.Context;

    private int[] InputSlots { get; }

    /// <summary>Prepares for a run: looks up the tables and the handles of constants.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Begins with a new input block.</summary>
    public abstract void Open();

    /// <summary>Fills the output block with more bindings.</summary>
    public void Advance()
    {
        Context.CancellationToken.ThrowIfCancellationRequested();
        var start = Context.Clock?.Invoke() ?? 0;
        Output.Count = 0;
        Fill();
        foreach (var (from, to) in _carried)
        {
            var source = Input.Column(from);
            var target = Output.Column(to).AsSpan(0, Output.Count);
            var origin = Origin.AsSpan(0, target.Length);
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = source[origin[i]];
            }
        }

        Rows += Output.Count;
        Elapsed += (Context.Clock?.Invoke() ?? 0) - start;
    }

    /// <summary>Looks at candidates until the output is full, the quota is used up or the input is exhausted.</summary>
    protected abstract void Fill();

    /// <summary>Adds a binding that extends one of the input.</summary>
    /// <returns>Its place in the output.</returns>
    protected int Emit(int binding)
    {
        Origin[Output.Count] = binding;
        return Output.Count++;
    }

    /// <summary>Where the value of an operand is found during the run; the operand is bound before this step.</summary>
    protected Source SourceOf(Operand operand) => operand.IsConstant
        ? new(null, Context.Symbols.Intern(operand.Constant))
        : new(Input.Column(Array.IndexOf(InputSlots, operand.Slot)), 0);

    /// <summary>Whether an operand is bound before this step.</summary>
    protected bool IsBound(Operand operand) => operand.IsConstant || (operand.IsVariable && Array.IndexOf(InputSlots, operand.Slot) >= 0);

    /// <summary>The input column that holds a slot; null when there is none.</summary>
    protected int[]? InputFor(int slot) => Array.IndexOf(InputSlots, slot) is var column and >= 0 ? Input.Column(column) : null;

    /// <summary>The output column that the step fills for a slot; null when nobody needs it.</summary>
    protected int[]? OutputFor(int slot) => Array.IndexOf(Step.Live, slot) is var column and >= 0 ? Output.Column(column) : null;
}
