namespace Congress.Datasources.Drivers.Host;

/// <summary>What a <see cref="HostFactsDriver"/> reads, and how much of it.</summary>
public sealed record HostFactsOptions
{
    /// <summary>The folder that holds <c>proc</c>, <c>sys</c> and <c>etc</c>.</summary>
    /// <remarks>Another one than <c>/</c> is read as the files of a Linux host on every operating system. A symbolic
    /// link in it with an absolute target leads out of it.</remarks>
    public string Root { get; init; } = "/";

    /// <summary>The folder whose entries fill the table <c>files</c>: a full path, at or below <see cref="Root"/>.
    /// None leaves the table empty.</summary>
    public string? Folder { get; init; }

    /// <summary>The most rows of the table <c>files</c>; when there are more, a row of <c>problems</c> says so.</summary>
    public int MaxFiles { get; init; } = 10_000;

    /// <summary>The most bytes read of one file; what is beyond is left out, and <c>problems</c> says so.</summary>
    public int MaxFileBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The kernel settings to read, as <c>sysctl</c> names them; one that is not there gives no row.</summary>
    public IReadOnlyList<string> KernelSettings { get; init; } = DefaultKernelSettings;

    /// <summary>Finds the space of the file system mounted at a path; null when it cannot tell. By default asks
    /// <see cref="DriveInfo"/>.</summary>
    /// <remarks>It is asked for local file systems only, because a dead network mount would block it.</remarks>
    public Func<string, DiskSpace?>? DiskSpace { get; init; }

    /// <summary>The settings whose value decides how well a host defends itself.</summary>
    public static IReadOnlyList<string> DefaultKernelSettings { get; } =
    [
        "fs.protected_fifos",
        "fs.protected_hardlinks",
        "fs.protected_regular",
        "fs.protected_symlinks",
        "fs.suid_dumpable",
        "kernel.dmesg_restrict",
        "kernel.kptr_restrict",
        "kernel.perf_event_paranoid",
        "kernel.randomize_va_space",
        "kernel.sysrq",
        "kernel.unprivileged_bpf_disabled",
        "kernel.yama.ptrace_scope",
        "net.ipv4.conf.all.accept_redirects",
        "net.ipv4.conf.all.accept_source_route",
        "net.ipv4.conf.all.rp_filter",
        "net.ipv4.ip_forward",
        "net.ipv4.tcp_syncookies",
        "net.ipv6.conf.all.accept_redirects",
        "net.ipv6.conf.all.forwarding",
    ];
}
