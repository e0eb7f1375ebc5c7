using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Analysis;

namespace Congress.Policies;

/// <summary>The values of a rule's variables in one binding.</summary>
internal static class Instantiation
{
    /// <summary>Gives the value of a variable by its name; null for one that the binding does not have.</summary>
    public static Func<string, Value?> Of(Rule rule, ReadOnlySpan<int> binding, Engine engine)
    {
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        for (var slot = 0; slot < binding.Length; slot++)
        {
            if (rule.Variables[slot] != Datalog.Syntax.Variable.Anonymous)
            {
                values[rule.Variables[slot]] = engine.ValueOf(binding[slot]);
            }
        }

        return name => values.TryGetValue(name, out var value) ? value : default(Value?);
    }
}
