using System.Collections.Frozen;

namespace Congress.Datasources.Drivers.Host;

/// <summary>What kind of file system a type is.</summary>
/// <remarks>The lists name what is safe to ask. A server that is gone can block whoever asks a network file system, for
/// ever and beyond cancellation, and new ones are invented faster than a list of them is kept up.</remarks>
internal static class FileSystemTypes
{
    private static readonly FrozenSet<string> Local = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "apfs", "bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "fat32", "hfs", "jfs", "msdos", "nilfs2",
        "ntfs", "ntfs3", "overlay", "refs", "reiserfs", "tmpfs", "ufs", "vfat", "xfs", "zfs");

    private static readonly FrozenSet<string> Kernel = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs", "fusectl",
        "hugetlbfs", "iso9660", "mqueue", "nsfs", "proc", "pstore", "ramfs", "rootfs", "securityfs", "selinuxfs",
        "squashfs", "sysfs", "tracefs");

    /// <summary>Whether it keeps files on this machine, in a space that can run out.</summary>
    /// <remarks>Images such as squashfs are always full and not meant.</remarks>
    public static bool HasSpace(string type) => Local.Contains(type);

    /// <summary>Whether looking at a file on it could block.</summary>
    public static bool MayBlock(string type) => !Local.Contains(type) && !Kernel.Contains(type);
}
