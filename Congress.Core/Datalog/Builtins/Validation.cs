using System.Globalization;
using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>Checks the values of configuration options as oslo.config does: the result is empty for a good value, and
/// oslo.config's message for a bad one. A bound that is empty or null is none.</summary>
/// <remarks>The literal fails when the bounds, the pattern or the flags are not what they should be, as they are a
/// mistake of the policy and not of the value.</remarks>
internal static class Validation
{
    private const string Category = "validation";

    public static Builtin[] All()
    {
        var cache = new PatternCache();
        return
        [
            Inherited(Category, "validate_int(min, max, x, message)", 3, "what is wrong with x as an integer, or nothing", ValidateInteger),
            Inherited(Category, "validate_float(min, max, x, message)", 3, "what is wrong with x as a real, or nothing", ValidateReal),
            Inherited(Category, "validate_string(pattern, max_length, quotes, ignore_case, x, message)", 5,
                "what is wrong with x as a text, or nothing", (ref call) => ValidateText(ref call, cache)),
        ];
    }

    private static void ValidateInteger(ref BuiltinCall call)
    {
        var isNumber = NumberText.TryTruncate(call.Inputs[2], out var integer);
        ValidateNumber(ref call, isNumber, integer, "invalid literal for int() with base 10: ");
    }

    private static void ValidateReal(ref BuiltinCall call)
    {
        var x = call.Inputs[2];
        var real = 0.0;
        var isNumber = x.IsNumber || (x.Kind == ValueKind.Text && NumberText.TryReadReal(x.AsText(), out real));
        ValidateNumber(ref call, isNumber, x.IsNumber ? x : real, "could not convert string to float: ");
    }

    private static void ValidateNumber(ref BuiltinCall call, bool isNumber, Value number, string complaint)
    {
        var (min, max, x) = (call.Inputs[0], call.Inputs[1], call.Inputs[2]);
        if (!IsBound(min) || !IsBound(max) || x.Kind == ValueKind.Unknown)
        {
            return;
        }

        if (min.IsNumber && max.IsNumber && Value.TryCompare(max, min, out var order) && order < 0)
        {
            call.Return("Max value is less than min value");
        }
        else if (!isNumber)
        {
            // A text of nothing but space stands for an option that is not set.
            var isUnset = x.Kind == ValueKind.Text && string.IsNullOrWhiteSpace(x.AsText());
            call.Return(isUnset ? "" : complaint + PythonText.Quote(PythonText.Of(x)));
        }
        else if (min.IsNumber && Value.TryCompare(number, min, out order) && order < 0)
        {
            call.Return("Should be greater than or equal to " + BoundText(min));
        }
        else if (max.IsNumber && Value.TryCompare(number, max, out order) && order > 0)
        {
            call.Return("Should be less than or equal to " + BoundText(max));
        }
        else
        {
            call.Return("");
        }
    }

    private static void ValidateText(ref BuiltinCall call, PatternCache cache)
    {
        var (pattern, maxLength, x) = (call.Inputs[0], call.Inputs[1], call.Inputs[4]);
        if (!IsBound(maxLength) || x.Kind == ValueKind.Unknown
            || !TryReadFlag(call.Inputs[2], out var quotes) || !TryReadFlag(call.Inputs[3], out var ignoreCase))
        {
            return;
        }

        var regex = pattern.Kind == ValueKind.Text && pattern.AsText().Length > 0 ? cache.Find(pattern.AsText(), ignoreCase) : null;
        if (regex is null && !IsAbsent(pattern))
        {
            return;
        }

        var text = PythonText.Of(x);
        if (quotes && text is ['"' or '\'', ..])
        {
            if (text.Length == 1 || text[^1] != text[0])
            {
                call.Return("Non-closed quote: " + text);
                return;
            }

            text = text[1..^1];
        }

        call.Return(
            IsTooLong(text, maxLength) ? $"Value '{text}' exceeds maximum length {BoundText(maxLength)}"
            : regex is not null && !regex.IsMatch(text)
                ? $"Value {PythonText.Quote(text)} doesn't match regex {PythonText.Quote(pattern.AsText())}"
            : "");
    }

    // A bound of zero or less is none, as in oslo.config.
    private static bool IsTooLong(string text, Value maxLength) =>
        maxLength.IsNumber && Value.TryCompare(maxLength, 0, out var sign) && sign > 0
        && Value.TryCompare(CodePoints.Count(text), maxLength, out var order) && order > 0;

    private static bool IsBound(Value value) => value.IsNumber || IsAbsent(value);

    private static bool IsAbsent(Value value) =>
        value.Kind == ValueKind.Null || (value.Kind == ValueKind.Text && value.AsText().Length == 0);

    // Python takes every text but the empty one for true, even the "False" that drivers make of a boolean.
    private static bool TryReadFlag(Value value, out bool flag)
    {
        flag = value.Kind switch
        {
            ValueKind.Boolean => value.AsBoolean(),
            ValueKind.Integer or ValueKind.Real => value.AsReal() != 0,
            ValueKind.Text => value.AsText() is not ("" or "False" or "false" or "None"),
            ValueKind.Null or ValueKind.Unknown => false,
        };
        return value.Kind != ValueKind.Unknown;
    }

    // oslo.config prints with "%g", six digits; an integer is better whole.
    private static string BoundText(Value bound) => bound.Kind == ValueKind.Integer
        ? bound.ToString()
        : bound.AsReal().ToString("G6", CultureInfo.InvariantCulture).Replace('E', 'e');
}
