using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>The order of values. Numbers compare exactly, texts by code point, and what cannot be ordered, such as a text
/// and a number, makes every comparison fail.</summary>
internal static class Comparisons
{
    private const string Category = "comparison";

    public static Builtin[] All() =>
    [
        Inherited(Category, "lt(x, y)", 2, "x is less than y", Less),
        Inherited(Category, "lteq(x, y)", 2, "x is less than or equal to y", LessOrEqual),
        Inherited(Category, "gt(x, y)", 2, "x is greater than y", Greater),
        Inherited(Category, "gteq(x, y)", 2, "x is greater than or equal to y", GreaterOrEqual),
        Inherited(Category, "equal(x, y)", 2, "x and y are equal, numbers by size", Equal),
        Inherited(Category, "max(x, y, z)", 2, "z is the greater of x and y", Max),
        Added(Category, "min(x, y, z)", 2, "z is the lesser of x and y", Min),
    ];

    private static void Less(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order < 0)
        {
            call.Return();
        }
    }

    private static void LessOrEqual(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order <= 0)
        {
            call.Return();
        }
    }

    private static void Greater(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order > 0)
        {
            call.Return();
        }
    }

    private static void GreaterOrEqual(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order >= 0)
        {
            call.Return();
        }
    }

    private static void Equal(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order == 0)
        {
            call.Return();
        }
    }

    // Of two equals the first wins, as in Python: max(1, 1.0) is 1.
    private static void Max(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order))
        {
            call.Return(call.Inputs[order < 0 ? 1 : 0]);
        }
    }

    private static void Min(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order))
        {
            call.Return(call.Inputs[order > 0 ? 1 : 0]);
        }
    }

    private static bool TryOrder(ref BuiltinCall call, out int order) =>
        Value.TryCompare(call.Inputs[0], call.Inputs[1], out order);
}
