using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class MountTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Mounts_and_their_options_are_rows()
    {
        _host.WithMount("/dev/sda1", "/", "ext4", "rw,relatime").WithMount("tmpfs", @"/mnt/a\040b\134c", "tmpfs", "ro,size=64k");
        Assert.Equal(
            ["""("/dev/sda1", "/", "ext4")""", """("tmpfs", "/mnt/a b\\c", "tmpfs")"""],
            await _host.RowsAsync(HostTables.Mounts));
        Assert.Equal(
            [
                """("/", "relatime")""", """("/", "rw")""",
                """("/mnt/a b\\c", "ro")""", """("/mnt/a b\\c", "size=64k")""",
            ],
            await _host.RowsAsync(HostTables.MountOptions));
    }

    [Theory]
    [InlineData(@"a\011b\012c", "a\tb\nc")]
    [InlineData(@"\04", @"\04")]
    [InlineData(@"\9\040", @"\9 ")]
    [InlineData(@"ä\377", @"ä\377")]
    public void Escapes_are_three_octal_digits(string text, string plain) => Assert.Equal(plain, MountReader.Unescape(text));

    [Fact]
    public async Task Of_several_mounts_at_a_path_the_last_one_counts()
    {
        _host.WithMount("/dev/sda1", "/tmp", "ext4", "rw").WithMount("tmpfs", "/tmp", "tmpfs", "nosuid");
        Assert.Equal(["""("tmpfs", "/tmp", "tmpfs")"""], await _host.RowsAsync(HostTables.Mounts));
        Assert.Equal(["""("/tmp", "nosuid")"""], await _host.RowsAsync(HostTables.MountOptions));
    }

    [Fact]
    public async Task A_host_without_a_self_is_read_from_proc_mounts()
    {
        Directory.Delete(_host.Locate("/proc/self"), recursive: true);
        _host.WithText("/proc/mounts", "/dev/sda1 / ext4 rw 0 0\nmalformed\n");
        Assert.Equal(["""("/dev/sda1", "/", "ext4")"""], await _host.RowsAsync(HostTables.Mounts));
        Assert.Equal(["""("mounts", "/proc/mounts", "line 2 is malformed")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task Only_local_file_systems_are_asked_for_their_space()
    {
        foreach (var type in new[] { "ext4", "nfs4", "fuse.sshfs", "cifs", "proc", "squashfs", "some-new-network-fs" })
        {
            _host.WithMount("device", $"/{type}", type, "rw");
        }

        var asked = new List<string>();
        await _host.ReadAsync(options => options with
        {
            DiskSpace = path =>
            {
                asked.Add(path);
                return null;
            },
        });
        Assert.Equal(["/ext4"], asked);
    }

    [Theory]
    [InlineData(100 * 1024, 60 * 1024, "(\"/\", 100, 60, 40)")]
    [InlineData(100_000 * 1024, 9_999 * 1024, "(\"/\", 100000, 9999, 91)")]
    [InlineData(100_000 * 1024, 10_000 * 1024, "(\"/\", 100000, 10000, 90)")]
    [InlineData(4096, 0, "(\"/\", 4, 0, 100)")]
    public async Task Use_is_rounded_up_to_percent(long total, long free, string row)
    {
        _host.WithMount("/dev/sda1", "/", "ext4", "rw");
        Assert.Equal(
            [row], await _host.RowsAsync(HostTables.Disks, options => options with { DiskSpace = _ => new DiskSpace(total, free) }));
    }

    [Fact]
    public async Task A_mount_that_cannot_be_asked_is_skipped()
    {
        _host.WithMount("/dev/sda1", "/", "ext4", "rw").WithMount("/dev/sdb1", "/data", "ext4", "rw").WithDisk("/data", 10);
        Func<string, DiskSpace?> fake = _host.Options.DiskSpace!;
        var tables = await _host.ReadAsync(options => options with
        {
            DiskSpace = path => path is "/" ? throw new UnauthorizedAccessException() : fake(path),
        });
        Assert.Equal("""("/data", 1000000, 900000, 10)""", Assert.Single(tables["disks"]).ToString());
        Assert.Equal("""("disks", "/", "access denied")""", Assert.Single(tables["problems"]).ToString());
    }
}
