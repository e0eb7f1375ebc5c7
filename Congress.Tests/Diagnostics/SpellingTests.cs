using Congress.Diagnostics;

namespace Congress.Tests.Diagnostics;

public class SpellingTests
{
    [Theory]
    [InlineData("server", "servers")]
    [InlineData("sevrers", "servers")]
    [InlineData("SERVERS", "servers")]
    [InlineData("prot", "port")]
    [InlineData("ports", "port")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    [InlineData("q", null)]
    public void A_name_one_slip_away_is_found(string name, string? closest) =>
        Assert.Equal(closest, Spelling.Closest(name, ["p", "port", "servers", "networks"]));

    [Fact]
    public void Of_equally_near_names_the_first_in_order_wins_whatever_the_order_given()
    {
        Assert.Equal("bat", Spelling.Closest("xat", ["cat", "bat", "hat"]));
        Assert.Equal("bat", Spelling.Closest("xat", ["hat", "cat", "bat"]));
    }

    [Fact]
    public void A_nearer_name_beats_an_earlier_one() =>
        Assert.Equal("networks", Spelling.Closest("netwroks", ["networ", "networks"]));

    [Fact]
    public void A_name_that_nobody_would_type_is_not_looked_for() =>
        Assert.Null(Spelling.Closest(new string('a', 100_000), [new string('a', 100_000)]));
}
