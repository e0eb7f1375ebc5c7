using Congress.Datalog.Builtins;

namespace Congress.Tests.Datalog.Builtins;

public class DocumentationTests
{
    public static TheoryData<string> Rows => [.. ReadRows().Select(r => r[0])];

    [Fact]
    public void The_documentation_has_each_builtin_once() =>
        Assert.Equal(
            BuiltinRegistry.Standard.All.Select(b => b.Name),
            ReadRows().Select(Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_documentation_tells_the_columns_and_what_is_new(string first)
    {
        var row = ReadRows().Single(r => string.Equals(r[0], first, StringComparison.Ordinal));
        Assert.True(BuiltinRegistry.Standard.TryGet(Name(row), out var builtin));
        var columns = row[1].Trim('`');
        Assert.Equal(builtin.Signature, $"{builtin.Name}({columns.Replace(';', ',').TrimStart(',', ' ')})");
        Assert.Equal(builtin.Inputs, columns.Split(';')[0].Split(',', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(builtin.IsReserved, !first.EndsWith("*new*", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_examples_of_the_documentation_are_true(string first)
    {
        var row = ReadRows().Single(r => string.Equals(r[0], first, StringComparison.Ordinal));
        Assert.StartsWith(Name(row) + "(", row[3].Trim('`'), StringComparison.Ordinal);
        Assert.Equal(row[4].Trim('`'), CallText.Evaluate(row[3].Trim('`')));
    }

    [Theory]
    [MemberData(nameof(DateExamples))]
    public void The_dates_and_times_of_the_documentation_are_read(string text)
    {
        var whole = text.StartsWith('+') || text is "Z" or "UTC" or "GMT" ? "2014-01-05 10:00" + text : text;
        Assert.NotEqual("fails", CallText.Evaluate($"extract_time(\"{whole}\")"), StringComparer.Ordinal);
    }

    public static TheoryData<string> DateExamples => [.. File.ReadLines(DocumentationPath())
        .SkipWhile(line => !line.StartsWith("| Form |", StringComparison.Ordinal))
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .SelectMany(line => line.Split('|')[2].Split('`').Where((_, i) => i % 2 == 1))];

    // Rows of the tables of builtins: name, columns, meaning, example, result.
    private static string[][] ReadRows() => [.. File.ReadLines(DocumentationPath())
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "))];

    private static string Name(string[] row) => row[0].Split('`')[1];

    private static string DocumentationPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Congress.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return Path.Combine(folder.FullName, "docs", "builtins.md");
    }
}
