using System.Text;

namespace Congress.Datasources.Drivers.Host;

/// <summary>The files of a host: paths as the host names them (<c>/etc/passwd</c>), found below a root.</summary>
/// <remarks>Nothing here throws for a file or folder that is missing or not ours to read, nor reads without bound.</remarks>
internal sealed class HostFiles
{
    private readonly string _root;   // without a separator at its end, so "" for "/"
    private readonly int _maxBytes;

    public HostFiles(string root, int maxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        IsThisMachine = string.Equals(root, "/", StringComparison.Ordinal);
        _root = Path.GetFullPath(root).TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        _maxBytes = maxBytes;
    }

    /// <summary>Whether the root is that of the machine we run on, so that the operating system may be asked as well.</summary>
    public bool IsThisMachine { get; }

    /// <summary>Where the file of a host is.</summary>
    public string Locate(string path) => _root + path;

    /// <summary>What the host calls a file; false when the file is not below the root.</summary>
    public bool TryName(string location, out string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(location));
        var below = full.StartsWith(_root, StringComparison.Ordinal)
            && (full.Length == _root.Length || full[_root.Length] == Path.DirectorySeparatorChar);
        path = !below ? ""
            : full.Length == _root.Length ? "/"
            : full[_root.Length..].Replace(Path.DirectorySeparatorChar, '/');
        return below;
    }

    /// <summary>The text of a file; when it is longer than the bound, the whole lines before it.</summary>
    public Seen<string> Read(string path) => Read(path, _maxBytes);

    /// <summary>The text of a file up to a bound of its own.</summary>
    public Seen<string> Read(string path, int maxBytes)
    {
        try
        {
            // Sharing everything keeps .NET from placing a lock; no buffer, for we read in large pieces ourselves.
            using var stream = new FileStream(
                Locate(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return ReadBounded(stream, maxBytes);
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            return new(null, fault);
        }
    }

    /// <summary>The names of the folders in a folder, links to folders included.</summary>
    public Seen<string[]> Folders(string path) => List(path, Directory.EnumerateDirectories);

    /// <summary>The names of all entries of a folder.</summary>
    public Seen<string[]> Entries(string path) => List(path, Directory.EnumerateFileSystemEntries);

    /// <summary>The target of a link, as it is written; null when there is no such link or it may not be read.</summary>
    public string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(Locate(path)).LinkTarget;
        }
        catch (Exception e) when (FaultOf(e) is not null)
        {
            return null;
        }
    }

    /// <summary>Whether a path is a folder; null when we may not look.</summary>
    /// <remarks><see cref="Directory.Exists"/> says no for both.</remarks>
    public bool? IsFolder(string path)
    {
        try
        {
            return File.GetAttributes(Locate(path)).HasFlag(FileAttributes.Directory);
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            return fault == Fault.Missing ? false : null;
        }
    }

    /// <summary>What an exception of the file system says; null for an exception that is none.</summary>
    public static Fault? FaultOf(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException => Fault.Missing,
        UnauthorizedAccessException => Fault.Denied,
        IOException or NotSupportedException or ArgumentException => Fault.Failed,
        _ => null,
    };

    private Seen<string[]> List(string path, Func<string, IEnumerable<string>> enumerate)
    {
        try
        {
            return new([.. enumerate(Locate(path)).Select(found => Path.GetFileName(found))]);
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            return new(null, fault);
        }
    }

    private static Seen<string> ReadBounded(FileStream stream, int maxBytes)
    {
        // The length of a file of the kernel is 0 whatever it holds, so only the end of the stream tells.
        using var bytes = new MemoryStream();
        var piece = new byte[Math.Min(maxBytes, 16 * 1024)];
        int count;
        while (bytes.Length <= maxBytes && (count = stream.Read(piece)) > 0)
        {
            bytes.Write(piece, 0, count);
        }

        var isCut = bytes.Length > maxBytes;
        var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)Math.Min(bytes.Length, maxBytes));
        if (!isCut)
        {
            return new(text);
        }

        // Half a line could be read as a wrong fact: "root:x:100" of "root:x:1000".
        var end = text.LastIndexOf('\n') + 1;
        return new(end > 0 ? text[..end] : text, Fault.Cut);
    }
}
