using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>Regular expressions, matched in time linear in the text.</summary>
internal static class Patterns
{
    public static Builtin[] All()
    {
        var cache = new PatternCache();
        return [Added("text", "matches(x, pattern)", 2, "the regular expression occurs in x", Matches)];

        void Matches(ref BuiltinCall call)
        {
            var (x, pattern) = (call.Inputs[0], call.Inputs[1]);
            if (x.Kind == ValueKind.Text && pattern.Kind == ValueKind.Text
                && cache.Find(pattern.AsText(), ignoreCase: false) is { } regex && regex.IsMatch(x.AsText()))
            {
                call.Return();
            }
        }
    }
}
