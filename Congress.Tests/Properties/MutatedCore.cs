using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace Congress.Tests.Properties;

/// <summary>A wrong engine: one text of a source of Congress.Core replaced by another.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">The source, under Congress.Core.</param>
/// <param name="Text">What stands there once.</param>
/// <param name="Replacement">What is put in its place.</param>
public sealed record Mutant(string Name, string File, string Text, string Replacement)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Compiles Congress.Core in memory, mutated or not, and runs the properties of this assembly against it.</summary>
internal static class MutatedCore
{
    private const int Programs = 300;

    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Congress.Tests")]
        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>What no probe of a mutant reaches, which need not be compiled with each: the services, what they keep, and what the build writes.</summary>
    private static readonly string[] LeftOut =
        ["obj", "bin", "Api", "Persistence", "Actions", "Datasources", "Policies/Serving", "Policies/Enforcement", "Policies/Library", "Policies/Catalog", "PolicyCatalog", "PolicyEngineService"];

    private static readonly Dictionary<string, SyntaxTree> Sources = Directory
        .EnumerateFiles(Repository.PathOf("Congress.Core"), "*.cs", SearchOption.AllDirectories)
        .Where(f => Path.GetRelativePath(Repository.PathOf("Congress.Core"), f).Replace('\\', '/') is var path
            && !Array.Exists(LeftOut, l => path.StartsWith($"{l}/", StringComparison.Ordinal) || path.StartsWith($"{l}.", StringComparison.Ordinal)))
        .ToDictionary(f => Path.GetFullPath(f), f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), ParseOptions, f), StringComparer.Ordinal);

    private static readonly CSharpCompilation Unmutated = WithGeneratedSources(CSharpCompilation.Create(
        "Congress.Core",
        Sources.Values.Append(CSharpSyntaxTree.ParseText(Usings, ParseOptions)),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is not ("Congress.Core.dll" or "Congress.Tests.dll")).Select(p => MetadataReference.CreateFromFile(p)),
        new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Annotations, warningLevel: 0)));

    /// <summary>Fails when the properties hold for a mutant.</summary>
    public static void Catch(Mutant mutant, ITestOutputHelper output)
    {
        var failure = FirstFailure(mutant);
        Assert.True(failure is not null, $"{mutant} is not caught by {Programs} programs");
        output.WriteLine($"{mutant}: caught by {failure}");
    }

    /// <summary>The first program for which a property of a mutant, or of the engine as it is, fails, and how; null when none does.</summary>
    public static string? FirstFailure(Mutant? mutant) => FirstFailure(mutant, MutantProbe.FirstFailure, Programs);

    /// <summary>What a probe of this assembly finds when it runs against a mutant: the first try that fails and how, or null.</summary>
    public static string? FirstFailure(Mutant? mutant, Func<int, string?> probe, int tries)
    {
        using var image = new MemoryStream();
        var result = (mutant is null ? Unmutated : Mutate(mutant)).Emit(image);
        Assert.True(result.Success, $"{mutant}: {string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))}");
        var context = new Context(image.ToArray());
        return (string?)context.LoadFromAssemblyPath(typeof(MutatedCore).Assembly.Location).GetType(probe.Method.DeclaringType!.FullName!)!
            .GetMethod(probe.Method.Name, BindingFlags.Static | BindingFlags.Public)!.Invoke(null, [tries]);
    }

    private static CSharpCompilation Mutate(Mutant mutant)
    {
        var tree = Sources[Path.GetFullPath(Repository.PathOf(Path.Join("Congress.Core", mutant.File)))];
        var parts = tree.ToString().Split(mutant.Text);
        Assert.True(parts.Length == 2, $"{mutant}: the text occurs {parts.Length - 1} times in {mutant.File}");
        return Unmutated.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(string.Join(mutant.Replacement, parts), ParseOptions, tree.FilePath));
    }

    /// <summary>Adds what the generator of System.Text.Json, which comes with the SDK, writes for the messages between services.</summary>
    private static CSharpCompilation WithGeneratedSources(CSharpCompilation compilation)
    {
        var dotnet = Path.GetFullPath(Path.Join(Path.GetDirectoryName(typeof(object).Assembly.Location), "../../.."));
        var generator = Directory.EnumerateFiles(Path.Join(dotnet, "packs", "Microsoft.NETCore.App.Ref"), "System.Text.Json.SourceGeneration.dll", SearchOption.AllDirectories).Max()!;
        var generators = Assembly.LoadFrom(generator).GetTypes()
            .Where(t => t is { IsAbstract: false, IsPublic: true } && t.IsAssignableTo(typeof(IIncrementalGenerator)))
            .Select(t => ((IIncrementalGenerator)Activator.CreateInstance(t)!).AsSourceGenerator());
        CSharpGeneratorDriver.Create(generators, parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);
        Assert.DoesNotContain(diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        return (CSharpCompilation)generated;
    }

    /// <summary>Binds the tests that it loads to the mutated engine; all else is shared.</summary>
    /// <remarks>It is never unloaded: the code of a context that can be is compiled once and for all, without what it learns by running, and takes two to three times as long.</remarks>
    private sealed class Context(byte[] core) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name != "Congress.Core")
            {
                return null;
            }

            using var image = new MemoryStream(core);
            return LoadFromStream(image);
        }
    }
}

/// <summary>What runs inside, against whatever engine this assembly is bound to.</summary>
public static class MutantProbe
{
    private static readonly Func<RandomProgram, Verdict>[] Properties =
    [
        EngineProperties.FromScratch, EngineProperties.AfterChanges, EngineProperties.KeptTablesAreExact, EngineProperties.ChangesComeInAnyOrder,
        EngineProperties.RollbacksLeaveNoTrace, EngineProperties.WhatIfsAreExact, EngineProperties.UpdatesReplay,
    ];

    /// <summary>The first program for which a property fails, and how; or null.</summary>
    public static string? FirstFailure(int programs)
    {
        for (var seed = 0; seed < programs; seed++)
        {
            var program = ProgramGenerator.Generate(seed);
            foreach (var property in Properties)
            {
                if (property(program).Failure is { } failure)
                {
                    return $"program {seed}, {property.Method.Name}: {failure}";
                }
            }
        }

        return null;
    }
}
