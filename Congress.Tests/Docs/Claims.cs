using Congress.Diagnostics;

namespace Congress.Tests.Docs;

/// <summary>Checks what a page says of an example.</summary>
internal static class Claims
{
    /// <summary>Runs the example and compares all that the page says comes of it.</summary>
    public static void AreTrueOf(DocExample example)
    {
        if (example.Language is "csharp")
        {
            var (lines, thrown) = CSharpExample.Run(example.Text);
            Assert.Equal(CSharpExample.Promised(example.Text), lines, StringComparer.Ordinal);
            Assert.Equal(example.Diagnostics, thrown is null ? null : TextOf(Assert.IsType<PolicyException>(thrown).Diagnostics));
            return;
        }

        var (engine, diagnostics) = PolicyExample.Load(example.Text);
        Assert.Equal(example.Diagnostics, diagnostics.Count == 0 ? null : TextOf(diagnostics));
        foreach (var (query, answers) in PolicyExample.Questions(example.Text))
        {
            Assert.Equal(answers.Order(StringComparer.Ordinal), engine.Query(query).Instances.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }

        if (example.Violations is not null)
        {
            Assert.Equal(example.Violations, string.Join('\n', engine.Violations));
        }
    }

    private static string TextOf(IEnumerable<Diagnostic> diagnostics) =>
        string.Join('\n', diagnostics.Select(d => $"{(d.Severity == DiagnosticSeverity.Error ? "error" : "warning")} {d}"));
}
