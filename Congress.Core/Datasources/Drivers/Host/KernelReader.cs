using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads kernel settings.</summary>
internal static class KernelReader
{
    public static void Read(HostReading reading, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            var path = $"/proc/sys/{name.Replace('.', '/')}";
            var seen = reading.Files.Read(path);
            if (seen.Fault == Fault.Missing)
            {
                continue;   // settings come and go with the kernel's version and configuration
            }

            if (reading.Need(HostTables.KernelSettings, path, seen) is { } text)
            {
                reading.Add(HostTables.KernelSettings, name, Parse(text));
            }
        }
    }

    private static Value Parse(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var number = HostReading.Integer(words);
        return number.Kind == ValueKind.Integer ? number : words;
    }
}
