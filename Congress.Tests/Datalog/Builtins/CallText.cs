using System.Globalization;
using Congress.Data;
using Congress.Datalog.Builtins;

namespace Congress.Tests.Datalog.Builtins;

/// <summary>Runs a call written as a literal: <c>plus(2, 3)</c> gives <c>5</c>, <c>plus(2, 3, z)</c> gives <c>z = 5</c>.</summary>
/// <remarks>Only the inputs need be there. A test that holds gives <c>holds</c>, whatever has no result <c>fails</c>;
/// several results are separated by semicolons.</remarks>
internal static class CallText
{
    public static readonly DateTimeOffset Now = new(2014, 1, 5, 10, 0, 0, TimeSpan.FromHours(1));

    public static string Evaluate(string call, int maxTextLength = 1000)
    {
        var (name, arguments) = Parse(call);
        Assert.True(BuiltinRegistry.Standard.TryGet(name, out var builtin), $"There is no builtin '{name}'.");
        var inputs = arguments.Take(builtin.Inputs).Select(Literal).ToArray();
        Assert.Equal(builtin.Inputs, inputs.Length);
        var outputs = arguments.Skip(builtin.Inputs).ToArray();
        var results = builtin.Run(inputs, maxTextLength);
        return results.Count == 0 ? "fails"
            : builtin.Outputs == 0 ? "holds"
            : string.Join("; ", results.Select(r => string.Join(", ", r.Select((v, i) => outputs.Length == 0 ? $"{v}" : $"{outputs[i]} = {v}"))));
    }

    /// <summary>Runs a builtin and gives its results, each an array of the outputs.</summary>
    public static List<Value[]> Run(this Builtin builtin, Value[] inputs, int maxTextLength = 1000)
    {
        var outputs = new List<Value>();
        var call = new BuiltinCall(inputs, Now, maxTextLength, outputs);
        builtin.Evaluate(ref call);
        Assert.Equal(call.Count * builtin.Outputs, outputs.Count);
        return builtin.Outputs == 0
            ? [.. Enumerable.Repeat(Array.Empty<Value>(), call.Count)]
            : [.. outputs.Chunk(builtin.Outputs)];
    }

    private static (string Name, List<string> Arguments) Parse(string call)
    {
        var open = call.IndexOf('(', StringComparison.Ordinal);
        Assert.True(open > 0 && call.EndsWith(')'), $"'{call}' is not a literal.");
        var arguments = new List<string>();
        var (start, quoted) = (open + 1, false);
        for (var i = start; i < call.Length; i++)
        {
            if (quoted && call[i] == '\\')
            {
                i++;
            }
            else if (call[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && (call[i] == ',' || i == call.Length - 1))
            {
                arguments.Add(call[start..i].Trim());
                start = i + 1;
            }
        }

        return (call[..open], arguments.Count == 1 && arguments[0].Length == 0 ? [] : arguments);
    }

    private static Value Literal(string text) => text switch
    {
        "null" => Value.Null,
        "true" => Value.True,
        "false" => Value.False,
        ['"', .. var inside, '"'] => Unescape(inside),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => integer,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string inside) => inside
        .Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\t", "\t", StringComparison.Ordinal)
        .Replace("\\\"", "\"", StringComparison.Ordinal)
        .Replace("\\\\", "\\", StringComparison.Ordinal);
}
