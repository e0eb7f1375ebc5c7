using System.Security.Cryptography;
using System.Text;
using Congress.Data;
using static Congress.Datalog.Builtins.StandardBuiltin;

namespace Congress.Datalog.Builtins;

/// <summary>Texts, by code point and without regard to any culture. Anything but a text where one is expected fails.</summary>
internal static class Texts
{
    private const string Category = "text";

    public static Builtin[] All() =>
    [
        // As in the reference, where it is the same operator; so it adds numbers too.
        Inherited(Category, "concat(x, y, z)", 2, "z is x followed by y; numbers are added", Arithmetic.Plus),
        Inherited(Category, "len(x, y)", 1, "y is the number of code points of x", Length),
        Added(Category, "contains(x, y)", 2, "y occurs in x", Contains),
        Added(Category, "starts_with(x, y)", 2, "x starts with y", StartsWith),
        Added(Category, "ends_with(x, y)", 2, "x ends with y", EndsWith),
        Added(Category, "lower(x, y)", 1, "y is x in lower case", Lower),
        Added(Category, "upper(x, y)", 1, "y is x in upper case", Upper),
        Added(Category, "trim(x, y)", 1, "y is x without the white space around it", Trim),
        Added(Category, "replace(x, old, new, y)", 3, "y is x with new for every old", Replace),
        Added(Category, "split(x, separator, index, part)", 2, "part is what stands at index, from 0, between separators", Split),
        Added(Category, "substring(x, start, length, y)", 3, "y is x from start, at most length code points of it", Substring),
        Added(Category, "hash(x, y)", 1, "y is the SHA-256 of x in lower case hex", Hash),
    ];

    private static void Length(ref BuiltinCall call)
    {
        if (TryText(ref call, 0, out var x))
        {
            call.Return(CodePoints.Count(x));
        }
    }

    private static void Contains(ref BuiltinCall call)
    {
        if (TryText(ref call, 0, out var x) && TryText(ref call, 1, out var y) && x.Contains(y, StringComparison.Ordinal))
        {
            call.Return();
        }
    }

    private static void StartsWith(ref BuiltinCall call)
    {
        if (TryText(ref call, 0, out var x) && TryText(ref call, 1, out var y) && x.StartsWith(y, StringComparison.Ordinal))
        {
            call.Return();
        }
    }

    private static void EndsWith(ref BuiltinCall call)
    {
        if (TryText(ref call, 0, out var x) && TryText(ref call, 1, out var y) && x.EndsWith(y, StringComparison.Ordinal))
        {
            call.Return();
        }
    }

    private static void Lower(ref BuiltinCall call)
    {
        if (TryText(ref call, 0, out var x))
        {
            call.Return(x.ToLowerInvariant());
        }
    }

    private static void Upper(ref BuiltinCall call)
    {
        if (TryText(ref call, 0, out var x))
        {
            call.Return(x.ToUpperInvariant());
        }
    }

    private static void Trim(ref BuiltinCall call)
    {
        if (TryText(ref call, 0, out var x))
        {
            call.Return(x.Trim());
        }
    }

    private static void Replace(ref BuiltinCall call)
    {
        if (!TryText(ref call, 0, out var x) || !TryText(ref call, 1, out var old) || !TryText(ref call, 2, out var by)
            || old.Length == 0)
        {
            return;
        }

        if (by.Length > old.Length)
        {
            call.RequireRoomFor(x.Length + ((long)(by.Length - old.Length) * x.AsSpan().Count(old)));
        }

        call.Return(x.Replace(old, by, StringComparison.Ordinal));
    }

    private static void Split(ref BuiltinCall call)
    {
        if (!TryText(ref call, 0, out var x) || !TryText(ref call, 1, out var separator) || separator.Length == 0)
        {
            return;
        }

        var index = 0;
        var start = 0;
        for (var end = x.IndexOf(separator, StringComparison.Ordinal); end >= 0;
            end = x.IndexOf(separator, start, StringComparison.Ordinal))
        {
            call.Return(index++, x[start..end]);
            start = end + separator.Length;
        }

        call.Return(index, x[start..]);
    }

    private static void Substring(ref BuiltinCall call)
    {
        var (start, length) = (call.Inputs[1], call.Inputs[2]);
        if (!TryText(ref call, 0, out var x) || start.Kind != ValueKind.Integer || length.Kind != ValueKind.Integer
            || length.AsInteger() < 0
            || !CodePoints.TrySkip(x, start.AsInteger(), out var rest))
        {
            return;
        }

        call.Return(CodePoints.TrySkip(rest, length.AsInteger(), out var after) ? rest[..^after.Length].ToString() : rest.ToString());
    }

    private static void Hash(ref BuiltinCall call)
    {
        var x = call.Inputs[0];
        if (x.Kind != ValueKind.Unknown)
        {
            call.Return(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(x.ToPlainText()))));
        }
    }

    private static bool TryText(ref BuiltinCall call, int column, out string text)
    {
        var value = call.Inputs[column];
        var isText = value.Kind == ValueKind.Text;
        text = isText ? value.AsText() : "";
        return isText;
    }
}
