using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>Numbers, with the operators of Python: two integers give an integer, a real makes the result real, and
/// <c>plus</c> and <c>mul</c> also join and repeat texts. A result that an integer or a real cannot hold fails.</summary>
internal static class Arithmetic
{
    private const string Category = "arithmetic";

    public static Builtin[] All() =>
    [
        Inherited(Category, "plus(x, y, z)", 2, "z is x + y; texts are joined", Plus),
        Inherited(Category, "minus(x, y, z)", 2, "z is x - y", Minus),
        Inherited(Category, "mul(x, y, z)", 2, "z is x * y; a text is repeated", Multiply),
        Inherited(Category, "div(x, y, z)", 2, "z is x / y, of two integers rounded down", Divide),
        Inherited(Category, "float(x, y)", 1, "y is x as a real", ToReal),
        Inherited(Category, "int(x, y)", 1, "y is x as an integer, a real cut toward zero", ToInteger),
        Added(Category, "mod(x, y, z)", 2, "z is what div leaves of x, with the sign of y", Modulo),
        Added(Category, "abs(x, y)", 1, "y is x without its sign", Absolute),
    ];

    internal static void Plus(ref BuiltinCall call)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[1]);
        if (AreIntegers(x, y))
        {
            var (a, b) = (x.AsInteger(), y.AsInteger());
            var sum = unchecked(a + b);
            if (((a ^ sum) & (b ^ sum)) >= 0)   // otherwise both signs differ from the sum's: it wrapped
            {
                call.Return(sum);
            }
        }
        else if (x.IsNumber && y.IsNumber)
        {
            call.ReturnFinite(x.AsReal() + y.AsReal());
        }
        else if (x.Kind == ValueKind.Text && y.Kind == ValueKind.Text)
        {
            var (a, b) = (x.AsText(), y.AsText());
            call.RequireRoomFor((long)a.Length + b.Length);
            call.Return(a + b);
        }
    }

    private static void Minus(ref BuiltinCall call)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[1]);
        if (AreIntegers(x, y))
        {
            var (a, b) = (x.AsInteger(), y.AsInteger());
            var difference = unchecked(a - b);
            if (((a ^ b) & (a ^ difference)) >= 0)
            {
                call.Return(difference);
            }
        }
        else if (x.IsNumber && y.IsNumber)
        {
            call.ReturnFinite(x.AsReal() - y.AsReal());
        }
    }

    private static void Multiply(ref BuiltinCall call)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[1]);
        if (AreIntegers(x, y))
        {
            var high = Math.BigMul(x.AsInteger(), y.AsInteger(), out var low);
            if (high == low >> 63)   // the upper half is only the sign of the lower
            {
                call.Return(low);
            }
        }
        else if (x.IsNumber && y.IsNumber)
        {
            call.ReturnFinite(x.AsReal() * y.AsReal());
        }
        else if (x.Kind == ValueKind.Text && y.Kind == ValueKind.Integer)
        {
            Repeat(ref call, x.AsText(), y.AsInteger());
        }
        else if (x.Kind == ValueKind.Integer && y.Kind == ValueKind.Text)
        {
            Repeat(ref call, y.AsText(), x.AsInteger());
        }
    }

    private static void Repeat(ref BuiltinCall call, string text, long times)
    {
        if (text.Length == 0 || times <= 0)
        {
            call.Return("");
            return;
        }

        // The number of times alone is already a bound, and keeps the product within a long.
        call.RequireRoomFor(times);
        call.RequireRoomFor(text.Length * times);
        call.Return(string.Create(text.Length * (int)times, text, static (all, one) =>
        {
            for (var at = 0; at < all.Length; at += one.Length)
            {
                one.CopyTo(all[at..]);
            }
        }));
    }

    private static void Divide(ref BuiltinCall call)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[1]);
        if (AreIntegers(x, y))
        {
            var (a, b) = (x.AsInteger(), y.AsInteger());
            if (b == 0 || (a == long.MinValue && b == -1))
            {
                return;
            }

            var quotient = a / b;
            call.Return(a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient);
        }
        else if (x.IsNumber && y.IsNumber)
        {
            call.ReturnFinite(x.AsReal() / y.AsReal());
        }
    }

    private static void Modulo(ref BuiltinCall call)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[1]);
        if (AreIntegers(x, y))
        {
            var (a, b) = (x.AsInteger(), y.AsInteger());
            if (b == 0)
            {
                return;
            }

            var rest = b == -1 ? 0 : a % b;   // the machine traps on the least integer % -1
            call.Return(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
        }
        else if (x.IsNumber && y.IsNumber)
        {
            var (a, b) = (x.AsReal(), y.AsReal());
            var rest = a % b;
            call.ReturnFinite(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
        }
    }

    private static void Absolute(ref BuiltinCall call)
    {
        var x = call.Inputs[0];
        if (x.Kind == ValueKind.Real)
        {
            call.Return(Math.Abs(x.AsReal()));
        }
        else if (x.Kind == ValueKind.Integer && x.AsInteger() != long.MinValue)
        {
            call.Return(Math.Abs(x.AsInteger()));
        }
    }

    private static void ToReal(ref BuiltinCall call)
    {
        var x = call.Inputs[0];
        if (x.IsNumber)
        {
            call.Return(x.AsReal());
        }
        else if (x.Kind == ValueKind.Text && NumberText.TryReadReal(x.AsText(), out var real))
        {
            call.Return(real);
        }
    }

    private static void ToInteger(ref BuiltinCall call)
    {
        if (NumberText.TryTruncate(call.Inputs[0], out var integer))
        {
            call.Return(integer);
        }
    }

    private static bool AreIntegers(Value x, Value y) => x.Kind == ValueKind.Integer && y.Kind == ValueKind.Integer;
}
