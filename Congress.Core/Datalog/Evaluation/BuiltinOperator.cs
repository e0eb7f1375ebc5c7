using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Planning;

namespace Congress.Datalog.Evaluation;

/// <summary>Calls a builtin for each binding, and keeps those of its results that agree with what is bound.</summary>
internal sealed class BuiltinOperator : StepOperator
{
    private readonly BuiltinStep _step;
    private readonly Value[] _inputs;
    private readonly Source[] _inputSources;
    private readonly int?[] _tested;         // by output: the place in _testSources of a value it must equal
    private readonly Operand[] _tests;
    private readonly Source[] _testSources;
    private readonly int[]?[] _targets;      // by output: the column it fills
    private readonly int[] _sameAs;          // by output: an earlier output it must equal, or -1

    private readonly List<Value> _results = [];
    private int _binding;
    private int _result;    // the next result of the binding
    private int _count = -1; // the number of results of the binding; -1 before the call

    public BuiltinOperator(BuiltinStep step, Block input, int[] inputSlots, Pipeline pipeline)
        : base(step, input, inputSlots, pipeline)
    {
        _step = step;
        _inputs = new Value[step.Builtin.Inputs];
        _inputSources = new Source[_inputs.Length];
        var outputs = step.Arguments.Skip(_inputs.Length).ToArray();
        _tested = new int?[outputs.Length];
        _targets = new int[]?[outputs.Length];
        _sameAs = new int[outputs.Length];
        var tests = new List<Operand>();
        for (var i = 0; i < outputs.Length; i++)
        {
            _sameAs[i] = -1;
            if (IsBound(outputs[i]))
            {
                _tested[i] = tests.Count;
                tests.Add(outputs[i]);
            }
            else if (step.Binds[_inputs.Length + i] is var slot and >= 0)
            {
                _targets[i] = OutputFor(slot);
            }
            else if (outputs[i].IsVariable)
            {
                _sameAs[i] = Array.IndexOf(outputs, outputs[i]);
            }
        }

        _tests = [.. tests];
        _testSources = new Source[_tests.Length];
    }

    public override bool IsExhausted => _binding >= Input.Count;

    public override void Begin()
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            _inputSources[i] = SourceOf(_step.Arguments[i]);
        }

        for (var i = 0; i < _tests.Length; i++)
        {
            _testSources[i] = SourceOf(_tests[i]);
        }
    }

    public override void Open()
    {
        _binding = 0;
        _count = -1;
    }

    protected override void Fill()
    {
        for (var quota = Output.Capacity; _binding < Input.Count; _binding++, _count = -1)
        {
            if (_count < 0)
            {
                if (quota-- == 0)
                {
                    return;
                }

                Call();
            }

            if (_step.Negated)
            {
                if (!AnyAgrees())
                {
                    Emit(_binding);
                }

                continue;
            }

            for (; _result < _count; _result++)
            {
                if (Output.Count == Output.Capacity)
                {
                    return;
                }

                if (Agrees(_result))
                {
                    Bind(_result, Emit(_binding));
                }
            }
        }
    }

    private void Call()
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            _inputs[i] = Context.Symbols.ValueOf(_inputSources[i][_binding]);
        }

        var (values, count) = Context.Call(_step.Builtin, _inputs, Pipeline.Plan.Rule);
        (_result, _count) = (0, count);
        _results.Clear();   // the list that the context gave is overwritten by the next call, of this step or another
        _results.AddRange(values);
    }

    private bool AnyAgrees()
    {
        for (var result = 0; result < _count; result++)
        {
            if (Agrees(result))
            {
                return true;
            }
        }

        return false;
    }

    private bool Agrees(int result)
    {
        var outputs = _targets.Length;
        for (var i = 0; i < outputs; i++)
        {
            var value = _results[(result * outputs) + i];
            if (_tested[i] is { } test
                && !(Context.Symbols.TryFind(value, out var handle) && handle == _testSources[test][_binding]))
            {
                return false;
            }

            if (_sameAs[i] is var same and >= 0 && _results[(result * outputs) + same] != value)
            {
                return false;
            }
        }

        return true;
    }

    private void Bind(int result, int place)
    {
        for (var i = 0; i < _targets.Length; i++)
        {
            if (_targets[i] is { } target)
            {
                target[place] = Context.Symbols.Intern(_results[(result * _targets.Length) + i]);
            }
        }
    }
}
