using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Congress.Cli.Server;
using Congress.Datasources;
using Congress.Tests.Persistence;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Congress.Tests.Docs;

/// <summary>The datasources of docs/datasources.md can be made, and its driver is one.</summary>
public sealed partial class DatasourcesPageTests
{
    private const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks;\n";

    private static readonly (string Language, string Text)[] Blocks =
        [.. Block().Matches(File.ReadAllText(Repository.PathOf("docs/datasources.md"))).Select(m => (m.Groups["language"].Value, m.Groups["text"].Value))];

    public static TheoryData<string> Datasources => [.. Blocks.Where(b => b.Language == "json").Select(b => b.Text)];

    [Theory]
    [MemberData(nameof(Datasources))]
    public async Task A_datasource_can_be_made(string text)
    {
        using var json = JsonDocument.Parse(text);
        var factory = DriverRegistry.BuiltIn.Find(json.RootElement.GetProperty("driver").GetString()!)!;
        var options = json.RootElement.GetProperty("config").EnumerateObject().ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);
        DriverRegistry.Check(factory, options);
        var own = options.Where(o => factory.Options.Any(f => f.Name == o.Key)).ToDictionary(StringComparer.Ordinal);
        var driver = factory.Create(new("d", own));
        Assert.NotEmpty(driver.Schema);
        await ((driver as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public void Every_driver_has_an_example() => Assert.Equal(
        DriverRegistry.BuiltIn.All.Select(f => f.Name).Order(StringComparer.Ordinal),
        Blocks.Where(b => b.Language == "json").Select(b => JsonDocument.Parse(b.Text).RootElement.GetProperty("driver").GetString()!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_driver_of_the_page_is_loaded_and_read()
    {
        using var folder = new TemporaryFolder();
        var (drivers, file) = (Directory.CreateDirectory(Path.Join(folder.Path, "drivers")).FullName, Path.Join(folder.Path, "loadavg"));
        await File.WriteAllTextAsync(file, "0.25 17.5 3 1/100 4711\n");
        var compilation = CSharpCompilation.Create(
            "Load", [CSharpSyntaxTree.ParseText(Usings + Blocks.Single(b => b.Language == "csharp").Text)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.Emit(Path.Join(drivers, "Load.dll")).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning));

        await using var server = await CongressServer.StartAsync(
            new() { State = Path.Join(folder.Path, "state"), Drivers = drivers, HasEngine = true, HasDatasources = true, Api = new() { Listen = new(IPAddress.Loopback, 0) } }, CancellationToken.None);
        using var client = new HttpClient { BaseAddress = new(server.Addresses.Single()) };
        Assert.Contains("The load of this machine", await client.GetStringAsync(new Uri("/v1/system/drivers", UriKind.Relative)), StringComparison.Ordinal);
        using var body = new StringContent($$$"""{"name": "machine", "driver": "load", "config": {"file": {{{JsonSerializer.Serialize(file)}}}}}""", System.Text.Encoding.UTF8, "application/json");
        using var made = await client.PostAsync(new Uri("/v1/data-sources", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var rows = "";
        for (var i = 0; i < 100 && !rows.Contains("17.5", StringComparison.Ordinal); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            rows = await client.GetStringAsync(new Uri("/v1/data-sources/machine/tables/average/rows", UriKind.Relative));
        }

        Assert.Contains("[5,17.5]", rows.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^```(?<language>json|csharp)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();
}
