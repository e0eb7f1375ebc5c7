using System.Text;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads the mounted file systems and their options.</summary>
internal static class MountReader
{
    public static MountTable Read(HostReading reading)
    {
        var mounts = new Dictionary<string, Mount>(StringComparer.Ordinal);
        var path = reading.Files.IsFolder("/proc/self") == true ? "/proc/self/mounts" : "/proc/mounts";
        foreach (var (number, line) in reading.NeedLines(HostTables.Mounts, path))
        {
            if (line.Split(' ') is [var device, var at, var type, var options, ..] && at.StartsWith('/'))
            {
                var mount = new Mount(Unescape(device), Unescape(at), type, options.Split(','));
                mounts[mount.Path] = mount;
            }
            else
            {
                reading.ReportLine(HostTables.Mounts, path, number);
            }
        }

        foreach (var mount in mounts.Values)
        {
            reading.Add(HostTables.Mounts, mount.Device, mount.Path, mount.Type);
            foreach (var option in mount.Options)
            {
                reading.Add(HostTables.MountOptions, mount.Path, Unescape(option));
            }
        }

        return new MountTable(mounts);
    }

    /// <summary>Undoes the kernel's escapes: a space is <c>\040</c>, a backslash <c>\134</c>.</summary>
    internal static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length
                && text[i + 1] is '0' or '1' && text[i + 2] is >= '0' and <= '7' && text[i + 3] is >= '0' and <= '7')
            {
                result.Append((char)(((text[i + 1] - '0') * 64) + ((text[i + 2] - '0') * 8) + (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }
}
