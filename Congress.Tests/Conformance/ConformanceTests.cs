using Xunit.Abstractions;

namespace Congress.Tests.Conformance;

/// <summary>Our engine gives the answers that OpenStack Congress gave, but for the differences that are on purpose.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    /// <summary>What each later step of the project will make pass; what is not due is listed until then.</summary>
    private static readonly Dictionary<string, string> NotYetDue = new(StringComparer.Ordinal)
    {
        ["explain"] = "step 6, why",
    };

    public static TheoryData<string> Due => [.. ConformanceCase.All.Where(c => c.IsRandom || !NotYetDue.ContainsKey(c.Operation)).Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Due))]
    public void Answers_as_the_reference(string id)
    {
        var test = ConformanceCase.Of(id);
        if (test.IsRandom)
        {
            RandomCase.Run(test.Json, NotYetDue.ContainsKey);
        }
        else
        {
            SingleCase.Run(test);
        }
    }

    [Fact]
    public void What_is_not_due_yet_is_listed()
    {
        var single = ConformanceCase.All.Where(c => !c.IsRandom && NotYetDue.ContainsKey(c.Operation)).Select(c => (c.Operation, c.Id));
        var random = ConformanceCase.All.Where(c => c.IsRandom).SelectMany(c => c.Json.GetProperty("ops").EnumerateArray()
            .Select(o => o.GetProperty("op").GetString()!).Where(NotYetDue.ContainsKey).Select(o => (Operation: o, c.Id)));
        foreach (var group in single.Concat(random).GroupBy(c => c.Operation, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var ids = group.Select(c => c.Id).Distinct(StringComparer.Ordinal).ToArray();
            output.WriteLine($"not yet due ({NotYetDue[group.Key]}): {group.Key}, {group.Count()} in {ids.Length} cases: {string.Join(" ", ids.Take(8))}{(ids.Length > 8 ? " ..." : "")}");
        }

        var known = new[] { "parse", "query", "error", "steps", "abduce", "find_subpolicy", "simulate", "triggers", "execute-log", "sequenced", "translate" };
        Assert.All(ConformanceCase.All.Where(c => !c.IsRandom), c => Assert.True(
            known.Contains(c.Operation, StringComparer.Ordinal) || NotYetDue.ContainsKey(c.Operation), $"{c.Id} has an unknown operation {c.Operation}"));
    }
}
