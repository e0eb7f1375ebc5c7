using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Congress.Tests.Docs;

/// <summary>Compiles and runs a block of C#. What it writes to the console is what its comments <c>// => ...</c> promise.</summary>
internal static partial class CSharpExample
{
    private const string Assumed = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading.Tasks;
        using Congress; using Congress.Data; using Congress.Datalog.Builtins; using Congress.Datalog.Evaluation;
        using Congress.Datasources.Drivers.Files; using Congress.Diagnostics; using Congress.Policies;
        """;

    // A type of the compilation hides one of the same name that a using directive brings.
    private const string Console = """
        internal static class Console
        {
            public static readonly System.Collections.Generic.List<string> Lines = new();
            public static void WriteLine(object value) => Lines.AddRange(value.ToString().ReplaceLineEndings("\n").Split('\n'));
        }
        """;

    /// <summary>The lines that the comments promise.</summary>
    public static IReadOnlyList<string> Promised(string text) => [.. Promise().Matches(text).Select(m => m.Groups["line"].Value)];

    /// <summary>The lines that the block writes, and what it throws.</summary>
    /// <param name="text">The block.</param>
    /// <param name="usings">The directives that it leaves out; null for all that a reader may assume.</param>
    public static (IReadOnlyList<string> Lines, Exception? Thrown) Run(string text, string? usings = null)
    {
        var paths = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Example", [CSharpSyntaxTree.ParseText($"{usings ?? Assumed}\n{text}"), CSharpSyntaxTree.ParseText(Console)],
            paths.Select(path => MetadataReference.CreateFromFile(path)), new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        var assembly = Assembly.Load(image.ToArray());
        Exception? thrown = null;
        try
        {
            assembly.EntryPoint!.Invoke(null, assembly.EntryPoint.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        }
        catch (TargetInvocationException e)
        {
            thrown = e.InnerException;
        }

        return ((IReadOnlyList<string>)assembly.GetType("Console")!.GetField("Lines")!.GetValue(null)!, thrown);
    }

    [GeneratedRegex("// => (?<line>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Promise();
}
