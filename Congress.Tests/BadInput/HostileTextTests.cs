using System.Text;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.BadInput;

/// <summary>Texts that nobody should send: each gives a few clear errors, soon, and changes nothing.</summary>
public sealed class HostileTextTests
{
    /// <summary>A policy with everything in it.</summary>
    private const string Rich = """
        // A policy with everything in it.
        declare nova:servers(id:text, "x).
        declare nova:ports(id:text, size:int, rate:real).
        @id("a-rule") @severity(warning) @message("VM {vm}")
        error(vm) :- nova:ports(id=vm, 1=size), not approved(vm, _), size >= 0x1F, vm != 'it''s \u00e9', plus(size, -1, y);
        sum_of(x, sum(y), count(distinct z)) :- t(x, y, z). execute[nova:pause(x)] :- error(x), true
        p+(1) q.r(.5, 1e3, null) /* comment */ insert[p(x) :- q(x); "policy"] !
        """;

    [Theory]
    [InlineData("")]
    [InlineData("   \n\t\r\n")]
    [InlineData("// nothing but a comment")]
    [InlineData("\uFEFF# after a byte order mark")]
    public void A_text_that_says_nothing_is_no_error(string text)
    {
        using var engine = PolicyEngine.Create(text);
        Assert.Empty(engine.Rules);
    }

    [Fact]
    public void Ten_megabytes_of_facts_are_read()
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < 10_000_000; i++)
        {
            text.Append("p(").Append(i).Append(", \"").Append(i % 1000).Append("\")\n");
        }

        using var engine = PolicyEngine.Create(text.ToString());
        Assert.Equal(text.ToString().Count(c => c == '\n'), engine.Count(new("policy", "p")));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("p(")]
    [InlineData("not ")]
    [InlineData("insert[")]
    [InlineData("@id(")]
    [InlineData("declare ")]
    [InlineData("\"")]
    [InlineData("/*")]
    [InlineData("a:")]
    [InlineData("a. ,")]
    [InlineData(":-")]
    [InlineData("\0")]
    [InlineData("7x ")]
    [InlineData("p(x), ")]
    public void Megabytes_of_the_same_end_in_a_few_errors(string piece)
    {
        var parsed = Parser.Parse(string.Concat(Enumerable.Repeat(piece, 4_000_000 / piece.Length)));
        Assert.InRange(parsed.Diagnostics.Count, 1, 250);
        Assert.True(parsed.HasErrors);
    }

    [Fact]
    public void Ten_thousand_errors_are_not_listed()
    {
        var parsed = Parser.Parse(string.Concat(Enumerable.Repeat("p(x :- q(x).\n", 10_000)));
        Assert.InRange(parsed.Diagnostics.Count, 90, 250);
        Assert.Equal(DiagnosticCode.TooMuch, parsed.Diagnostics[^1].Code);
    }

    [Fact]
    public void Every_beginning_of_a_policy_is_read_without_an_exception()
    {
        for (var length = 0; length <= Rich.Length; length++)
        {
            _ = Parser.Parse(Rich[..length]);
        }
    }

    [Fact]
    public void Binary_junk_and_damaged_policies_are_refused_or_accepted_but_never_thrown_at_the_caller()
    {
        var random = new Random(7);
        using var engine = PolicyEngine.Create("p(1). q(x) :- p(x).");
        var (refused, before) = (0, engine.Rules.Count);
        for (var i = 0; i < 3_000; i++)
        {
            var text = i % 3 == 0 ? Junk(random) : Damage(Rich, random);
            var result = engine.Apply(new PolicyBatch().InsertRules(text));
            Assert.All(result.Diagnostics, d => Assert.InRange(d.Span.Start, 0, text.Length));
            if (!result.Permitted)
            {
                refused++;
                Assert.Equal(before, engine.Rules.Count);
                Assert.Contains(result.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
            }

            before = engine.Rules.Count;
        }

        Assert.InRange(refused, 2_000, 3_000);
        Assert.Equal(["p(1)"], engine.Query("p(1)").Instances);
    }

    private static string Junk(Random random)
    {
        var bytes = new byte[random.Next(400)];
        random.NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    private static string Damage(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(result.Length);
            _ = random.Next(3) switch
            {
                0 => result.Remove(at, Math.Min(random.Next(1, 8), result.Length - at)),
                1 => result.Insert(at, "()[],.:-=!\"'@+#"[random.Next(15)]),
                _ => result.Insert(at, text.AsSpan(random.Next(text.Length - 9), 8)),
            };
        }

        return result.ToString();
    }
}
