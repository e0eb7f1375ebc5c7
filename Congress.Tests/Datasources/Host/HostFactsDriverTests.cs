using Congress.Data;
using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class HostFactsDriverTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task An_empty_host_has_every_table_and_no_rows()
    {
        var tables = await _host.ReadAsync();
        Assert.Equal(HostTables.All.Select(table => table.Table).Order(StringComparer.Ordinal), tables.Keys.Order(StringComparer.Ordinal));
        Assert.All(tables.Values, Assert.Empty);
    }

    [Fact]
    public async Task Every_row_fits_its_schema()
    {
        using var healthy = FakeHost.Healthy();
        var tables = await healthy.ReadAsync();
        foreach (var table in HostTables.All)
        {
            Assert.All(tables[table.Table], row => Assert.All(
                table.Columns.Zip(row, (column, value) => (column, value)),
                cell => Assert.True(cell.column.TryFit(cell.value, out _), $"{table}: {row}")));
            Assert.All(tables[table.Table], row => Assert.Equal(table.Arity, row.Count));
        }
    }

    [Fact]
    public async Task A_folder_without_a_host_is_a_list_of_problems()
    {
        Directory.Delete(_host.Root, recursive: true);
        Directory.CreateDirectory(_host.Root);
        var tables = await _host.ReadAsync();
        Assert.All(tables.Where(table => table.Key is not "problems"), table => Assert.Empty(table.Value));
        Assert.Equal(
            [
                "addresses /proc/net/fib_trie", "addresses /proc/net/route", "files /srv", "groups /etc/group",
                "interfaces /sys/class/net", "listeners /proc/net/tcp", "listeners /proc/net/udp", "mounts /proc/mounts",
                "processes /proc", "users /etc/passwd",
            ],
            tables["problems"].Select(row => $"{row[0].AsText()} {row[1].AsText()}").Order(StringComparer.Ordinal).ToArray());
        Assert.All(tables["problems"], row => Assert.Equal("missing", row[2].AsText()));
    }

    [Fact]
    public async Task A_file_beyond_the_bound_is_cut_after_its_last_whole_line()
    {
        _host.WithText("/etc/group", "a:x:1:\nb:x:2000:\n");
        var tables = await _host.ReadAsync(options => options with { MaxFileBytes = 33 });
        Assert.DoesNotContain(tables["problems"], row => row[0] == "groups");

        tables = await _host.ReadAsync(options => options with { MaxFileBytes = 13 });
        Assert.Equal("""("a", 1)""", Assert.Single(tables["groups"]).ToString());
        Assert.Contains(new Row("groups", "/etc/group", "too long, the rest was not read"), tables["problems"]);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_no_harm()
    {
        var noise = new byte[4096];
        new Random(7).NextBytes(noise);
        using var healthy = FakeHost.Healthy();
        foreach (var file in Directory.GetFiles(healthy.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            await File.WriteAllBytesAsync(file, noise);
        }

        Assert.NotEmpty((await healthy.ReadAsync())["problems"]);
    }

    [Fact]
    public async Task A_cancelled_read_is_a_cancelled_task()
    {
        var read = new HostFactsDriver(_host.Options).ReadAsync(new CancellationToken(canceled: true));
        Assert.True(read.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
    }

    [Fact]
    public async Task Cancellation_is_heeded_between_two_mounts()
    {
        using var source = new CancellationTokenSource();
        _host.WithMount("a", "/a", "ext4", "rw").WithMount("b", "/b", "ext4", "rw");
        var asked = 0;
        var driver = new HostFactsDriver(_host.Options with
        {
            DiskSpace = _ =>
            {
                asked++;
                source.Cancel();
                return null;
            },
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await driver.ReadAsync(source.Token));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void A_bound_must_be_positive(int files, int bytes) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new HostFactsDriver(_host.Options with { MaxFiles = files, MaxFileBytes = bytes }));
}
