using Congress.Data;

namespace Congress.Datalog.Builtins;

/// <summary>One call of a builtin: its inputs, the time, and where its results go.</summary>
public ref struct BuiltinCall
{
    private readonly List<Value> _results;

    internal BuiltinCall(ReadOnlySpan<Value> inputs, DateTimeOffset now, int maxTextLength, List<Value> results)
    {
        Inputs = inputs;
        Now = now;
        MaxTextLength = maxTextLength;
        _results = results;
    }

    /// <summary>The values of the input columns.</summary>
    public readonly ReadOnlySpan<Value> Inputs { get; }

    /// <summary>The local time, the same for all literals of one evaluation.</summary>
    public readonly DateTimeOffset Now { get; }

    /// <summary>The longest text, in UTF-16 units, that a result may hold. The evaluation stops with a diagnostic when a
    /// result is longer; a builtin that could build a much longer one checks before building it.</summary>
    public readonly int MaxTextLength { get; }

    /// <summary>The number of results so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Refuses a text before it is built.</summary>
    /// <exception cref="BuiltinLimitException">The length is more than <see cref="MaxTextLength"/>.</exception>
    internal readonly void RequireRoomFor(long length)
    {
        if (length > MaxTextLength)
        {
            throw new BuiltinLimitException(length, MaxTextLength);
        }
    }

    /// <summary>Adds the real as a result, unless it is infinite or NaN: then the literal fails.</summary>
    internal void ReturnFinite(double output)
    {
        if (double.IsFinite(output))
        {
            Return(output);
        }
    }

    /// <summary>Adds a result: one value for each output column, none for a builtin that only tests.</summary>
    public void Return(params ReadOnlySpan<Value> outputs)
    {
        _results.AddRange(outputs);
        Count++;
    }
}
