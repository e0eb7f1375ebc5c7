using System.Text.RegularExpressions;
using Congress.Diagnostics;

namespace Congress.Tests.Docs;

public partial class DiagnosticsPageTests
{
    private static readonly IReadOnlyList<DocExample> All = DocPage.ExamplesOf("diagnostics.md");

    public static TheoryData<string> Names => [.. All.Select(e => e.Name)];

    [Fact]
    public void Every_code_has_a_section_in_order_and_nothing_else_has() =>
        Assert.Equal(
            Enum.GetValues<DiagnosticCode>().Select(c => $"CGS{(int)c:D4} {c}"),
            DocPage.SectionsOf("diagnostics.md"),
            StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_of_the_page_on_diagnostics_is_true(string name) => Claims.AreTrueOf(Example(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_gives_the_code_of_its_section_and_no_other(string name)
    {
        var example = Example(name);
        var shown = example.Diagnostics ?? string.Join('\n', CSharpExample.Promised(example.Text));
        Assert.Equal([example.Section.Split(' ')[0]], Id().Matches(shown).Select(m => m.Value).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Every_section_has_an_example() =>
        Assert.Equal(DocPage.SectionsOf("diagnostics.md"), All.Select(e => e.Section).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);

    private static DocExample Example(string name) => All.Single(e => string.Equals(e.Name, name, StringComparison.Ordinal));

    [GeneratedRegex("CGS[0-9]{4}", RegexOptions.None, 1000)]
    private static partial Regex Id();
}
