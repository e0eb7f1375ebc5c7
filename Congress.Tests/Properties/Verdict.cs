using Congress.Datalog.Builtins;
using Congress.Diagnostics;

namespace Congress.Tests.Properties;

/// <summary>What became of a property on one program.</summary>
/// <param name="Failure">What is wrong; null when the property holds or has nothing to say.</param>
/// <param name="Refused">Why the engine refused the program; null when it did not.</param>
internal sealed record Verdict(string? Failure, Diagnostic? Refused)
{
    public static Verdict Holds { get; } = new(null, null);

    /// <summary>The exception by which it failed.</summary>
    public string? Kind => Failure?.Split(':')[0];

    /// <summary>Judges a property, for which an exception is a failure but for the refusal of the program.</summary>
    public static Verdict Of(Action property)
    {
        try
        {
            property();
            return Holds;
        }
        catch (PolicyException e) when (e.Diagnostics.FirstOrDefault(d => d.Code == DiagnosticCode.BudgetExceeded) is { } budget)
        {
            return new(null, budget);   // too many rows for a test
        }
        catch (BuiltinLimitException e)
        {
            return new(null, Diagnostic.Error(DiagnosticCode.BudgetExceeded, default, e.Message));   // the naive evaluator called it, the engine had no need to
        }
#pragma warning disable CA1031 // whatever goes wrong is what the property is for
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}", null);
        }
    }

    /// <summary>Fails when two sets differ, naming what differs.</summary>
    public static void Same<T>(string what, IReadOnlySet<T> expected, IReadOnlySet<T> actual)
    {
        if (!expected.SetEquals(actual))
        {
            Assert.Fail($"{what}: missing {string.Join(" ", expected.Except(actual))}, too many {string.Join(" ", actual.Except(expected))}");
        }
    }
}
