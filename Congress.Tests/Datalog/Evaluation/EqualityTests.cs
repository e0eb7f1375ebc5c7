using Congress.Data;

namespace Congress.Tests.Datalog.Evaluation;

/// <summary>The infix <c>=</c>: it compares as numbers, and gives a value only to a variable that nothing else binds.</summary>
public sealed class EqualityTests
{
    [Theory]
    [InlineData("p(x) :- q(x), x = 1")]
    [InlineData("p(x) :- x = 1, q(x)")]
    [InlineData("p(x) :- 1.0 = x, q(x)")]
    [InlineData("p(x) :- q(x), y = x, r(y)")]
    [InlineData("p(x) :- r(y), y = x, q(x)")]
    [InlineData("p(x) :- x = y, t(x, y)")]
    [InlineData("p(x) :- x = y, t(x, y), r(y)")]
    [InlineData("p(x) :- plus(1.0, 0, y), y = x, q(x)")]
    public void What_tables_bind_is_compared_in_any_order(string rule)
    {
        using var engine = PolicyEngine.Create($"{rule}. q(1). q(1.0). q(2). q(\"1\"). r(1). r(1.0). r(3). t(1, 1.0). t(1.0, 1). t(2, 3).");

        Assert.Equal([new Row(1), new Row(1.0)], engine.Query("p(x)").Order());
    }

    [Theory]
    [InlineData("p(x) :- x = y, y = z, q(z)")]
    [InlineData("p(x) :- y = z, q(z), x = y")]
    [InlineData("p(x) :- q(y), r(z), x = y, x = z")]
    [InlineData("p(x) :- q(y), x = z, x = y, r(z)")]
    public void What_nothing_else_binds_gets_the_value_in_any_order(string rule)
    {
        using var engine = PolicyEngine.Create($"{rule}. q(1). r(1.0).");

        Assert.Equal([new Row(1)], engine.Query("p(x)"));
    }

    [Fact]
    public void Numbers_that_only_nearly_agree_are_not_equal()
    {
        using var engine = PolicyEngine.Create("p(x) :- x = 9007199254740993, q(x). q(9007199254740992.0). q(9007199254740993).");

        Assert.Equal([new Row(9007199254740993)], engine.Query("p(x)"));
    }
}
