using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Congress.Tests.Docs;

/// <summary>The C# in the README compiles and prints what the README says.</summary>
public sealed class ReadmeTests
{
    private static readonly Regex Snippets = new(@"```csharp\n(?<code>.*?)```\s+```text\n(?<output>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private static string Readme => Repository.Read("README.md");

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Snippets.Count(Readme))];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_snippet_prints_what_the_readme_says(int number)
    {
        var snippet = Snippets.Matches(Readme)[number];
        Assert.Equal(snippet.Groups["output"].Value.ReplaceLineEndings("\n"), (await RunAsync(snippet.Groups["code"].Value)).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_readme_has_snippets() => Assert.True(Numbers.Count >= 2);

    [Fact]
    public void Every_file_that_the_readme_links_to_is_there() =>
        Assert.All(Regex.Matches(Readme, @"\]\((?<path>[^)#:]+)\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Select(m => m.Groups["path"].Value),
            path => Assert.True(File.Exists(Repository.PathOf(path)), path));

    private static async Task<string> RunAsync(string code)
    {
        const string usings = "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading.Tasks;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("Snippet", [CSharpSyntaxTree.ParseText(usings), CSharpSyntaxTree.ParseText(code)],
            references, new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));

        var before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            if (Assembly.Load(image.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]) is Task task)
            {
                await task;
            }
        }
        finally
        {
            Console.SetOut(before);
        }

        return output.ToString();
    }
}
