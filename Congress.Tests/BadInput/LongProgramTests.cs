using Congress.Data;

namespace Congress.Tests.BadInput;

/// <summary>Long chains of rules and long bodies, on a stack of 256 KiB: nothing recurses over the program.</summary>
public sealed class LongProgramTests
{
    [Fact]
    public void A_chain_of_ten_thousand_rules_is_loaded_queried_and_changed() => OnSmallStack(() =>
    {
        var rules = Enumerable.Range(0, 10_000).Select(i => $"p{i + 1}(x) :- p{i}(x).");
        using var engine = PolicyEngine.Create(string.Join("\n", rules) + " p0(1). p0(2).");

        Assert.Equal([new Row(1), new Row(2)], engine.Query("p10000(x)").Order());

        engine.Delete("p0", 1);
        Assert.Equal([new Row(2)], engine.Query("q(x) :- p10000(x), not p10000(1)"));
    });

    [Fact]
    public void A_cycle_of_two_thousand_rules_is_evaluated_where_allowed_and_named_where_not() => OnSmallStack(() =>
    {
        var rules = string.Join("\n", Enumerable.Range(0, 2_000).Select(i => $"p{(i + 1) % 2_000}(x) :- p{i}(x).")) + " p0(1).";
        using var engine = PolicyEngine.Create(rules, new() { DefaultKind = PolicyKind.Recursive });

        Assert.Equal([new Row(1)], engine.Query("p1999(x)"));
        Assert.Throws<Congress.Diagnostics.PolicyException>(() => PolicyEngine.Create(rules));
    });

    [Fact]
    public void A_body_of_a_thousand_literals_is_evaluated() => OnSmallStack(() =>
    {
        var body = string.Join(", ", Enumerable.Range(0, 1_000).Select(i => $"e(x{i}, x{i + 1})"));
        using var engine = PolicyEngine.Create($"p(x0, x1000) :- {body}. e(1, 2). e(2, 1).");

        Assert.Equal([new Row(1, 1), new Row(2, 2)], engine.Query("p(x, y)").Order());
        Assert.Equal([new Row(1)], engine.Query($"q(x0) :- {body}, x0 < 2"));
    });

    [Fact]
    public void A_body_of_a_thousand_conditions_is_evaluated() => OnSmallStack(() =>
    {
        var calls = string.Join(", ", Enumerable.Range(0, 1_000).Reverse().Select(i => $"plus(x{i}, 1, x{i + 1})"));
        var tests = string.Join(", ", Enumerable.Range(0, 500).Select(i => $"not e(x{i}), x{i} < 2000"));
        using var engine = PolicyEngine.Create($"p(x1000) :- {calls}, {tests}, s(x0). e(-1). s(0). s(-500).");

        Assert.Equal([new Row(1000)], engine.Query("p(x)"));
    });

    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
#pragma warning disable CA1031 // thrown again on the test's thread
                catch (Exception e)
#pragma warning restore CA1031
                {
                    failure = e;
                }
            },
            maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }
}
