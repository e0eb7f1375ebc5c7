namespace Congress.Tests.Docs;

public class LanguageTests
{
    private static readonly IReadOnlyList<DocExample> All = DocPage.ExamplesOf("language.md");

    public static TheoryData<string> Names => [.. All.Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_of_the_language_reference_is_true(string name) =>
        Claims.AreTrueOf(All.Single(e => string.Equals(e.Name, name, StringComparison.Ordinal)));

    [Fact]
    public void The_language_reference_has_an_example_for_everything() => Assert.True(All.Count >= 50, $"{All.Count} examples");
}
