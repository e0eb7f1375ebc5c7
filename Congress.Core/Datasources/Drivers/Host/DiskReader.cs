using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Asks the local file systems for their space.</summary>
internal static class DiskReader
{
    public static void Read(
        HostReading reading, MountTable mounts, Func<string, DiskSpace?>? ask, CancellationToken cancellationToken)
    {
        foreach (var mount in mounts.Mounts.Where(mount => FileSystemTypes.HasSpace(mount.Type)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddSpace(reading, mount.Path, ask);
        }
    }

    /// <summary>Adds the row of one mount; one that cannot be asked has none.</summary>
    public static void AddSpace(HostReading reading, string path, Func<string, DiskSpace?>? ask)
    {
        try
        {
            if ((ask is null ? AskDrive(reading.Files.Locate(path)) : ask(path)) is { } space)
            {
                Add(reading, path, space);
            }
        }
        catch (Exception e) when (HostFiles.FaultOf(e) is { } fault)
        {
            reading.Report(HostTables.Disks, path, fault);
        }
    }

    /// <summary>Asks the operating system for the space at a location.</summary>
    public static DiskSpace? AskDrive(string location)
    {
        var drive = new DriveInfo(location);
        return new DiskSpace(drive.TotalSize, drive.AvailableFreeSpace);
    }

    private static void Add(HostReading reading, string path, DiskSpace space)
    {
        if (space.Total <= 0 || space.Free < 0 || space.Free > space.Total)
        {
            return;   // what has no size cannot fill up
        }

        var used = space.Total - space.Free;
        var percent = (long)decimal.Ceiling(100m * used / space.Total);
        reading.Add(HostTables.Disks, path, space.Total / 1024, space.Free / 1024, percent);
    }
}
