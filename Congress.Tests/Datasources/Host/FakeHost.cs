using System.Globalization;
using Congress.Data;
using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

/// <summary>A Linux host made of files in a temporary folder, which a <see cref="HostFactsDriver"/> reads as its root.</summary>
/// <remarks>A new one has every file that the driver needs, and nothing in them: no rows, no problems. Each method adds;
/// a setting, a disk and a mount replace the one of that name or path.</remarks>
internal sealed partial class FakeHost : IDisposable
{
    private readonly Dictionary<string, DiskSpace> _disks = new(StringComparer.Ordinal);

    public FakeHost()
    {
        WithText("/etc/passwd", "").WithText("/etc/group", "").WithText("/etc/shadow", "");
        WithText("/proc/self/mounts", "").WithText("/proc/net/if_inet6", "").WithText("/proc/net/fib_trie", "");
        foreach (var name in new[] { "tcp", "tcp6", "udp", "udp6", "route" })
        {
            WithText($"/proc/net/{name}", "the first line names the columns\n");
        }

        WithFolder("/sys/class/net").WithFolder("/srv");
    }

    /// <summary>Where the files are.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("fake-host-").FullName;

    public HostFactsOptions Options => new()
    {
        Root = Root,
        Folder = Locate("/srv"),
        DiskSpace = path => _disks.TryGetValue(path, out var space) ? space : null,
    };

    /// <summary>A host on which no rule of the audit fires.</summary>
    public static FakeHost Healthy() => new FakeHost()
        .WithGroup("root", 0).WithGroup("daemon", 1).WithGroup("resolve", 101)
        .WithGroup("ann", 1000).WithGroup("admin", 27, "ann")
        .WithUser("root", 0, home: "/root")
        .WithUser("daemon", 1, home: "/usr/sbin", shell: "/usr/sbin/nologin", password: "*")
        .WithUser("resolve", 101, home: "/nonexistent", shell: "/usr/sbin/nologin", password: "!*", hasHome: false)
        .WithUser("ann", 1000)
        .WithProcess(1, "systemd", parent: 0)
        .WithProcess(100, "sshd").WithProcess(1000, "bash", userId: 1000, parent: 100)
        .WithProcess(101, "resolved", userId: 101)
        .WithListener("tcp", "0.0.0.0", 22, pid: 100).WithListener("tcp", "::", 22, pid: 100)
        .WithListener("tcp", "127.0.0.53", 53, userId: 101, pid: 101)
        .WithListener("udp", "127.0.0.53", 53, userId: 101, pid: 101)
        .WithMount("proc", "/proc", "proc", "rw,nosuid,nodev,noexec")
        .WithMount("/dev/vda1", "/", "ext4", "rw,relatime").WithDisk("/", usedPercent: 40)
        .WithMount("tmpfs", "/tmp", "tmpfs", "rw,nosuid,nodev,noexec").WithDisk("/tmp", usedPercent: 1)
        .WithInterface("lo", state: "unknown", flags: 0x9, mac: "00:00:00:00:00:00")
        .WithAddress("lo", "127.0.0.1", 8).WithAddress("lo", "::1", 128)
        .WithInterface("eth0").WithAddress("eth0", "192.0.2.2", 24)
        .WithSetting("kernel.randomize_va_space", "2").WithSetting("net.ipv4.ip_forward", "0")
        .WithSetting("fs.protected_symlinks", "1").WithSetting("fs.protected_hardlinks", "1")
        .WithFile("/srv/app/index.html", "0644").WithFile("/srv/app/site.key", "0600");

    /// <summary>An account with the password as the shadow file has it, empty for none.</summary>
    public FakeHost WithUser(
        string name,
        int userId,
        int? groupId = null,
        string? home = null,
        string shell = "/bin/bash",
        string password = "$6$salt$hash",
        bool hasHome = true)
    {
        home ??= $"/home/{name}";
        return (hasHome ? WithFolder(home) : this)
            .Append("/etc/passwd", $"{name}:x:{userId}:{groupId ?? userId}:,,,:{home}:{shell}\n")
            .Append("/etc/shadow", $"{name}:{password}:19000:0:99999:7:::\n");
    }

    public FakeHost WithGroup(string name, int groupId, params string[] members) =>
        Append("/etc/group", $"{name}:x:{groupId}:{string.Join(',', members)}\n");

    /// <summary>A process; its state is the kernel's letter, its program is below <c>/usr/bin</c> unless given.</summary>
    public FakeHost WithProcess(
        int pid,
        string name,
        int userId = 0,
        int parent = 1,
        char state = 'S',
        int memoryKib = 1024,
        int threads = 1,
        string? executable = null,
        params string[] arguments)
    {
        executable ??= $"/usr/bin/{name}";
        var zeros = string.Join(' ', Enumerable.Repeat("0", 15));
        WithText($"/proc/{pid}/stat", $"{pid} ({name}) {state} {parent} {zeros} {threads} 0 9999 0\n");
        WithText($"/proc/{pid}/status", $"Name:\t{name}\nUid:\t{userId}\t{userId}\t{userId}\t{userId}\nVmRSS:\t{memoryKib,8} kB\n");
        WithText($"/proc/{pid}/cmdline", string.Join('\0', arguments.Prepend(executable)) + '\0');
        return WithFolder($"/proc/{pid}/fd").WithLink($"/proc/{pid}/exe", executable);
    }

    public FakeHost WithMount(string device, string path, string type, string options) =>
        Append("/proc/self/mounts", $"{device} {path} {type} {options} 0 0\n");

    /// <summary>The fullness of what is mounted at a path: a disk of 1,000,000 KiB.</summary>
    public FakeHost WithDisk(string path, int usedPercent)
    {
        _disks[path] = new DiskSpace(1_000_000L * 1024, (100 - usedPercent) * 10_000L * 1024);
        return this;
    }

    public FakeHost WithSetting(string name, string value) => WithText($"/proc/sys/{name.Replace('.', '/')}", value + "\n");

    /// <summary>A file of the folder that is audited, with its mode as octal digits.</summary>
    public FakeHost WithFile(string path, string mode, string text = "text") =>
        WithText(path, text).WithMode(path, mode);

    public FakeHost WithMode(string path, string mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Locate(path), (UnixFileMode)Convert.ToInt32(mode, 8));
        }

        return this;
    }

    public FakeHost WithText(string path, string text)
    {
        WithFolder(Path.GetDirectoryName(path)!);
        File.WriteAllText(Locate(path), text);
        return this;
    }

    public FakeHost WithFolder(string path)
    {
        Directory.CreateDirectory(Locate(path));
        return this;
    }

    public FakeHost WithLink(string path, string target)
    {
        WithFolder(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(Locate(path), target);
        return this;
    }

    public FakeHost Without(string path)
    {
        File.Delete(Locate(path));
        return this;
    }

    public string Locate(string path) => Root + path;

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(
        Func<HostFactsOptions, HostFactsOptions>? configure = null) =>
        new HostFactsDriver(configure is null ? Options : configure(Options)).ReadAsync();

    /// <summary>The rows of one table as sorted text.</summary>
    public async Task<string[]> RowsAsync(TableSchema table, Func<HostFactsOptions, HostFactsOptions>? configure = null)
    {
        var tables = await ReadAsync(configure);
        return [.. tables[table.Table].Order().Select(row => row.ToString())];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private FakeHost Append(string path, string text)
    {
        File.AppendAllText(Locate(path), text);
        return this;
    }
}
