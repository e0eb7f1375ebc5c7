using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Builtins;
using Congress.Datalog.Storage;
using Congress.Diagnostics;

namespace Congress.Datalog.Evaluation;

/// <summary>What all steps of one evaluation share: the symbols, the time, the budget, and the way out.</summary>
/// <param name="Symbols">The handles of values.</param>
/// <param name="Now">The local time, the same for every literal.</param>
/// <param name="Limits">How far to go.</param>
/// <param name="CancellationToken">Stops the evaluation; asked for every block.</param>
internal sealed record EvaluationContext(
    SymbolScope Symbols, DateTimeOffset Now, EvaluationLimits Limits, CancellationToken CancellationToken)
{
    private List<Value>? _results;
    private long _rows;

    /// <summary>Measures plans when set; it gives a timestamp in ticks of its own choice.</summary>
    public Func<long>? Clock { get; init; }

    /// <summary>Writes derived rows and counts those that are new against the budget.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="count">Their number.</param>
    /// <param name="rule">The rule that derived them.</param>
    public void Write(IRowWriter target, int[][] columns, int count, Rule rule)
    {
        var before = target.Count;
        target.Write(columns, count);
        if (_rows + target.Count - before > Limits.MaxRows)
        {
            target.Settle();   // perhaps some came twice
        }

        CountRows(target.Count - before, rule);
    }

    /// <summary>Counts derived rows against the budget.</summary>
    public void CountRows(long rows, Rule rule)
    {
        _rows += rows;
        if (_rows > Limits.MaxRows)
        {
            throw Exceeded(rule, $"the evaluation derived more than {Limits.MaxRows} rows");
        }
    }

    /// <summary>A recursion that makes values may never end: it has a budget of its own.</summary>
    public void CheckMade(Rule maker, int round, long rows)
    {
        if (round > Limits.MaxMadeRounds)
        {
            throw Exceeded(maker, $"a recursion that makes values took more than {Limits.MaxMadeRounds} rounds");
        }

        if (rows > Limits.MaxMadeRows)
        {
            throw Exceeded(maker, $"a recursion that makes values derived more than {Limits.MaxMadeRows} rows");
        }
    }

    /// <summary>The exception for a rule that went over a limit.</summary>
    public static PolicyException Exceeded(Rule rule, string what) => new(Diagnostic.Error(DiagnosticCode.BudgetExceeded,
        rule.Formula.Span, $"{what} in rule {rule.Name}: {rule}", "bound the rule, or raise the limit in EvaluationLimits"));

    /// <summary>Calls a builtin.</summary>
    /// <returns>The results, one after the other, and their number; overwritten by the next call.</returns>
    public (List<Value> Values, int Count) Call(Builtin builtin, ReadOnlySpan<Value> inputs, Rule rule)
    {
        var results = _results ??= [];
        results.Clear();
        var call = new BuiltinCall(inputs, Now, Limits.MaxTextLength, results);
        try
        {
            builtin.Evaluate(ref call);
        }
        catch (BuiltinLimitException limit)
        {
            throw Exceeded(rule, $"{builtin.Name}: {limit.Message}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new PolicyException(Diagnostic.Error(DiagnosticCode.BuiltinFailed, rule.Formula.Span,
                $"the builtin {builtin.Name} failed on {new Row(inputs)} in rule {rule.Name}: {e.GetType().Name}: {e.Message}"), e);
        }

        if (results.Count != call.Count * builtin.Outputs)
        {
            throw new PolicyException(Diagnostic.Error(DiagnosticCode.BuiltinFailed, rule.Formula.Span,
                $"the builtin {builtin.Name} gave {results.Count} values in {call.Count} results of {builtin.Outputs} columns each"));
        }

        foreach (var value in results)
        {
            if (value.Kind == ValueKind.Text && value.AsText().Length > Limits.MaxTextLength)
            {
                throw Exceeded(rule, $"{builtin.Name} made a text of {value.AsText().Length} characters; the limit is {Limits.MaxTextLength}");
            }
        }

        return (results, call.Count);
    }
}
