using Congress.Policies;

namespace Congress.Tests.Datalog.Maintenance;

/// <summary>Least and greatest values when they go, which few random programs reach in all their turns.</summary>
public sealed class ExtremeValueTests
{
    [Fact]
    public void A_least_value_that_goes_as_others_come_is_followed_by_the_least_of_all_that_are_left()
    {
        using var engine = WithValues(1, 2, 3);
        engine.Apply(new PolicyBatch().Delete("q", "g", 1).Insert("q", "g", 5)).ThrowIfRefused();
        Assert.Equal([("g", 2L, 5L)], Extremes(engine));
    }

    [Fact]
    public void Values_that_go_one_by_one_leave_the_next()
    {
        using var engine = WithValues(4, 1, 3, 2);
        foreach (var (gone, least, greatest) in new[] { (1, 2, 4), (4, 2, 3), (2, 3, 3) })
        {
            engine.Delete("q", "g", gone);
            Assert.Equal([("g", (long)least, (long)greatest)], Extremes(engine));
        }

        engine.Insert("q", "g", 0);
        Assert.Equal([("g", 0L, 3L)], Extremes(engine));
    }

    [Fact]
    public void A_group_that_goes_and_comes_in_one_batch_knows_nothing_of_before()
    {
        using var engine = WithValues(1);
        engine.Apply(new PolicyBatch().Delete("q", "g", 1).Insert("q", "g", 7)).ThrowIfRefused();
        Assert.Equal([("g", 7L, 7L)], Extremes(engine));
        engine.Delete("q", "g", 7);
        Assert.Empty(Extremes(engine));
    }

    private static PolicyEngine WithValues(params int[] values)
    {
        var engine = PolicyEngine.Create("warning(g, min(x), max(x)) :- q(g, x).");
        foreach (var value in values)
        {
            engine.Insert("q", "g", value);
        }

        return engine;
    }

    private static IReadOnlyList<(string Group, long Least, long Greatest)> Extremes(PolicyEngine engine) =>
        engine.Query<string, long, long>("warning(g, x, y)");
}
