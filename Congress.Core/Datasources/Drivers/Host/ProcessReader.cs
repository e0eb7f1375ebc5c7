using System.Globalization;
using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads the running processes.</summary>
internal static class ProcessReader
{
    private const int CommandLimit = 4096;

    /// <summary>The ids of the processes there are.</summary>
    public static IReadOnlyList<int> List(HostReading reading)
    {
        var folders = reading.Need(HostTables.Processes, "/proc", reading.Files.Folders("/proc"));
        return [.. (folders ?? []).Select(Id).OfType<int>()];
    }

    public static void Read(
        HostReading reading,
        IReadOnlyList<int> processes,
        IReadOnlyDictionary<long, string> users,
        CancellationToken cancellationToken)
    {
        foreach (var pid in processes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOne(reading, pid, users);
        }
    }

    private static void ReadOne(HostReading reading, int pid, IReadOnlyDictionary<long, string> users)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        var stat = reading.Files.Read($"{folder}/stat");
        var status = reading.Files.Read($"{folder}/status");
        var command = reading.Files.Read($"{folder}/cmdline", CommandLimit).Content;
        var executable = reading.Files.LinkTarget($"{folder}/exe");

        // A process may end between any two of these reads; a file that was opened in time then fails as if broken.
        if (stat.Fault == Fault.Missing || status.Fault == Fault.Missing
            || ((stat.Fault ?? status.Fault) == Fault.Failed && reading.Files.IsFolder(folder) == false))
        {
            return;
        }

        var known = ProcessStat.TryParse(stat.Content, out var parsed);
        var userId = StatusField(status.Content, "Uid:", field: 1);
        Report(reading, folder, stat, status, known);
        if (executable is null && command?.Length > 0 && reading.Files.IsFolder(folder) == true)
        {
            // Kernel threads and zombies have no program, and no command either: this one is hidden from us.
            reading.Report(HostTables.Processes, "/proc/*/exe", Fault.Denied);
        }

        reading.Add(
            HostTables.Processes,
            pid,
            known ? parsed.Parent : Value.Null,
            known ? parsed.Name : Value.Null,
            userId,
            userId.Kind == ValueKind.Integer && users.TryGetValue(userId.AsInteger(), out var user) ? user : Value.Null,
            known ? parsed.State : Value.Null,
            status.Content is null ? Value.Null : Memory(status.Content),
            known ? parsed.Threads : Value.Null,
            command is null ? Value.Null : CommandLine(command),
            executable);
    }

    private static void Report(HostReading reading, string folder, Seen<string> stat, Seen<string> status, bool known)
    {
        // A host that hides its processes hides them all; one row tells it, and does not change as they come and go.
        foreach (var (file, seen) in new[] { ("stat", stat), ("status", status) })
        {
            if (seen.Fault is { } fault)
            {
                reading.Report(HostTables.Processes, $"/proc/*/{file}", fault);
            }
        }

        if (stat.Content is not null && !known)
        {
            reading.Report(HostTables.Processes, $"{folder}/stat", "malformed");
        }
    }

    private static Value Memory(string status)
    {
        var resident = StatusField(status, "VmRSS:", field: 0);
        return resident.Kind == ValueKind.Null ? 0 : resident;
    }

    // "Uid:\t0\t0\t0\t0" are the real, effective, saved and file system ids; "VmRSS:\t    1616 kB".
    private static Value StatusField(string? status, string name, int field)
    {
        var line = status?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var fields = line?[name.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return field < fields.Length ? HostReading.Integer(fields[field]) : Value.Null;
    }

    private static Value CommandLine(string text)
    {
        var command = text.TrimEnd('\0').Replace('\0', ' ');
        return command.Length == 0 ? Value.Null : command;
    }

    private static int? Id(string folder) =>
        int.TryParse(folder, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
}
