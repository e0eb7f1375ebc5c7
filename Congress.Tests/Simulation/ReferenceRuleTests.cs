using Xunit.Abstractions;

namespace Congress.Tests.Simulation;

/// <summary>Why there is a protocol: the rule of the reference does not come to the right rows under the same faults.</summary>
public sealed class ReferenceRuleTests(ITestOutputHelper output)
{
    private const int Seeds = 2000;

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    public void The_rule_of_the_reference_stays_wrong_after_the_healing(int seconds)
    {
        var wrong = Enumerable.Range(0, Seeds).Count(seed => !new ReferenceSimulation(seed).Converges(TimeSpan.FromSeconds(seconds)));
        output.WriteLine($"{wrong} of {Seeds} seeds are wrong {seconds} s after the healing");
        Assert.True(wrong > Seeds / 100, $"only {wrong} of {Seeds} seeds are wrong");
    }

    [Fact]
    public void Without_faults_it_is_right()
    {
        var subscriber = new ReferenceSubscriber();
        subscriber.Receive(new(0, true, 1, 0), TimeSpan.Zero);
        subscriber.Receive(new(2, false, 4, 1), TimeSpan.Zero);
        subscriber.Receive(new(1, false, 2, 0), TimeSpan.Zero);
        Assert.Equal(6ul, subscriber.State);
    }
}
