using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class AccountTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Accounts_tell_whether_their_home_exists()
    {
        _host.WithUser("ann", 1000).WithUser("bob", 1001, groupId: 7, shell: "/bin/sh", hasHome: false).WithUser("cy", 1002, home: "relative", hasHome: false);
        Assert.Equal(
            [
                """("ann", 1000, 1000, "/home/ann", "/bin/bash", true)""",
                """("bob", 1001, 7, "/home/bob", "/bin/sh", false)""",
                """("cy", 1002, 1002, "relative", "/bin/bash", false)""",
            ],
            await _host.RowsAsync(HostTables.Users));
    }

    [Fact]
    public async Task A_home_on_a_network_file_system_is_not_looked_at()
    {
        _host.WithUser("ann", 1000).WithMount("server:/home", "/home", "nfs4", "rw");
        Assert.Equal(["""("ann", 1000, 1000, "/home/ann", "/bin/bash", null)"""], await _host.RowsAsync(HostTables.Users));
    }

    [Fact]
    public async Task Members_are_those_listed_and_those_whose_primary_group_it_is()
    {
        _host.WithUser("ann", 1000).WithUser("bob", 1001, groupId: 50)
            .WithGroup("staff", 50, "ann", "ghost").WithGroup("ann", 1000).WithGroup("none", 60);
        Assert.Equal(
            ["""("ann", 1000)""", """("none", 60)""", """("staff", 50)"""], await _host.RowsAsync(HostTables.Groups));
        Assert.Equal(
            ["""("ann", "ann")""", """("staff", "ann")""", """("staff", "bob")""", """("staff", "ghost")"""],
            await _host.RowsAsync(HostTables.Members));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("!", "locked")]
    [InlineData("!!", "locked")]
    [InlineData("*", "locked")]
    [InlineData("!$6$salt$hash", "locked")]
    [InlineData("$y$j9T$salt$hash", "set")]
    public async Task A_password_is_told_by_its_status_only(string shadow, string status)
    {
        _host.WithUser("bob", 1001, password: shadow);
        Assert.Equal([$"""("bob", "{status}")"""], await _host.RowsAsync(HostTables.Passwords));
    }

    [Fact]
    public async Task The_account_file_decides_unless_it_sends_to_the_shadow_file()
    {
        _host.WithText("/etc/passwd", "bob::1001:1001::/:/bin/sh\ncy:*:1002:1002::/:/bin/sh\n")
            .WithText("/etc/shadow", "bob:$6$hash:1::::::\nstranger::1::::::\n");
        Assert.Equal(["""("bob", "empty")""", """("cy", "locked")"""], await _host.RowsAsync(HostTables.Passwords));
    }

    [Fact]
    public async Task Without_the_shadow_file_there_are_no_passwords_and_one_problem()
    {
        _host.WithUser("bob", 1001).Without("/etc/shadow").WithFolder("/etc/shadow");
        Assert.Empty(await _host.RowsAsync(HostTables.Passwords));
        Assert.Equal(["""("passwords", "/etc/shadow", "access denied")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_malformed_line_is_a_problem_that_does_not_tell_the_line()
    {
        _host.WithText("/etc/passwd", "# accounts\n\nsecret\nann:x:one:1::/:/bin/sh\nbob:x:2:2::/:/bin/sh\n")
            .WithText("/etc/group", "a:x:\nb:x:2:\n").WithText("/etc/shadow", "secret\nbob:*:\n");
        Assert.Equal(["""("bob", 2, 2, "/", "/bin/sh", true)"""], await _host.RowsAsync(HostTables.Users));
        Assert.Equal(["""("b", 2)"""], await _host.RowsAsync(HostTables.Groups));
        Assert.Equal(
            [
                """("groups", "/etc/group", "line 1 is malformed")""",
                """("passwords", "/etc/shadow", "line 1 is malformed")""",
                """("users", "/etc/passwd", "line 3 is malformed")""",
                """("users", "/etc/passwd", "line 4 is malformed")""",
            ],
            await _host.RowsAsync(HostTables.Problems));
    }
}
