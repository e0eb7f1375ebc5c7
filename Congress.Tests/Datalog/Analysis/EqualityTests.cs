namespace Congress.Tests.Datalog.Analysis;

public class EqualityTests
{
    [Theory]
    [InlineData("a(x), b(y), x = y")]
    [InlineData("a(x), x = y, b(y)")]
    [InlineData("x = y, a(x), b(y)")]
    [InlineData("y = x, b(y), a(x)")]
    public void Between_two_columns_it_compares_wherever_it_stands(string body) =>
        Assert.Equal(["p(1)", "p(1.0)"], Answers(body), StringComparer.Ordinal);

    [Theory]
    [InlineData("a(x), x = 1")]
    [InlineData("x = 1, a(x)")]
    [InlineData("1.0 = x, a(x)")]
    public void A_column_equals_a_number_of_either_kind(string body) => Assert.Equal(["p(1)", "p(1.0)"], Answers(body), StringComparer.Ordinal);

    [Theory]
    [InlineData("plus(1, 1, y), y = 2.0, a(x)")]
    [InlineData("y = 2.0, plus(1, 1, y), a(x), x = 1")]
    [InlineData("y = 2.0, plus(z, 1, y), z = 1, a(x)")]
    public void The_output_of_a_builtin_is_compared(string body) => Assert.NotEmpty(Answers(body));

    [Fact]
    public void A_variable_that_nothing_else_binds_takes_the_value_as_it_is()
    {
        using var engine = PolicyEngine.Create("p(y) :- b(x), z = x, y = z. b(1.0).");
        Assert.Equal(["p(1.0)"], engine.Query("p(x)").Instances);
    }

    [Fact]
    public void It_begins_a_circle_of_builtins()
    {
        using var engine = PolicyEngine.Create("p(y) :- plus(x, 1, y), minus(y, 1, x), x = 4.");
        Assert.Equal(["p(5)"], engine.Query("p(x)").Instances);
    }

    private static IEnumerable<string> Answers(string body)
    {
        using var engine = PolicyEngine.Create($"""p(x) :- {body}. a(1). a(1.0). a("1"). b(1).""");
        return engine.Query("p(x)").Instances.Order(StringComparer.Ordinal);
    }
}
