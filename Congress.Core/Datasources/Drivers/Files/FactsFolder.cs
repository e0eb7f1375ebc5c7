using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>A folder of facts: <c>TABLE.csv</c> holds rows of a table, <c>POLICY/TABLE.csv</c> those of a table of a policy.</summary>
/// <remarks>Hidden files and folders, and files with other extensions, are none of its business.</remarks>
public sealed class FactsFolder
{
    private FactsFolder(string path, IReadOnlyList<FactsFile> files)
    {
        Path = path;
        Files = files;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its facts files by policy, table and path; those of no policy come first. Two files may hold rows of one table.</summary>
    public IReadOnlyList<FactsFile> Files { get; }

    /// <summary>Finds the facts files of a folder, without opening them.</summary>
    /// <exception cref="PolicyException">There is no such folder, a file or sub-folder has a name that no table or policy
    /// can have, or a sub-folder has sub-folders; all of these are reported together.</exception>
    public static FactsFolder Scan(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            throw new PolicyException(Error(path, "there is no such folder of facts"));
        }

        var files = new List<FactsFile>();
        var errors = new List<Diagnostic>();
        try
        {
            AddFiles(path, policy: null, files, errors);
            foreach (var folder in Visible(Directory.EnumerateDirectories(path)))
            {
                AddPolicy(folder, files, errors);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PolicyException(Error(path, $"the folder cannot be read: {exception.Message}"), exception);
        }

        if (errors.Count > 0)
        {
            throw new PolicyException(errors);
        }

        files.Sort(Order);
        return new(path, files);
    }

    private static void AddPolicy(string folder, List<FactsFile> files, List<Diagnostic> errors)
    {
        var policy = System.IO.Path.GetFileName(folder);
        if (!FactsName.IsValid(policy))
        {
            errors.Add(Error(folder, $"'{policy}' cannot name a policy", FactsName.Rule));
            return;
        }

        AddFiles(folder, policy, files, errors);
        foreach (var inner in Visible(Directory.EnumerateDirectories(folder)))
        {
            errors.Add(Error(inner, $"a folder inside the folder of policy '{policy}'", "facts stand in DIR/TABLE or DIR/POLICY/TABLE, no deeper"));
        }
    }

    private static void AddFiles(string folder, string? policy, List<FactsFile> files, List<Diagnostic> errors)
    {
        foreach (var path in Visible(Directory.EnumerateFiles(folder)))
        {
            if (FormatOf(path) is not { } format)
            {
                continue;
            }

            var table = System.IO.Path.GetFileNameWithoutExtension(path);
            if (FactsName.IsValid(table))
            {
                files.Add(new(policy, table, path, format));
            }
            else
            {
                errors.Add(Error(path, $"'{table}' cannot name a table", FactsName.Rule));
            }
        }
    }

    /// <summary>How a file is written, as its extension tells; null when it is none of facts.</summary>
    internal static FactsFormat? FormatOf(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".FACTS" or ".TSV" => FactsFormat.Tsv,
        ".CSV" => FactsFormat.Csv,
        ".JSON" => FactsFormat.Json,
        ".JSONL" => FactsFormat.JsonLines,
        _ => null,
    };

    // Sorted, so that errors too come in one order on every file system.
    private static IEnumerable<string> Visible(IEnumerable<string> paths) =>
        paths.Where(path => !IsHidden(path)).Order(StringComparer.Ordinal);

    private static bool IsHidden(string path) =>
        System.IO.Path.GetFileName(path.AsSpan()).StartsWith('.') || File.GetAttributes(path).HasFlag(FileAttributes.Hidden);

    private static int Order(FactsFile x, FactsFile y)
    {
        var order = string.CompareOrdinal(x.Policy, y.Policy);
        order = order != 0 ? order : string.CompareOrdinal(x.Table, y.Table);
        return order != 0 ? order : string.CompareOrdinal(x.Path, y.Path);
    }

    private static Diagnostic Error(string path, string message, string? hint = null) =>
        Diagnostic.Error(DiagnosticCode.BadFacts, new SourceSpan(path, 0, 0, 0, 0), message, hint);
}
