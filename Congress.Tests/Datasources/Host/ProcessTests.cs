using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class ProcessTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_process_is_one_row()
    {
        _host.WithUser("bob", 1001).WithProcess(
            77, "java", userId: 1001, parent: 7, state: 'D', memoryKib: 2048, threads: 33, executable: "/opt/java", arguments: ["-jar", "a b.jar"]);
        Assert.Equal(
            ["""(77, 7, "java", 1001, "bob", "waiting", 2048, 33, "/opt/java -jar a b.jar", "/opt/java")"""],
            await _host.RowsAsync(HostTables.Processes));
        Assert.Empty(await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_name_may_hold_spaces_and_parentheses()
    {
        _host.WithProcess(77, "a) R 1 (b");
        var rows = await _host.RowsAsync(HostTables.Processes);
        Assert.StartsWith("""(77, 1, "a) R 1 (b", 0, null, "sleeping",""", Assert.Single(rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zombie_has_no_memory_no_command_and_no_program()
    {
        _host.WithProcess(77, "sh", state: 'Z').Without("/proc/77/exe")
            .WithText("/proc/77/cmdline", "").WithText("/proc/77/status", "Name:\tsh\nUid:\t0\t0\t0\t0\n");
        Assert.Equal(
            ["""(77, 1, "sh", 0, null, "zombie", 0, 1, null, null)"""], await _host.RowsAsync(HostTables.Processes));
    }

    [Fact]
    public async Task The_user_is_the_effective_one()
    {
        _host.WithProcess(77, "sudo").WithText("/proc/77/status", "Uid:\t1000\t0\t0\t0\nVmRSS:\t1 kB\n");
        Assert.StartsWith("""(77, 1, "sudo", 0,""", (await _host.RowsAsync(HostTables.Processes))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_ends_while_it_is_read_is_left_out_without_a_word()
    {
        _host.WithFolder("/proc/77").WithProcess(78, "sh").Without("/proc/78/status").WithProcess(79, "sh");
        Assert.StartsWith("(79,", Assert.Single(await _host.RowsAsync(HostTables.Processes)), StringComparison.Ordinal);
        Assert.Empty(await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_process_that_may_not_be_read_is_a_row_of_nulls_and_one_problem()
    {
        // Opening a folder as a file is denied to every user, root too.
        _host.WithFolder("/proc/77/stat").WithFolder("/proc/77/status").WithFolder("/proc/78/stat").WithFolder("/proc/78/status");
        Assert.Equal(
            [
                "(77, null, null, null, null, null, null, null, null, null)",
                "(78, null, null, null, null, null, null, null, null, null)",
            ],
            await _host.RowsAsync(HostTables.Processes));
        Assert.Equal(
            [
                """("processes", "/proc/*/stat", "access denied")""",
                """("processes", "/proc/*/status", "access denied")""",
            ],
            await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_program_that_may_not_be_seen_is_null_and_a_problem()
    {
        _host.WithProcess(77, "sh").Without("/proc/77/exe");
        Assert.EndsWith("\"/usr/bin/sh\", null)", Assert.Single(await _host.RowsAsync(HostTables.Processes)), StringComparison.Ordinal);
        Assert.Equal(["""("processes", "/proc/*/exe", "access denied")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Theory]
    [InlineData("")]
    [InlineData("77 sh S 1 77")]
    [InlineData("77 )sh( S 1 77")]
    [InlineData("77 (sh) S 1 77")]
    public async Task A_malformed_process_is_a_problem(string stat)
    {
        _host.WithProcess(77, "sh").WithText("/proc/77/stat", stat);
        Assert.StartsWith("(77, null, null, 0,", Assert.Single(await _host.RowsAsync(HostTables.Processes)), StringComparison.Ordinal);
        Assert.Equal(["""("processes", "/proc/77/stat", "malformed")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_command_is_cut_at_4096_characters()
    {
        _host.WithProcess(77, "sh", executable: "x", arguments: [new string('y', 10_000)]);
        var process = Assert.Single((await _host.ReadAsync())["processes"]);
        Assert.Equal("x " + new string('y', 4094), process[8].AsText());
    }
}
