using Congress.Data;
using Congress.Datasources.Drivers.Files;

namespace Congress.Tests.Datasources.Files;

public sealed class FactsWriterTests : IDisposable
{
    private readonly FactsSandbox _facts = new();

    public void Dispose() => _facts.Dispose();

    [Fact]
    public void Rows_are_plain_text_between_tabs()
    {
        var path = Write("nova", "servers", [1, -1.5, "a\\b \"c\"", true, Value.Null], [1e20, "", "é", false, 2]);

        Assert.Equal(Path.Combine(_facts.Path, "nova", "servers.facts"), path);
        Assert.Equal("1\t-1.5\ta\\b \"c\"\ttrue\tnull\n1e+20\t\té\tfalse\t2\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_row_without_columns_is_a_pair_of_parentheses() =>
        Assert.Equal("()\n", File.ReadAllText(Write(policy: null, "p", Array.Empty<Value>())));

    [Theory]
    [InlineData("a\tb", "a tab or a line break")]
    [InlineData("a\nb", "a tab or a line break")]
    [InlineData("a\r", "a tab or a line break")]
    [InlineData("\uFEFFx", "a byte order mark at the start of the file")]
    public void A_text_that_the_format_cannot_hold_is_refused(string text, string found)
    {
        Assert.Equal(
            $"CGS0501 (p.facts): row 1 has {found} in column 1, which a .facts file cannot hold",
            _facts.Refusal(() => Write(policy: null, "p", [text, 1])));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_facts.Path));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() =>
        Assert.Equal(
            "CGS0501 (p.facts): row 2 has half a surrogate pair in column 2, which a .facts file cannot hold",
            _facts.Refusal(() => Write(policy: null, "p", [1, "😀"], [1, "😀\ud83d"])));

    [Fact]
    public void An_older_file_stays_until_the_new_one_is_complete()
    {
        var path = Write(policy: null, "p", [1]);
        using (var writer = new FactsWriter(_facts.Path, policy: null, "p"))
        {
            writer.Write([2]);
        }

        Assert.Equal("1\n", File.ReadAllText(path));
        Assert.Equal("3\n", File.ReadAllText(Write(policy: null, "p", [3])));
    }

    [Theory]
    [InlineData(null, "p+", "(p+.facts): 'p+' cannot name the facts of a table")]
    [InlineData("..", "p", "(../p.facts): '..' cannot name the facts of a policy")]
    public void A_name_that_could_not_be_read_back_is_refused(string? policy, string table, string message) =>
        Assert.StartsWith("CGS0501 " + message, _facts.Refusal(() => Write(policy, table)), StringComparison.Ordinal);

    private string Write(string? policy, string table, params Value[][] rows)
    {
        using var writer = new FactsWriter(_facts.Path, policy, table);
        foreach (var row in rows)
        {
            writer.Write(row);
        }

        writer.Complete();
        return writer.Path;
    }
}
