using System.Diagnostics;
using System.Globalization;
using System.Text;
using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.BadInput;

/// <summary>Texts and programs that are too small or too large.</summary>
public sealed class SizeTests
{
    private const int Megabyte = 1024 * 1024;

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    [InlineData("\uFEFF")]
    [InlineData("// nothing")]
    [InlineData("/* nothing */ # at all")]
    public void An_empty_text_changes_nothing(string text)
    {
        using var engine = new PolicyEngine();

        Assert.Empty(engine.InsertRules(text));
        Assert.Empty(engine.Rules);
    }

    [Fact]
    public void Ten_megabytes_of_facts_are_loaded()
    {
        var text = new StringBuilder(10 * Megabyte);
        var count = 0;
        while (text.Length < 10 * Megabyte)
        {
            text.Append(CultureInfo.InvariantCulture, $"server({count}, \"host {count++} of many\", 1.5).\n");
        }

        using var engine = PolicyEngine.Create(text.ToString());

        Assert.Equal([new Row(count - 1)], engine.Query($"q(x) :- server(x, \"host {count - 1} of many\", _)"));
    }

    [Theory]
    [InlineData("p(x) :- ", "q(x)", ", ", "", 10)]
    [InlineData("p(x) :- r(x), ", "not q(x)", ", ", "", 1)]
    [InlineData("p(x) :- r(x)", ", x < 1", "", "", 1)]
    [InlineData("p(x) :- r(x)", ", x = y", "", "", 1)]
    [InlineData("p(", "x", ",", ") :- q(x)", 1)]
    [InlineData("p(x) :- q(x, ", "x", ",", ")", 1)]
    [InlineData("p(x) :- q(x, ", "c1=x", ",", ")", 1)]
    [InlineData("p(", "1", ",", ")", 1)]
    [InlineData("", "p(x)", ",", " :- q(x)", 1)]
    [InlineData("declare p(", "c", ",", ")", 1)]
    public void Megabytes_in_one_statement_are_refused_at_once(string start, string part, string separator, string end, int megabytes)
    {
        var clock = Stopwatch.StartNew();
        var text = start + string.Join(separator, Enumerable.Repeat(part, megabytes * Megabyte / (part.Length + separator.Length))) + end;
        using var engine = new PolicyEngine();

        var result = engine.Apply(new PolicyBatch().InsertRules(text));

        Assert.False(result.Permitted);
        Assert.InRange(result.Diagnostics.Count, 1, 201);
        Assert.Empty(engine.Rules);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"it took {clock.Elapsed}");
    }

    [Fact]
    public void Columns_beyond_the_limit_are_refused_and_those_within_work()
    {
        static string Columns(string prefix, int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"{prefix}{i}"));
        using var engine = PolicyEngine.Create($"p({Columns("x", 1000)}) :- q({Columns("x", 1000)}). q({Columns("", 1000)}).");

        Assert.Equal(999, Assert.Single(engine.Query($"a(x999) :- p({Columns("x", 1000)})"))[0].AsInteger());
        Assert.Equal(1000, Assert.Single(engine.Query($"p({Columns("x", 1000)})")).Count);
        foreach (var text in new[] { $"w({Columns("", 1025)})", $"w({Columns("x", 1025)}) :- w2({Columns("x", 1025)})", $"declare w({Columns("c", 1025)})" })
        {
            var result = engine.Apply(new PolicyBatch().InsertRules(text));
            Assert.False(result.Permitted);
            Assert.All(result.Diagnostics, d => Assert.Equal(DiagnosticCode.WrongArity, d.Code));
            Assert.Contains("at most 1024", result.Diagnostics[0].Message, StringComparison.Ordinal);
        }

        var row = Enumerable.Repeat(Value.Null, 1025).ToArray();
        Assert.Throws<PolicyException>(() => engine.Insert("w", row));
        Assert.Throws<PolicyException>(() => engine.Query($"w({Columns("x", 1025)})"));
    }

    [Fact]
    public void Ten_thousand_errors_give_about_a_hundred_findings()
    {
        var parsed = Parser.Parse(string.Concat(Enumerable.Repeat("p(x) :- q(x,).\n", 10_000)));

        Assert.InRange(parsed.Diagnostics.Count, 100, 110);
        Assert.Equal("after 100 errors the rest was not read", parsed.Diagnostics[^1].Message);
    }
}
