using System.Globalization;
using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Lists what is below a folder with its permissions, without following links.</summary>
internal static class FileReader
{
    public static void Read(
        HostReading reading, MountTable mounts, string? folder, int maxFiles, CancellationToken cancellationToken)
    {
        if (folder is null || !reading.Files.TryName(folder, out var top))
        {
            return;
        }

        var (left, open) = (maxFiles, new Stack<string>([top]));
        while (open.TryPop(out var path))
        {
            if (mounts.MayBlock(path))
            {
                reading.Report(HostTables.Files, path, "not looked at: a network file system could block");
                continue;
            }

            foreach (var entry in reading.Need(HostTables.Files, path, Entries(reading.Files.Locate(path), left)) ?? [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (left-- == 0)
                {
                    reading.Report(HostTables.Files, top, "too many files, the rest was not read");
                    return;
                }

                var name = path is "/" ? $"/{entry.Name}" : $"{path}/{entry.Name}";
                if (Add(reading, name, entry) is "folder")
                {
                    open.Push(name);
                }
            }
        }
    }

    private static Seen<FileSystemInfo[]> Entries(string location, int left)
    {
        try
        {
            // One more than may be taken tells that there are more.
            var count = Math.Min(left, int.MaxValue - 1) + 1;
            return new([.. new DirectoryInfo(location).EnumerateFileSystemInfos().Take(count)]);
        }
        catch (Exception e) when (HostFiles.FaultOf(e) is { } fault)
        {
            return new(null, fault);
        }
    }

    private static string? Add(HostReading reading, string path, FileSystemInfo entry)
    {
        try
        {
            var type = entry.LinkTarget is not null ? "link" : entry is DirectoryInfo ? "folder" : "file";
            Value size = type is "file" ? ((FileInfo)entry).Length : Value.Null;
            var mode = entry.UnixFileMode;
            Value Has(UnixFileMode bit) => (int)mode == -1 ? Value.Null : mode.HasFlag(bit);
            reading.Add(
                HostTables.Files,
                path,
                type,
                (int)mode == -1 ? null : Convert.ToString((int)mode, 8).PadLeft(4, '0'),
                Has(UnixFileMode.UserWrite),
                Has(UnixFileMode.GroupWrite),
                Has(UnixFileMode.OtherWrite),
                Has(UnixFileMode.OtherRead),
                Has(UnixFileMode.SetUser),
                Has(UnixFileMode.SetGroup),
                Has(UnixFileMode.StickyBit),
                size);
            return type;
        }
        catch (Exception e) when (HostFiles.FaultOf(e) is { } fault)
        {
            if (fault != Fault.Missing)
            {
                reading.Report(HostTables.Files, path, fault);
            }

            return null;   // gone since it was listed
        }
    }
}
