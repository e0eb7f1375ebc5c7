namespace Congress.Tests.Properties;

/// <summary>A builtin that random rules call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">What its inputs are.</param>
/// <param name="Outputs">What its outputs are.</param>
/// <param name="IsBounded">Whether a recursion through it ends: it makes no more values than it is given, or a few.</param>
/// <param name="IsNew">Whether OpenStack Congress lacks it.</param>
internal sealed record CallTemplate(string Name, Sort[] Inputs, Sort[] Outputs, bool IsBounded, bool IsNew)
{
    private const Sort N = Sort.Number, T = Sort.Text, M = Sort.Mixed;

    public static CallTemplate[] All { get; } =
    [
        new("lt", [N, N], [], true, false), new("lteq", [N, N], [], true, false), new("gt", [M, M], [], true, false),
        new("gteq", [N, N], [], true, false), new("equal", [M, M], [], true, false), new("max", [N, N], [N], true, false),
        new("plus", [N, N], [N], false, false), new("minus", [N, N], [N], false, false), new("mul", [N, N], [N], false, false),
        new("div", [N, N], [N], false, false), new("float", [N], [N], true, false), new("int", [M], [N], true, false),
        new("concat", [T, T], [T], false, false), new("len", [T], [N], true, false), new("min", [N, N], [N], true, true),
        new("mod", [N, N], [N], false, true), new("abs", [N], [N], true, true), new("and", [N, N], [N], true, true),
        new("bnot", [N], [N], true, true), new("contains", [T, T], [], true, true), new("starts_with", [T, T], [], true, true),
        new("lower", [T], [T], true, true), new("upper", [T], [T], true, true), new("replace", [T, T, T], [T], false, true),
        new("split", [T, T], [N, T], true, true), new("split", [T, T], [N, T], true, true), new("split", [T, T], [N, T], true, true), new("hash", [M], [T], false, true),
    ];
}
