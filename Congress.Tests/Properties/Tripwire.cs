using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Builtins;

namespace Congress.Tests.Properties;

/// <summary>A builtin that always holds; when it is set, the chosen call of it does something else as well.</summary>
internal sealed class Tripwire
{
    private int _calls;
    private Action? _act;

    public Tripwire() => Builtin = Builtin.Test("tripwire", 1, Touch);

    public Builtin Builtin { get; }

    /// <summary>Acts at a call from now on, once.</summary>
    public void Set(int calls, Action act) => (_calls, _act) = (calls, act);

    public void Unset() => _act = null;

    /// <summary>The program with the builtin in every rule, which changes no table.</summary>
    public static RandomProgram In(RandomProgram program) => program with
    {
        Start = program.Start with { Rules = [.. program.Start.Rules.Select(In)] },
        Batches = [.. program.Batches.Select(b => b.Select(c => c.Rule is null ? c : c with { Rule = In(c.Rule) }).ToImmutableArray())],
    };

    private static GivenRule In(GivenRule rule) => rule.Text.Contains(":-", StringComparison.Ordinal) ? new(rule.Policy, $"{rule.Text}, tripwire(0)") : rule;

    private bool Touch(ReadOnlySpan<Value> inputs)
    {
        if (_act is { } act && --_calls == 0)
        {
            _act = null;
            act();
        }

        return true;
    }
}
