using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>The tables of a <see cref="HostFactsDriver"/> and the meaning of their columns.</summary>
/// <remarks>A column is null where the host does not tell its value or does not let us see it.</remarks>
public static class HostTables
{
    /// <summary>The running processes.</summary>
    /// <remarks>
    /// <para><c>pid</c>: the process id. <c>parent</c>: the process id of its parent, 0 for none. <c>name</c>: the
    /// short name, at most 15 characters on Linux. <c>user_id</c>: the effective user id, which decides what it may do.
    /// <c>user</c>: the account of that id.</para>
    /// <para><c>state</c>: <c>running</c>, <c>sleeping</c>, <c>waiting</c> (for a device, not to be interrupted),
    /// <c>stopped</c>, <c>traced</c>, <c>zombie</c>, <c>dead</c>, <c>idle</c>, or the letter of a state unknown here.
    /// <c>memory_kib</c>: memory resident, in KiB; 0 for a zombie and a kernel thread. <c>threads</c>: their number.</para>
    /// <para><c>command</c>: the arguments, from the program on, parted by spaces; its first 4,096 characters.
    /// <c>executable</c>: the path of the program, with <c> (deleted)</c> appended when the file is gone.</para>
    /// </remarks>
    public static TableSchema Processes { get; } = new(
        "processes",
        [
            Int("pid"), Int("parent"), Text("name"), Int("user_id"), Text("user"), Text("state"),
            Int("memory_kib"), Int("threads"), Text("command"), Text("executable"),
        ]);

    /// <summary>The TCP sockets that listen and the UDP sockets that are bound and not connected.</summary>
    /// <remarks><c>protocol</c>: <c>tcp</c> or <c>udp</c>. <c>address</c>: the local address in canonical text, where
    /// <c>0.0.0.0</c> and <c>::</c> mean every address. <c>port</c>: the local port. <c>user_id</c>: the user that made
    /// the socket. <c>pid</c>: a process that holds it, a row for each; null when we may not look.</remarks>
    public static TableSchema Listeners { get; } = new(
        "listeners", [Text("protocol"), Text("address"), Int("port"), Int("user_id"), Int("pid")]);

    /// <summary>The local accounts.</summary>
    /// <remarks><c>name</c>, <c>user_id</c>, <c>group_id</c> (of the primary group), <c>home</c> and <c>shell</c> are as
    /// the account file has them. <c>home_exists</c>: whether the home is a folder; null when we may not look, or when
    /// it is on a file system that could block.</remarks>
    public static TableSchema Users { get; } = new(
        "users",
        [Text("name"), Int("user_id"), Int("group_id"), Text("home"), Text("shell"), Bool("home_exists")]);

    /// <summary>The local groups.</summary>
    public static TableSchema Groups { get; } = new("groups", [Text("name"), Int("group_id")]);

    /// <summary>Who is in which group, be it the user's primary group or one that lists the user.</summary>
    public static TableSchema Members { get; } = new("members", [Text("group_name"), Text("user_name")]);

    /// <summary>How far the password of an account can be used; never the password or its hash.</summary>
    /// <remarks><c>status</c>: <c>empty</c> (none is asked for), <c>locked</c> (none is accepted) or <c>set</c>.
    /// An account whose password is in a file that we may not read has no row.</remarks>
    public static TableSchema Passwords { get; } = new("passwords", [Text("user"), Text("status")]);

    /// <summary>The mounted file systems; of several at one path, the last one, which hides the others.</summary>
    /// <remarks><c>device</c>: what is mounted. <c>path</c>: where. <c>type</c>: the type of the file system.</remarks>
    public static TableSchema Mounts { get; } = new("mounts", [Text("device"), Text("path"), Text("type")]);

    /// <summary>The options of each mount, a row for each, such as <c>nosuid</c> or <c>size=64k</c>.</summary>
    public static TableSchema MountOptions { get; } = new("mount_options", [Text("path"), Text("option")]);

    /// <summary>The space of the local file systems.</summary>
    /// <remarks><c>path</c>: where it is mounted. <c>total_kib</c>: its size in KiB. <c>free_kib</c>: what an ordinary
    /// user can still write, in KiB. <c>used_percent</c>: the rest in percent of the size, rounded up, so that
    /// <c>used_percent > 90</c> is exact.</remarks>
    public static TableSchema Disks { get; } = new(
        "disks", [Text("path"), Int("total_kib"), Int("free_kib"), Int("used_percent")]);

    /// <summary>The network interfaces.</summary>
    /// <remarks><c>state</c>: the operational state, such as <c>up</c>, <c>down</c>, <c>dormant</c> or <c>unknown</c>
    /// (a loopback says so). <c>mac</c>: the hardware address in lower case with colons. <c>mtu</c>: in bytes.
    /// <c>speed_mbit</c>: in Mbit/s. <c>enabled</c>: whether the administrator turned it on. <c>promiscuous</c>: whether
    /// it takes in traffic for others. <c>master</c>: the bridge or bond that it is part of.</remarks>
    public static TableSchema Interfaces { get; } = new(
        "interfaces",
        [
            Text("name"), Text("state"), Text("mac"), Int("mtu"), Int("speed_mbit"), Bool("enabled"),
            Bool("promiscuous"), Text("master"),
        ]);

    /// <summary>The addresses of the interfaces.</summary>
    /// <remarks><c>address</c>: in canonical text, without a zone. <c>prefix_length</c>: in bits. <c>family</c>:
    /// <c>ipv4</c> or <c>ipv6</c>.</remarks>
    public static TableSchema Addresses { get; } = new(
        "addresses", [Text("interface"), Text("address"), Int("prefix_length"), Text("family")]);

    /// <summary>The kernel settings that the options name.</summary>
    /// <remarks><c>name</c>: as <c>sysctl</c> writes it. <c>value</c>: an integer where it is one, otherwise a text with
    /// single spaces.</remarks>
    public static TableSchema KernelSettings { get; } = new("kernel_settings", [Text("name"), new Column("value")]);

    /// <summary>What is below the folder that the options name; links are listed and not followed.</summary>
    /// <remarks><c>path</c>: as the host names it. <c>type</c>: <c>file</c> (pipes, sockets and devices too),
    /// <c>folder</c> or <c>link</c>. <c>mode</c>: the permissions as four octal digits. <c>owner_write</c>,
    /// <c>group_write</c>, <c>other_write</c>, <c>other_read</c>, <c>setuid</c>, <c>setgid</c>, <c>sticky</c>: its bits.
    /// <c>size</c>: in bytes, null for a folder and a link.</remarks>
    public static TableSchema Files { get; } = new(
        "files",
        [
            Text("path"), Text("type"), Text("mode"), Bool("owner_write"), Bool("group_write"), Bool("other_write"),
            Bool("other_read"), Bool("setuid"), Bool("setgid"), Bool("sticky"), Int("size"),
        ]);

    /// <summary>What the last read could not see: the table that has fewer rows or more nulls for it, the file or folder
    /// as the host names it, and the reason.</summary>
    /// <remarks>The reason holds nothing that changes from one read to the next while the trouble stays.</remarks>
    public static TableSchema Problems { get; } = new("problems", [Text("table"), Text("path"), Text("reason")]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TableSchema> All { get; } =
    [
        Processes, Listeners, Users, Groups, Members, Passwords, Mounts, MountOptions, Disks, Interfaces, Addresses,
        KernelSettings, Files, Problems,
    ];

    private static Column Text(string name) => new(name, ColumnType.Text);

    private static Column Int(string name) => new(name, ColumnType.Int);

    private static Column Bool(string name) => new(name, ColumnType.Bool);
}
