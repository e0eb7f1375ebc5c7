using Congress.Data;

namespace Congress.Datalog.Builtins;

/// <summary>A table that is computed instead of stored: given its inputs, the leftmost columns, it finds its outputs.</summary>
/// <remarks>
/// <para>A builtin is pure: equal inputs give equal outputs, but for <see cref="ReadsClock"/>. One with no result for
/// its inputs returns none, and its literal fails; an exception out of one aborts the evaluation with a diagnostic.</para>
/// <para>Make one by deriving from this class, or with <see cref="Test"/> and <see cref="Function"/>.</para>
/// </remarks>
public abstract class Builtin
{
    /// <summary>Describes a builtin.</summary>
    /// <param name="name">The name under which rules call it: an identifier.</param>
    /// <param name="inputs">The number of columns that must be bound before the call, the leftmost ones.</param>
    /// <param name="outputs">The number of columns that the call binds or tests.</param>
    protected Builtin(string name, int inputs, int outputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        Name = name;
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>The name under which rules call it, bare or after <c>builtin:</c>.</summary>
    public string Name { get; }

    /// <summary>The number of input columns.</summary>
    public int Inputs { get; }

    /// <summary>The number of output columns.</summary>
    public int Outputs { get; }

    /// <summary>The number of columns.</summary>
    public int Arity => Inputs + Outputs;

    /// <summary>Whether results depend on <see cref="BuiltinCall.Now"/>.</summary>
    public virtual bool ReadsClock => false;

    /// <summary>The family it belongs to in the documentation, such as <c>arithmetic</c>.</summary>
    public virtual string Category => "custom";

    /// <summary>What it computes, in one sentence; empty when nobody said.</summary>
    public virtual string Summary => "";

    /// <summary>The call with names for the columns, the inputs first: <c>plus(x, y, z)</c>.</summary>
    public virtual string Signature =>
        $"{Name}({string.Join(", ", Enumerable.Range(1, Arity).Select(i => i <= Inputs ? $"in{i}" : $"out{i - Inputs}"))})";

    /// <summary>Whether no table may have this name in any policy, as with the builtins of OpenStack Congress.</summary>
    internal bool IsReserved { get; init; }

    /// <summary>Finds the outputs for the inputs of the call, by any number of calls of <see cref="BuiltinCall.Return"/>.</summary>
    public abstract void Evaluate(ref BuiltinCall call);

    /// <summary>Makes a builtin without outputs, which holds or does not.</summary>
    /// <param name="name">The name under which rules call it.</param>
    /// <param name="inputs">The number of columns.</param>
    /// <param name="holds">Whether the literal holds for the inputs.</param>
    public static Builtin Test(string name, int inputs, Func<ReadOnlySpan<Value>, bool> holds)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return new DelegateBuiltin(name, inputs, 0, (ref BuiltinCall call) =>
        {
            if (holds(call.Inputs))
            {
                call.Return();
            }
        });
    }

    /// <summary>Makes a builtin with one output.</summary>
    /// <param name="name">The name under which rules call it.</param>
    /// <param name="inputs">The number of input columns.</param>
    /// <param name="result">The output for the inputs, or a C# null when there is none and the literal fails.</param>
    public static Builtin Function(string name, int inputs, Func<ReadOnlySpan<Value>, Value?> result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new DelegateBuiltin(name, inputs, 1, (ref BuiltinCall call) =>
        {
            if (result(call.Inputs) is { } output)
            {
                call.Return(output);
            }
        });
    }

    /// <summary><c>name/inputs+outputs</c>.</summary>
    public override string ToString() => $"{Name}/{Inputs}+{Outputs}";
}
