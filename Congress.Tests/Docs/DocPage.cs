namespace Congress.Tests.Docs;

/// <summary>An example of a page: a block of policy text or C#, and the blocks that tell what comes of it.</summary>
/// <param name="Name">The section it stands in, with a number from the second one on.</param>
/// <param name="Section">The section it stands in.</param>
/// <param name="Language"><c>datalog</c> or <c>csharp</c>.</param>
/// <param name="Text">The block.</param>
/// <param name="Diagnostics">What is found in it, one finding a line; null when nothing is.</param>
/// <param name="Violations">The violations, one a line; null when they do not matter.</param>
internal sealed record DocExample(string Name, string Section, string Language, string Text, string? Diagnostics, string? Violations);

/// <summary>Reads the pages of documentation.</summary>
internal static class DocPage
{
    /// <summary>The headings below the title, in order.</summary>
    public static IReadOnlyList<string> SectionsOf(string page) =>
        [.. File.ReadLines(Repository.PathOf($"docs/{page}")).Where(line => line.StartsWith("##", StringComparison.Ordinal)).Select(Heading)];

    /// <summary>The examples, each under a name of its own.</summary>
    public static IReadOnlyList<DocExample> ExamplesOf(string page)
    {
        var examples = new List<DocExample>();
        foreach (var (section, language, text) in FencesOf(page))
        {
            switch (language)
            {
                case "datalog" or "csharp":
                    var number = examples.Count(e => string.Equals(e.Section, section, StringComparison.Ordinal)) + 1;
                    examples.Add(new(number == 1 ? section : $"{section} {number}", section, language, text, null, null));
                    break;
                case "diagnostics":
                    examples[^1] = examples[^1] with { Diagnostics = text };
                    break;
                case "violations":
                    examples[^1] = examples[^1] with { Violations = text };
                    break;
                default:
                    Assert.Equal("ebnf", language);
                    break;
            }
        }

        return examples;
    }

    private static IEnumerable<(string Section, string Language, string Text)> FencesOf(string page)
    {
        var (section, language, lines) = ("", (string?)null, new List<string>());
        foreach (var line in File.ReadLines(Repository.PathOf($"docs/{page}")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (language is not null)
                {
                    yield return (section, language, string.Join('\n', lines));
                }

                language = language is null ? line[3..] : null;
                lines.Clear();
            }
            else if (language is not null)
            {
                lines.Add(line);
            }
            else if (line.StartsWith('#'))
            {
                section = Heading(line);
            }
        }
    }

    private static string Heading(string line) => line.TrimStart('#').Trim();
}
