using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Tests.Properties;

/// <summary>What the printer writes, the parser reads back.</summary>
public sealed class PrinterTests
{
    [Fact]
    public void Every_statement_of_the_random_programs_is_read_back() => Assert.All(
        Seeds.All.Take(1000).SelectMany(seed => ProgramGenerator.Generate(seed).Start.Rules.Select(r => r.Statement)), IsReadBack);

    [Fact]
    public void Every_strange_statement_is_read_back()
    {
        foreach (var seed in Seeds.All)
        {
            var generator = new TreeGenerator(new(seed));
            var statements = Enumerable.Range(0, 10).Select(_ => generator.Statement()).ToArray();
            Array.ForEach(statements, IsReadBack);

            var together = Parser.Parse(string.Join(".\n", statements.Select(s => s.ToString())) + ".");
            Assert.Equal(statements, together.Statements);
        }
    }

    private static void IsReadBack(Statement statement)
    {
        var text = statement.ToString();
        var parsed = Parser.Parse(text);
        Assert.True(!parsed.HasErrors, $"{text}: {string.Join("; ", parsed.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))}");
        Assert.True(parsed.Statements is [var read] && read.Equals(statement), $"{text} is read as {string.Join(" AND ", parsed.Statements)}");
        Assert.Equal(text, parsed.Statements[0].ToString());
    }
}
