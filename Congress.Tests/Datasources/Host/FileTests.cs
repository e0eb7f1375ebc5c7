using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class FileTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Files_are_rows_with_their_permissions()
    {
        _host.WithFile("/srv/a", "0644", "12345").WithFile("/srv/d/run", "6750", "").WithFolder("/srv/drop")
            .WithMode("/srv/d", "0700").WithMode("/srv/drop", "1777");
        Assert.Equal(
            [
                """("/srv/a", "file", "0644", true, false, false, true, false, false, false, 5)""",
                """("/srv/d", "folder", "0700", true, false, false, false, false, false, false, null)""",
                """("/srv/d/run", "file", "6750", true, false, false, false, true, true, false, 0)""",
                """("/srv/drop", "folder", "1777", true, true, true, true, false, false, true, null)""",
            ],
            await _host.RowsAsync(HostTables.Files));
    }

    [Fact]
    public async Task Links_are_listed_and_not_followed()
    {
        _host.WithLink("/srv/loop", ".").WithLink("/srv/broken", "nowhere").WithLink("/srv/out", "/etc");
        Assert.Equal(
            ["/srv/broken link", "/srv/loop link", "/srv/out link"],
            (await _host.ReadAsync())["files"].Select(row => $"{row[0].AsText()} {row[1].AsText()}").Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public async Task Their_number_is_bounded()
    {
        _host.WithFile("/srv/a", "0644").WithFile("/srv/b", "0644").WithFile("/srv/c", "0644");
        var all = await _host.ReadAsync(options => options with { MaxFiles = 3 });
        Assert.Equal(3, all["files"].Count);
        Assert.Empty(all["problems"]);

        var some = await _host.ReadAsync(options => options with { MaxFiles = 2 });
        Assert.Equal(2, some["files"].Count);
        Assert.Equal("""("files", "/srv", "too many files, the rest was not read")""", Assert.Single(some["problems"]).ToString());
    }

    [Fact]
    public async Task A_network_file_system_below_the_folder_is_not_entered()
    {
        _host.WithFile("/srv/share/a", "0644").WithMount("server:/", "/srv/share", "nfs", "rw");
        var tables = await _host.ReadAsync();
        Assert.Equal("/srv/share", Assert.Single(tables["files"])[0].AsText());
        Assert.Equal("/srv/share", Assert.Single(tables["problems"])[1].AsText());
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_a_problem()
    {
        Directory.Delete(_host.Locate("/srv"));
        Assert.Empty(await _host.RowsAsync(HostTables.Files));
        Assert.Equal(["""("files", "/srv", "missing")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("relative")]
    public void A_folder_outside_the_root_is_refused(string folder) =>
        Assert.Throws<ArgumentException>(() => new HostFactsDriver(_host.Options with { Folder = folder }));

    [Fact]
    public void A_folder_whose_name_begins_as_the_root_does_is_outside() =>
        Assert.Throws<ArgumentException>(() => new HostFactsDriver(_host.Options with { Folder = _host.Root + "-else" }));
}
