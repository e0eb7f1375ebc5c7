using System.Globalization;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Finds the processes that hold a socket, by the links among their open files.</summary>
internal static class SocketOwners
{
    private const string LinkStart = "socket:[";

    /// <summary>The process ids for each of the wanted sockets.</summary>
    public static ILookup<long, long> Find(
        HostReading reading, IReadOnlyList<int> processes, HashSet<long> wanted, CancellationToken cancellationToken)
    {
        var found = new List<(long Inode, long Pid)>();
        if (wanted.Count == 0)
        {
            return found.ToLookup(pair => pair.Inode, pair => pair.Pid);
        }

        var denied = false;
        foreach (var pid in processes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd");
            var files = reading.Files.Entries(folder);
            List<string> targets = [.. (files.Content ?? [])
                .Select(file => reading.Files.LinkTarget($"{folder}/{file}"))
                .OfType<string>()];
            found.AddRange(targets.Select(InodeOf).Where(wanted.Contains).Select(inode => (inode, (long)pid)));

            // To be allowed to list the open files is not yet to be allowed to see what they are.
            denied |= files.Fault == Fault.Denied || (files.Content is { Length: > 0 } && targets.Count == 0);
        }

        var owners = found.ToLookup(pair => pair.Inode, pair => pair.Pid);
        if (denied && wanted.Any(inode => !owners.Contains(inode)))
        {
            reading.Report(HostTables.Listeners, "/proc/*/fd", Fault.Denied);
        }

        return owners;
    }

    private static long InodeOf(string target) =>
        target.StartsWith(LinkStart, StringComparison.Ordinal) && target.EndsWith(']')
        && long.TryParse(
            target.AsSpan()[LinkStart.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            ? inode
            : -1;
}
