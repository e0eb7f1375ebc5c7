using System.Security.Cryptography;
using System.Text;
using Congress.Policies.Library;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Congress.Cli.Server;

/// <summary>Policies of the library in files: YAML, one policy a file, as OpenStack Congress has them.</summary>
internal static class LibraryFiles
{
    private const long LargestFile = 1_000_000;

    /// <summary>Reads all policies of a folder, by the names of their files.</summary>
    /// <exception cref="InputException">The folder or a file cannot be read, or a file is no policy; the message says where.</exception>
    public static IReadOnlyList<LibraryPolicy> Read(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".yaml" or ".yml").Order(StringComparer.Ordinal).Select(ReadFile)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"the library cannot be read: {exception.Message}", exception);
        }
    }

    private static LibraryPolicy ReadFile(string file)
    {
        if (new FileInfo(file).Length > LargestFile)
        {
            throw new InputException(file, $"the file is larger than {LargestFile} bytes");
        }

        var yaml = new YamlStream();
        try
        {
            using var text = new StreamReader(file, Encoding.UTF8);
            yaml.Load(text);
        }
        catch (YamlException exception)
        {
            throw new InputException($"{file}:{exception.Start.Line}:{exception.Start.Column}", $"no YAML: {exception.Message}", exception);
        }

        if (yaml.Documents is not [{ RootNode: YamlMappingNode policy }])
        {
            throw new InputException(file, "expected one document, a mapping with name, description, kind and rules");
        }

        var name = Text(file, policy, "name") ?? throw new InputException(file, "'name' is missing; expected a text");
        if (Find(policy, "rules") is not YamlSequenceNode rules)
        {
            throw new InputException(file, "'rules' is missing; expected a sequence of mappings with rule, name and comment");
        }

        // The same file has the same identity wherever and whenever it is read.
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"library policy {name}")).AsSpan(0, 16)).ToString();
        return new(
            id, name, Text(file, policy, "abbreviation") ?? name[..Math.Min(5, name.Length)], Text(file, policy, "description") ?? "", Text(file, policy, "kind") ?? "nonrecursive",
            [.. rules.Select(r => RuleOf(file, r))]);
    }

    private static LibraryRule RuleOf(string file, YamlNode node) =>
        node is YamlMappingNode rule && Text(file, rule, "rule") is { } text ? new(text, Text(file, rule, "name"), Text(file, rule, "comment"))
        : throw new InputException($"{file}:{node.Start.Line}", "a rule is a mapping with rule, name and comment");

    private static YamlNode? Find(YamlMappingNode mapping, string name) => mapping.Children.TryGetValue(new YamlScalarNode(name), out var node) ? node : null;

    private static string? Text(string file, YamlMappingNode mapping, string name) => Find(mapping, name) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        var node => throw new InputException($"{file}:{node.Start.Line}", $"'{name}' is no text"),
    };
}
