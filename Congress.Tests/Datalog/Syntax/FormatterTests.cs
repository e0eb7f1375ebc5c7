using Congress.Datalog.Syntax;

namespace Congress.Tests.Datalog.Syntax;

public sealed class FormatterTests
{
    [Theory]
    [InlineData("p(1,'a')", "p(1, \"a\").\n")]
    [InlineData("p", "p().\n")]
    [InlineData("p(x):-q(x),!r(x);", "p(x) :- q(x), not r(x).\n")]
    [InlineData("p(1) q(2)", "p(1).\nq(2).\n")]
    [InlineData("declare  nova:servers( id , n : int )", "declare nova:servers(id, n:int).\n")]
    [InlineData("s(g,count(distinct x)):-r(g,x),x>=0x10.", "s(g, count(distinct x)) :- r(g, x), x >= 16.\n")]
    [InlineData("execute [ nova:pause( vm ) ] :- error( vm )", "execute[nova:pause(vm)] :- error(vm).\n")]
    [InlineData("", "")]
    [InlineData("\uFEFF \r\n", "")]
    public void Statements_are_written_in_the_canonical_form(string text, string formatted) => Assert.Equal(formatted, Format(text));

    [Fact]
    public void Each_annotation_stands_on_its_own_line_before_the_rule() =>
        Assert.Equal("""
            @id("r1")
            @severity(warning)
            @message("{x} is bad")
            error(x) :- p(x).

            """, Format("@message('{x} is bad')@severity(warning)   @id('r1') error(x) :- p(x)"), ignoreLineEndingDifferences: true);

    [Fact]
    public void A_body_goes_on_one_line_up_to_120_columns()
    {
        var fits = $"p(x) :- {new string('q', 50)}(x), {new string('r', 53)}(x).";
        Assert.Equal(120, fits.Length);
        Assert.Equal(fits + "\n", Format(fits));

        var tooLong = fits.Replace("p(x)", "pp(x)", StringComparison.Ordinal);
        Assert.Equal($"pp(x) :-\n    {new string('q', 50)}(x),\n    {new string('r', 53)}(x).\n", Format(tooLong));
    }

    [Theory]
    [InlineData("// a\n\n\n\n# b\np(1)   // c\n/* d */ q(2)", "// a\n\n# b\np(1). // c\n/* d */\nq(2).\n")]
    [InlineData("p(1) // a\n. // b", "p(1). // a\n// b\n")]
    [InlineData("p(1). /* a */ // b\r\n   /* c\r\nd */   ", "p(1). /* a */ // b\n/* c\nd */\n")]
    [InlineData("  // a\rb  \np(1)", "// a\rb\np(1).\n")]
    public void Comments_stay_where_they_are_between_statements(string text, string formatted) => Assert.Equal(formatted, Format(text));

    [Theory]
    [InlineData("  p(x):-q(x), // why\n  r(x)", "p(x):-q(x), // why\n  r(x).\n")]
    [InlineData("declare /* c */ p(x) .", "declare /* c */ p(x).\n")]
    public void A_statement_with_a_comment_inside_is_kept_as_it_is_written(string text, string formatted) => Assert.Equal(formatted, Format(text));

    [Fact]
    public void At_most_one_blank_line_stays_between_statements() =>
        Assert.Equal("p(1).\n\nq(2).\nr(3).\n", Format("\n\np(1).\n\n\n\nq(2).\nr(3).\n\n\n"));

    [Fact]
    public void A_text_with_errors_is_not_formatted()
    {
        var (formatted, diagnostics) = Formatter.Format("p(1). q(", "a.dl");

        Assert.Null(formatted);
        Assert.Contains(diagnostics, d => d.Span.Source == "a.dl");
    }

    [Fact]
    public void Formatting_changes_no_statement_and_no_comment_and_formats_the_formatted_to_itself()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var text = new PolicyTextMaker(new Random(seed)).Make();
            var parsed = Parser.Parse(text);
            Assert.True(!parsed.HasErrors, $"seed {seed} makes a text with errors: {text}\n{string.Join('\n', parsed.Diagnostics)}");

            var formatted = Format(text);

            Assert.Equal(parsed.Statements, Parser.Parse(formatted).Statements);
            Assert.Equal(CommentsOf(text), CommentsOf(formatted));
            Assert.Equal(formatted, Format(formatted));
        }
    }

    private static string Format(string text) => Formatter.Format(text).Formatted!;

    private static List<string> CommentsOf(string text)
    {
        var spans = new HashSet<(int Start, int Length)>();
        Parser.Parse(text, onComment: span => spans.Add((span.Start, span.Length)));
        return [.. spans.Order().Select(s => text.Substring(s.Start, s.Length).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd())];
    }
}
