using Xunit.Abstractions;

namespace Congress.Tests.Conformance;

/// <summary>Our engine gives the answers that OpenStack Congress gave, but for the differences that are on purpose.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases => [.. ConformanceCase.All.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Answers_as_the_reference(string id)
    {
        var test = ConformanceCase.Of(id);
        if (test.IsRandom)
        {
            RandomCase.Run(test.Json);
        }
        else
        {
            SingleCase.Run(test);
        }
    }

    [Fact]
    public void Cases_of_every_operation_are_run()
    {
        var operations = ConformanceCase.All.Where(c => !c.IsRandom).CountBy(c => c.Operation).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        output.WriteLine(string.Join(", ", operations.Select(o => $"{o.Key} {o.Value}")));
        Assert.Equal(
            ["abduce", "error", "execute-log", "explain", "find_subpolicy", "parse", "query", "sequenced", "simulate", "steps", "translate", "triggers"],
            operations.Select(o => o.Key));
    }
}
