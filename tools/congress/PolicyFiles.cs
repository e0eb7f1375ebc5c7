using System.Text;
using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Cli;

/// <summary>A policy text that was given as a file.</summary>
/// <param name="Policy">The policy that it goes into; null for the default one.</param>
/// <param name="Path">The file, as it was named.</param>
/// <param name="Parsed">What it says.</param>
/// <param name="IsActions">Whether its policy describes what actions do, whatever the kind of the others.</param>
internal sealed record PolicyFile(string? Policy, string Path, ParsedPolicy Parsed, bool IsActions);

/// <summary>The policy files of a command line: <c>FILE</c>, or <c>NAME=FILE</c> for a policy of that name.</summary>
internal sealed class PolicyFiles
{
    private PolicyFiles(IReadOnlyList<PolicyFile> files) => Files = files;

    public IReadOnlyList<PolicyFile> Files { get; }

    /// <summary>The policy of the files that name none; when all files name one and the same, that.</summary>
    public string DefaultPolicy => Files.Where(f => !f.IsActions).Select(f => f.Policy).Distinct(StringComparer.Ordinal).ToArray() is [{ } only] ? only : "policy";

    /// <summary>The policies that describe what actions do.</summary>
    public IReadOnlySet<string> ActionPolicies => Files.Where(f => f.IsActions).Select(f => f.Policy!).ToHashSet(StringComparer.Ordinal);

    /// <summary>Reads and parses files.</summary>
    /// <exception cref="PolicyException">A text does not parse; the errors of all files are listed.</exception>
    public static PolicyFiles Read(IEnumerable<string> arguments, SourceTexts sources) => Read(arguments, [], sources);

    /// <summary>Reads and parses files, some of which describe what actions do: those that name no policy are policy <c>actions</c>.</summary>
    /// <exception cref="PolicyException">A text does not parse; the errors of all files are listed.</exception>
    public static PolicyFiles Read(IEnumerable<string> arguments, IEnumerable<string> actions, SourceTexts sources)
    {
        var files = new List<PolicyFile>();
        foreach (var (argument, isActions) in arguments.Select(a => (a, false)).Concat(actions.Select(a => (a, true))))
        {
            var (policy, path) = Split(argument);
            var text = ReadText(path);
            sources.Add(path, text);
            files.Add(new(policy ?? (isActions ? "actions" : null), path, Parser.Parse(text, path), isActions));
        }

        return files.Exists(f => f.Parsed.HasErrors)
            ? throw new PolicyException([.. files.SelectMany(f => f.Parsed.Diagnostics)])
            : new PolicyFiles(files).RefuseTwoKinds();
    }

    /// <summary>The text of a file, without byte order mark.</summary>
    public static string ReadText(string path)
    {
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException(path, "the file is not UTF-8", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, exception.Message, exception);
        }
    }

    private PolicyFiles RefuseTwoKinds() =>
        Files.FirstOrDefault(f => f.IsActions && Files.Any(other => !other.IsActions && (other.Policy ?? DefaultPolicy) == f.Policy)) is { } twice
            ? throw new InputException(twice.Path, $"policy {twice.Policy} cannot both describe actions and be one of the policies")
            : this;

    private static (string? Policy, string Path) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && Identifiers.IsValid(argument[..equals]) && !File.Exists(argument)
            ? (argument[..equals], argument[(equals + 1)..])
            : (null, argument);
    }
}
