using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>Integers as 64 bits in two's complement. (The z3 policies of OpenStack Congress have them with 32.)</summary>
internal static class Bits
{
    private const string Category = "bits";

    public static Builtin[] All() =>
    [
        Added(Category, "and(x, y, z)", 2, "z has the bits that both x and y have", And),
        Added(Category, "or(x, y, z)", 2, "z has the bits that x or y has", Or),
        Added(Category, "bnot(x, y)", 1, "y has the bits that x has not", Not),
    ];

    private static void And(ref BuiltinCall call)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[1]);
        if (x.Kind == ValueKind.Integer && y.Kind == ValueKind.Integer)
        {
            call.Return(x.AsInteger() & y.AsInteger());
        }
    }

    private static void Or(ref BuiltinCall call)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[1]);
        if (x.Kind == ValueKind.Integer && y.Kind == ValueKind.Integer)
        {
            call.Return(x.AsInteger() | y.AsInteger());
        }
    }

    private static void Not(ref BuiltinCall call)
    {
        if (call.Inputs[0].Kind == ValueKind.Integer)
        {
            call.Return(~call.Inputs[0].AsInteger());
        }
    }
}
