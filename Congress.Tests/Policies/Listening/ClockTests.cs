using Congress.Data;

namespace Congress.Tests.Policies.Listening;

/// <summary>Tables that depend on the time, for those who listen.</summary>
public sealed class ClockTests
{
    [Fact]
    public void Who_stays_is_told_of_time_that_passed_before_another_left()
    {
        var time = new ManualTime();
        using var engine = PolicyEngine.Create("t(x) :- now(x).", new() { TimeProvider = time });
        var updates = new List<TableUpdate>();
        using var stays = engine.OnChange("t", updates.Add);
        using (engine.OnChange("t", _ => { }))
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        time.Tick();

        Assert.Equal(
            """
            + policy:t("2026-01-31 23:59:51")
            - policy:t("2026-01-31 23:59:50")
            """, Assert.Single(updates).ToString(), ignoreLineEndingDifferences: true);
    }
}
