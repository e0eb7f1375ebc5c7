namespace Congress.Tests.Datalog.Builtins;

public class ComparisonsTests
{
    [Theory]
    [InlineData("lt(1, 3)", "holds")]
    [InlineData("lt(5, 2)", "fails")]
    [InlineData("lt(3, 3)", "fails")]
    [InlineData("lteq(1, 3)", "holds")]
    [InlineData("lteq(3, 3)", "holds")]
    [InlineData("lteq(4, 3)", "fails")]
    [InlineData("gt(9, 5)", "holds")]
    [InlineData("gt(5, 9)", "fails")]
    [InlineData("gteq(10, 5)", "holds")]
    [InlineData("gteq(10, 10)", "holds")]
    [InlineData("gteq(5, 20)", "fails")]
    [InlineData("equal(5, 5)", "holds")]
    [InlineData("equal(5, 7)", "fails")]
    public void Integers_compare_by_size(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("equal(1, 1.0)", "holds")]
    [InlineData("lt(1, 1.5)", "holds")]
    [InlineData("gteq(2.5, 2)", "holds")]
    [InlineData("equal(9007199254740993, 9007199254740992.0)", "fails")]
    [InlineData("gt(9007199254740993, 9007199254740992.0)", "holds")]
    [InlineData("lt(9223372036854775807, 9223372036854775808.0)", "holds")]
    [InlineData("equal(-9223372036854775808, -9223372036854775808.0)", "holds")]
    public void An_integer_and_a_real_compare_exactly(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("lt(\"a\", \"b\")", "holds")]
    [InlineData("lt(\"Z\", \"a\")", "holds")]
    [InlineData("lt(\"10\", \"9\")", "holds")]
    [InlineData("lt(\"\", \"a\")", "holds")]
    [InlineData("lt(\"\uFFFD\", \"\U0001F600\")", "holds")]
    [InlineData("equal(\"a\", \"A\")", "fails")]
    public void Texts_compare_by_code_point(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("lt(false, true)", "holds")]
    [InlineData("equal(true, true)", "holds")]
    [InlineData("equal(true, 1)", "fails")]
    [InlineData("lt(false, 1)", "fails")]
    [InlineData("equal(null, null)", "holds")]
    [InlineData("equal(null, 0)", "fails")]
    [InlineData("lteq(null, \"\")", "fails")]
    public void Booleans_and_null_compare_with_their_own_kind_only(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("lt(1, \"a\")")]
    [InlineData("gt(1, \"a\")")]
    [InlineData("lteq(\"1\", 1)")]
    [InlineData("gteq(\"1\", 1)")]
    [InlineData("equal(\"1\", 1)")]
    [InlineData("max(1, \"a\")")]
    [InlineData("min(\"a\", 1.5)")]
    public void A_text_and_a_number_have_no_order(string call) => Assert.Equal("fails", CallText.Evaluate(call));

    [Theory]
    [InlineData("max(3, 4)", "4")]
    [InlineData("max(7, 3)", "7")]
    [InlineData("max(\"a\", \"b\")", "\"b\"")]
    [InlineData("max(1, 1.5)", "1.5")]
    [InlineData("max(1, 1.0)", "1")]
    [InlineData("max(1.0, 1)", "1.0")]
    [InlineData("min(3, 4)", "3")]
    [InlineData("min(7, 3)", "3")]
    [InlineData("min(1.0, 1)", "1.0")]
    [InlineData("min(\"a\", \"b\")", "\"a\"")]
    public void Max_and_min_give_one_of_the_two_and_of_equals_the_first(string call, string expected) =>
        Assert.Equal(expected, CallText.Evaluate(call));
}
