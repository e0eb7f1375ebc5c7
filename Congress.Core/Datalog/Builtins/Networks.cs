using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>Addresses and networks of IPv4 and IPv6, written as texts.</summary>
internal static class Networks
{
    private const string Category = "network";

    public static Builtin[] All() =>
    [
        Inherited(Category, "ips_equal(x, y)", 2, "x and y are the same address", Equal),
        Inherited(Category, "ips_lt(x, y)", 2, "the address x is before y", Less),
        Inherited(Category, "ips_lteq(x, y)", 2, "the address x is before y or the same", LessOrEqual),
        Inherited(Category, "ips_gt(x, y)", 2, "the address x is after y", Greater),
        Inherited(Category, "ips_gteq(x, y)", 2, "the address x is after y or the same", GreaterOrEqual),
        Inherited(Category, "networks_equal(x, y)", 2, "x and y are the same network", SameNetwork),
        Inherited(Category, "networks_overlap(x, y)", 2, "some address is in both networks", Overlap),
        Inherited(Category, "ip_in_network(x, y)", 2, "the address x is in the network y", IsIn),
    ];

    private static void Equal(ref BuiltinCall call)
    {
        if (TryOrder(ref call, out var order) && order == 0)
        {
            call.Return();
        }
    }

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

    private static void SameNetwork(ref BuiltinCall call)
    {
        if (TryReadNetwork(call.Inputs[0], out var x) && TryReadNetwork(call.Inputs[1], out var y) && x == y)
        {
            call.Return();
        }
    }

    private static void Overlap(ref BuiltinCall call)
    {
        if (TryReadNetwork(call.Inputs[0], out var x) && TryReadNetwork(call.Inputs[1], out var y) && x.Overlaps(y))
        {
            call.Return();
        }
    }

    private static void IsIn(ref BuiltinCall call)
    {
        if (NetworkAddress.TryRead(call.Inputs[0], out var x) && TryReadNetwork(call.Inputs[1], out var y) && y.Contains(x))
        {
            call.Return();
        }
    }

    private static bool TryOrder(ref BuiltinCall call, out int order)
    {
        order = 0;
        if (!NetworkAddress.TryRead(call.Inputs[0], out var x) || !NetworkAddress.TryRead(call.Inputs[1], out var y))
        {
            return false;
        }

        order = NetworkAddress.Compare(x, y);
        return true;
    }

    private static bool TryReadNetwork(Value value, out NetworkRange network)
    {
        network = default;
        return value.Kind == ValueKind.Text && NetworkRange.TryRead(value.AsText(), out network);
    }
}
