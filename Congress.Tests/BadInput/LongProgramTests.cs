using Congress.Data;
using Congress.Policies;

namespace Congress.Tests.BadInput;

/// <summary>Long chains and bodies, on a thread with hardly any stack.</summary>
public sealed class LongProgramTests
{
    private const int SmallStack = 256 * 1024;

    [Fact]
    public void A_chain_of_ten_thousand_rules_works() => OnSmallStack(() =>
    {
        using var engine = PolicyEngine.Create(string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"v{i + 1}(x) :- v{i}(x).")));
        engine.Insert("v0", 1);
        Assert.Equal(["v10000(1)"], engine.Query("v10000(x)").Instances);
        Assert.Equal("v10000(7) :- v0(7)", Assert.Single(engine.Abduce("v10000(7)", ["v0"])).ToString());
    });

    [Fact]
    public void A_cycle_of_ten_thousand_rules_works_where_recursion_is_allowed() => OnSmallStack(() =>
    {
        using var engine = PolicyEngine.Create(string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"v{(i + 1) % 10_000}(x) :- v{i}(x).")),
            new() { DefaultKind = PolicyKind.Recursive });
        engine.Insert("v0", 1);
        Assert.Equal(["v9999(1)"], engine.Query("v9999(x)").Instances);
        Assert.False(engine.Apply(new PolicyBatch().InsertRules("v5(x) :- w(x), not v7(x).")).Permitted);
    });

    [Fact]
    public void A_body_of_a_thousand_literals_works() => OnSmallStack(() =>
    {
        using var engine = PolicyEngine.Create($"p(x0, x1000) :- {string.Join(", ", Enumerable.Range(0, 1_000).Select(i => $"e(x{i}, x{i + 1})"))}.");
        engine.Apply(new PolicyBatch().InsertAll("e", Enumerable.Range(0, 50).Select(i => new Row(i, (i + 1) % 50)))).ThrowIfRefused();
        Assert.Equal(["p(3, 3)"], engine.Query("p(3, y)").Instances);
    });

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }, SmallStack);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
