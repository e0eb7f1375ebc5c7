using System.Text.RegularExpressions;

namespace Congress.Tests.Docs;

/// <summary>The C# in the README and the guides compiles and prints what the page says.</summary>
public sealed class ReadmeTests
{
    private static readonly Regex Snippets = new(@"```csharp\n(?<code>.*?)```\s+```text\n(?<output>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private static readonly string[] Pages = ["README.md", "docs/live.md", "docs/explaining.md", "docs/distributed.md"];

    private static string Readme => Repository.Read("README.md");

    public static TheoryData<string, int> Numbers
    {
        get
        {
            var numbers = new TheoryData<string, int>();
            foreach (var page in Pages)
            {
                for (var number = 0; number < Snippets.Count(Repository.Read(page)); number++)
                {
                    numbers.Add(page, number);
                }
            }

            return numbers;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_snippet_prints_what_the_page_says(string page, int number)
    {
        var snippet = Snippets.Matches(Repository.Read(page))[number];
        var (lines, thrown) = CSharpExample.Run(snippet.Groups["code"].Value, usings:
            "using System; using System.Collections.Generic; using System.Linq; using System.Threading; using System.Threading.Tasks;");
        Assert.Null(thrown);
        Assert.Equal(snippet.Groups["output"].Value.ReplaceLineEndings("\n"), string.Concat(lines.Select(line => line + "\n")));
    }

    [Fact]
    public void The_pages_have_snippets() => Assert.True(Numbers.Count >= 6);

    [Fact]
    public void Every_file_that_the_readme_links_to_is_there() =>
        Assert.All(Regex.Matches(Readme, @"\]\((?<path>[^)#:]+)\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Select(m => m.Groups["path"].Value),
            path => Assert.True(File.Exists(Repository.PathOf(path)), path));
}
