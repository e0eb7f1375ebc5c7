using Congress.Data;

namespace Congress.Tests.Properties;

/// <summary>What kind of values mostly stand in a column, so that joins find partners.</summary>
internal enum Sort
{
    Number,
    Text,
    Mixed,

    /// <summary>Nodes of a sparse graph, so that recursion takes many rounds.</summary>
    Node,
}

/// <summary>Small sets of values, with those among them at which engines stumble.</summary>
internal static class Domain
{
    private static readonly Value[] CommonNumbers = [0, 1, 2, 3];
    private static readonly Value[] OddNumbers = [1.0, 1.0, 2.0, 2.0, 0.5, -1, 0.1, 1e16, 9007199254740993, 9007199254740993, long.MinValue, 1 << 30];
    private static readonly Value[] Texts = ["a", "b", "ab", "a,b", "b,a,b", "B", "", "é𝒳"];
    private static readonly Value[] Mixture = [0, 1, 1.0, "a", "b", Value.True, Value.False, Value.Null, "1"];

    public static Value Pick(Random random, Sort sort) => sort switch
    {
        Sort.Number => random.Next(3) > 0 ? Of(random, CommonNumbers) : Of(random, OddNumbers),
        Sort.Text => Texts[Math.Min(random.Next(Texts.Length), random.Next(Texts.Length))],
        Sort.Node => random.Next(12),
        _ => Of(random, Mixture),
    };

    private static Value Of(Random random, Value[] values) => values[random.Next(values.Length)];
}
