namespace Congress.Tests.Datasources.Host;

/// <summary>For each rule of the host audit, how to spoil a healthy host so that this rule fires and no other does.</summary>
internal static class AuditCases
{
    /// <summary>The id of a rule, the change to <see cref="FakeHost.Healthy"/>, and the one row that is then in
    /// <c>error</c> or <c>warning</c>.</summary>
    public static IEnumerable<(string Rule, Action<FakeHost> Change, string Row)> All { get; } =
    [
        ("empty-password", host => host.WithGroup("bob", 1001).WithUser("bob", 1001, password: ""),
            """error("empty-password", "bob")"""),
        ("second-root", host => host.WithUser("toor", 0),
            """error("second-root", "toor")"""),
        ("shared-user-id", host => host.WithUser("ben", 1000),
            """warning("shared-user-id", 1000)"""),
        ("shared-group-id", host => host.WithGroup("wheel", 27),
            """warning("shared-group-id", 27)"""),
        ("unknown-group", host => host.WithUser("bob", 1001, groupId: 4000),
            """warning("unknown-group", "bob")"""),
        ("unknown-member", host => host.WithGroup("audio", 29, "ann", "ghost"),
            """warning("unknown-member", "ghost")"""),
        ("no-home", host => host.WithGroup("bob", 1001).WithUser("bob", 1001, hasHome: false),
            """warning("no-home", "bob")"""),

        ("zombie", host => host.WithProcess(2000, "sh", userId: 1000, state: 'Z'),
            """warning("zombie", 2000)"""),
        ("run-from-tmp", host => host.WithProcess(2000, "x", userId: 1000, executable: "/dev/shm/x"),
            """error("run-from-tmp", 2000)"""),
        ("deleted-program", host => host.WithProcess(2000, "x", userId: 1000, executable: "/usr/bin/x (deleted)"),
            """warning("deleted-program", 2000)"""),
        ("many-processes", WithManyProcesses,
            """warning("many-processes", "ann")"""),

        ("plaintext-service", host => host.WithProcess(200, "telnetd", userId: 1)
                .WithListener("tcp", "0.0.0.0", 23, userId: 1, pid: 200),
            """error("plaintext-service", 23)"""),
        ("open-port", host => host.WithProcess(200, "redis", userId: 1000)
                .WithListener("tcp", "::", 6379, userId: 1000, pid: 200),
            """warning("open-port", 6379)"""),
        ("root-service", host => host.WithProcess(200, "nginx").WithListener("tcp", "192.0.2.2", 443, pid: 200),
            """warning("root-service", "nginx")"""),
        ("unknown-owner", host => host.WithListener("udp", "127.0.0.1", 9999, userId: 4000),
            """warning("unknown-owner", 9999)"""),

        ("disk-full", host => host.WithDisk("/", usedPercent: 98),
            """error("disk-full", "/")"""),
        ("disk-nearly-full", host => host.WithDisk("/", usedPercent: 97),
            """warning("disk-nearly-full", "/")"""),
        ("mount-option", host => host.WithMount("tmpfs", "/tmp", "tmpfs", "rw,nosuid,nodev"),
            """warning("mount-option", "/tmp")"""),

        ("promiscuous", host => host.WithInterface("eth0", flags: 0x1103),
            """warning("promiscuous", "eth0")"""),
        ("no-address", host => host.WithInterface("eth1"),
            """warning("no-address", "eth1")"""),
        ("ip-forwarding", host => host.WithSetting("net.ipv4.ip_forward", "1"),
            """warning("ip-forwarding", "net.ipv4.ip_forward")"""),
        ("predictable-memory", host => host.WithSetting("kernel.randomize_va_space", "1"),
            """error("predictable-memory", 1)"""),
        ("weak-setting", host => host.WithSetting("fs.protected_symlinks", "0"),
            """warning("weak-setting", "fs.protected_symlinks")"""),

        ("writable-file", host => host.WithFile("/srv/app/data", "0666"),
            """error("writable-file", "/srv/app/data")"""),
        ("writable-folder", host => host.WithFolder("/srv/drop").WithMode("/srv/drop", "0777"),
            """error("writable-folder", "/srv/drop")"""),
        ("setuid-file", host => host.WithFile("/srv/app/run", "4755"),
            """warning("setuid-file", "/srv/app/run")"""),
        ("readable-key", host => host.WithFile("/srv/app/id_ed25519", "0644"),
            """error("readable-key", "/srv/app/id_ed25519")"""),

        ("not-seen", host => host.Without("/proc/net/udp"),
            """warning("not-seen", "/proc/net/udp")"""),
    ];

    /// <summary>Changes that come close to a rule, on which none fires.</summary>
    public static IEnumerable<(string Rule, Action<FakeHost> Change)> Harmless { get; } =
    [
        ("empty-password", host => host.WithGroup("bob", 1001).WithUser("bob", 1001, password: "!")),
        ("no-home", host => host.WithUser("svc", 999, groupId: 1, shell: "/usr/sbin/nologin", hasHome: false)),
        ("run-from-tmp", host => host.WithProcess(2000, "x", userId: 1000, executable: "/tmpfiles/x")),
        ("open-port", host => host.WithListener("tcp", "127.0.0.1", 6379).WithListener("tcp", "::1", 6379)),
        ("root-service", host => host.WithProcess(200, "cupsd").WithListener("tcp", "::1", 631, pid: 200)),
        ("disk-full", host => host.WithMount("/dev/sr0", "/media/image", "ext4", "ro").WithDisk("/media/image", usedPercent: 100)),
        ("disk-nearly-full", host => host.WithDisk("/", usedPercent: 90)),
        ("no-address", host => host.WithInterface("eth1", master: "br0").WithInterface("eth2", state: "down", flags: 0x1002)),
        ("writable-folder", host => host.WithFolder("/srv/drop").WithMode("/srv/drop", "1777")),
        ("writable-file", host => host.WithLink("/srv/app/link", "index.html")),
        ("readable-key", host => host.WithFile("/srv/app/id_ed25519.pub", "0644")),
    ];

    private static void WithManyProcesses(FakeHost host)
    {
        for (var pid = 2000; pid < 2500; pid++)   // with the shell of the healthy host, one more than the limit
        {
            host.WithProcess(pid, "sh", userId: 1000);
        }
    }
}
