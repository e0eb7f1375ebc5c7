using System.Diagnostics.CodeAnalysis;

namespace Congress.Datasources.Drivers.Host;

/// <summary>A mounted file system.</summary>
internal sealed record Mount(string Device, string Path, string Type, string[] Options);

/// <summary>The file systems that can be reached, by path: of several mounts at one path, the last.</summary>
internal sealed class MountTable(IReadOnlyDictionary<string, Mount> mounts)
{
    /// <summary>No mounts known.</summary>
    public static MountTable Empty { get; } = new(new Dictionary<string, Mount>(StringComparer.Ordinal));

    /// <summary>The mounts, one for each path.</summary>
    public IEnumerable<Mount> Mounts => mounts.Values;

    /// <summary>Whether looking at a path could block, because it is on a file system that is not known to be local.</summary>
    public bool MayBlock(string path) => TryFind(path, out var mount) && FileSystemTypes.MayBlock(mount.Type);

    private bool TryFind(string path, [NotNullWhen(true)] out Mount? mount)
    {
        // "/a/b/c", "/a/b", "/a", and last "/".
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (mounts.TryGetValue(path[..end], out mount))
            {
                return true;
            }
        }

        return mounts.TryGetValue("/", out mount);
    }
}
