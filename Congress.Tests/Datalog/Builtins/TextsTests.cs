using Congress.Datalog.Builtins;

namespace Congress.Tests.Datalog.Builtins;

public class TextsTests
{
    [Theory]
    [InlineData("len(\"abcde\")", "5")]
    [InlineData("len(\"\")", "0")]
    [InlineData("len(\"\U0001F600é\")", "2")]
    [InlineData("len(5)", "fails")]
    [InlineData("len(null)", "fails")]
    public void Len_counts_code_points(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("contains(\"abc\", \"b\")", "holds")]
    [InlineData("contains(\"abc\", \"\")", "holds")]
    [InlineData("contains(\"abc\", \"B\")", "fails")]
    [InlineData("contains(\"Straße\", \"ss\")", "fails")]
    [InlineData("contains(123, 2)", "fails")]
    [InlineData("starts_with(\"abc\", \"ab\")", "holds")]
    [InlineData("starts_with(\"abc\", \"bc\")", "fails")]
    [InlineData("ends_with(\"abc\", \"bc\")", "holds")]
    [InlineData("ends_with(\"abc\", \"ab\")", "fails")]
    [InlineData("ends_with(\"abc\", 3)", "fails")]
    public void Parts_are_found_code_unit_by_code_unit(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("lower(\"ÄBC I\")", "\"äbc i\"")]
    [InlineData("upper(\"äbc i\")", "\"ÄBC I\"")]
    [InlineData("trim(\" \\t a b \\n\")", "\"a b\"")]
    [InlineData("lower(1)", "fails")]
    [InlineData("trim(null)", "fails")]
    public void Case_and_space_change_without_regard_to_a_culture(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("replace(\"a-b-c\", \"-\", \"+\")", "\"a+b+c\"")]
    [InlineData("replace(\"aaa\", \"aa\", \"b\")", "\"ba\"")]
    [InlineData("replace(\"abc\", \"x\", \"y\")", "\"abc\"")]
    [InlineData("replace(\"abc\", \"b\", \"\")", "\"ac\"")]
    [InlineData("replace(\"abc\", \"\", \"x\")", "fails")]
    [InlineData("replace(\"abc\", 1, \"x\")", "fails")]
    public void Replace_exchanges_every_occurrence(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("split(\"a,b\", \",\")", "0, \"a\"; 1, \"b\"")]
    [InlineData("split(\"a\", \",\")", "0, \"a\"")]
    [InlineData("split(\"\", \",\")", "0, \"\"")]
    [InlineData("split(\",a,,\", \",\")", "0, \"\"; 1, \"a\"; 2, \"\"; 3, \"\"")]
    [InlineData("split(\"a::b:c\", \"::\")", "0, \"a\"; 1, \"b:c\"")]
    [InlineData("split(\"abc\", \"\")", "fails")]
    [InlineData("split(12, \"1\")", "fails")]
    public void Split_gives_one_result_for_each_part(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("substring(\"abcde\", 1, 3)", "\"bcd\"")]
    [InlineData("substring(\"abcde\", 3, 9)", "\"de\"")]
    [InlineData("substring(\"abcde\", 5, 1)", "\"\"")]
    [InlineData("substring(\"abcde\", 0, 0)", "\"\"")]
    [InlineData("substring(\"a\U0001F600b\", 1, 1)", "\"\U0001F600\"")]
    [InlineData("substring(\"a\U0001F600b\", 2, 1)", "\"b\"")]
    [InlineData("substring(\"abc\", 4, 1)", "fails")]
    [InlineData("substring(\"abc\", -1, 1)", "fails")]
    [InlineData("substring(\"abc\", 0, -1)", "fails")]
    [InlineData("substring(\"abc\", 9223372036854775807, 1)", "fails")]
    [InlineData("substring(\"abc\", 0, 9223372036854775807)", "\"abc\"")]
    [InlineData("substring(\"abc\", 0, 1.0)", "fails")]
    public void Substring_counts_code_points(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("hash(\"abc\")", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"")]
    [InlineData("hash(\"\")", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"")]
    [InlineData("hash(1)", "\"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\"")]
    [InlineData("hash(\"1\")", "\"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\"")]
    public void Hash_is_the_sha256_of_the_plain_text(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("matches(\"vm-12\", \"[0-9]+\")", "holds")]
    [InlineData("matches(\"vm-12\", \"^[0-9]+\")", "fails")]
    [InlineData("matches(\"vm-12\", \"^vm-\\\\d+$\")", "holds")]
    [InlineData("matches(\"VM\", \"vm\")", "fails")]
    [InlineData("matches(\"VM\", \"(?i)vm\")", "holds")]
    [InlineData("matches(\"abc\", \"\")", "holds")]
    [InlineData("matches(1, \"1\")", "fails")]
    public void Matches_looks_for_the_pattern_anywhere(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("matches(\"aa\", \"(\")")]
    [InlineData("matches(\"aa\", \"[z-a]\")")]
    [InlineData("matches(\"aa\", \"(a)\\\\1\")")]
    [InlineData("matches(\"aa\", \"a(?=a)\")")]
    public void A_pattern_that_is_malformed_or_needs_backtracking_fails(string call)
    {
        Assert.Equal("fails", CallText.Evaluate(call));
        Assert.Equal("fails", CallText.Evaluate(call));
    }

    [Fact]
    public void A_pattern_that_would_backtrack_for_ever_answers_at_once() =>
        Assert.Equal("fails", CallText.Evaluate($"matches(\"{new string('a', 5000)}!\", \"^(a+)+$\")"));

    [Fact]
    public void A_pattern_too_long_to_compile_in_good_time_fails() =>
        Assert.Equal("fails", CallText.Evaluate($"matches(\"a\", \"a|{new string('b', PatternCache.LongestPattern)}\")"));

    [Fact]
    public void The_cache_of_patterns_stays_small()
    {
        var cache = new PatternCache();
        for (var i = 0; i < 3 * PatternCache.Capacity; i++)
        {
            Assert.NotNull(cache.Find($"a{i}", ignoreCase: false));
            Assert.InRange(cache.Count, 1, PatternCache.Capacity);
        }

        Assert.Same(cache.Find("b", ignoreCase: false), cache.Find("b", ignoreCase: false));
        Assert.NotSame(cache.Find("b", ignoreCase: false), cache.Find("b", ignoreCase: true));
    }

    [Theory]
    [InlineData("mul(\"ab\", 6)")]
    [InlineData("mul(9223372036854775807, \"ab\")")]
    [InlineData("plus(\"abcdef\", \"abcdef\")")]
    [InlineData("concat(\"abcdef\", \"abcdef\")")]
    [InlineData("replace(\"aaaaaa\", \"a\", \"bb\")")]
    [InlineData("pack_time(\"abcdef\", \"abcdef\", 1)")]
    public void A_text_over_the_limit_is_refused_before_it_is_built(string call) =>
        Assert.Throws<BuiltinLimitException>(() => CallText.Evaluate(call, maxTextLength: 11));

    [Theory]
    [InlineData("mul(\"ab\", 6)", "\"abababababab\"")]
    [InlineData("plus(\"abcdef\", \"abcdef\")", "\"abcdefabcdef\"")]
    [InlineData("replace(\"aaaaaa\", \"a\", \"bb\")", "\"bbbbbbbbbbbb\"")]
    public void A_text_of_just_the_limit_is_built(string call, string expected) =>
        Assert.Equal(expected, CallText.Evaluate(call, maxTextLength: 12));
}
