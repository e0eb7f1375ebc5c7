using Congress.Datalog.Syntax;

namespace Congress.Tests.Datalog.Syntax;

public class RecoveryTests
{
    [Fact]
    public void A_statement_that_never_ends_does_not_swallow_the_next_line() =>
        Assert.Equal(
            ["CGS0005 (2:1): expected ',' or ')', found 'r'", "CGS0001 (3:3): unexpected character '$'"],
            Errors("q(x, y\nr(2).\nv($)."));

    [Fact]
    public void An_open_parenthesis_before_a_new_line_is_no_aggregate() =>
        Assert.Equal(["CGS0005 (2:1): expected a variable or a value, found 'r'"], Errors("q(\nr(2)."));

    [Fact]
    public void Arguments_may_begin_a_line() => Assert.Empty(Errors("p(\nx,\ncount(\ny)) :-\nq(\nx, y)."));

    [Fact]
    public void A_broken_token_is_reported_once() =>
        Assert.Equal(["CGS0002 (1:3): this string has no end; close it with \" on the same line"], Errors("q(\"a).\nr(1)."));

    [Fact]
    public void A_dot_inside_of_parentheses_is_reported_once() =>
        Assert.Equal(["CGS0005 (1:4): expected ',' or ')', found '.'"], Errors("p(5.). q(1)."));

    [Theory]
    [InlineData("p(x) <- q(x).", "a rule is written head :- body")]
    [InlineData("p(x) :- q(x), x == 3.", "equality is written =")]
    [InlineData("p(x) :- q(x), x <> 3.", "inequality is written !=")]
    [InlineData("p(x) :- q(x), x =< 3.", "at most is written <=")]
    [InlineData("p(x) :- q(x), x => 3.", "at least is written >=")]
    [InlineData("p(x) :- q(x), y = x + 1.", "arithmetic is a literal of its own, such as plus(x, 1, y)")]
    [InlineData("p(x) :- q(x), y = plus(x, 1).", "arithmetic is a literal of its own, such as plus(x, 1, y)")]
    [InlineData("p(x - 1) :- q(x).", "arithmetic is a literal of its own, such as plus(x, 1, y)")]
    public void The_spelling_of_another_language_gets_a_hint(string text, string hint) =>
        Assert.EndsWith($"; {hint}", Assert.Single(Errors(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("p(count()) :- q(x).")]
    [InlineData("p(count(1)) :- q(x).")]
    public void An_aggregate_over_no_variable_is_reported_once(string text) => Assert.Single(Errors(text));

    private static string[] Errors(string text) => [.. Parser.Parse(text).Diagnostics.Select(d => d.ToString())];
}
