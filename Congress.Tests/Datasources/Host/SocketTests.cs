using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class SocketTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("00000000:0016", "0.0.0.0:22")]
    [InlineData("0100007F:0035", "127.0.0.1:53")]
    [InlineData("020200C0:FFFF", "192.0.2.2:65535")]
    [InlineData("00000000000000000000000000000000:0050", "[::]:80")]
    [InlineData("00000000000000000000000001000000:0277", "[::1]:631")]
    [InlineData("000080FE00000000FF005450ABCDEF01:0001", "[fe80::5054:ff:1ef:cdab]:1")]
    [InlineData("0000000000000000FFFF00000100007F:1F90", "[::ffff:127.0.0.1]:8080")]
    public void Addresses_are_words_in_the_order_of_a_little_endian_machine(string text, string endPoint)
    {
        Assert.Equal(endPoint, SocketReader.ParseEndPoint(text)?.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0100007F")]
    [InlineData("0100007F:")]
    [InlineData("0100007F:10000")]
    [InlineData("0100007G:0035")]
    [InlineData("007F:0035")]
    public void What_is_no_address_is_none(string text) => Assert.Null(SocketReader.ParseEndPoint(text));

    [Fact]
    public async Task Sockets_that_listen_are_rows_one_for_each_process_that_holds_them()
    {
        _host.WithProcess(1, "init").WithProcess(10, "nginx").WithProcess(11, "nginx")
            .WithListener("tcp", "0.0.0.0", 80, pid: 10)
            .WithLink("/proc/11/fd/4", "socket:[5001]")
            .WithLink("/proc/11/fd/5", "/dev/null").WithLink("/proc/11/fd/6", "socket:[").WithLink("/proc/11/fd/7", "pipe:[5001]")
            .WithListener("tcp", "2001:db8::1", 443, userId: 33)
            .WithListener("udp", "127.0.0.1", 53, userId: 101, pid: 1);
        Assert.Equal(
            [
                """("tcp", "0.0.0.0", 80, 0, 10)""",
                """("tcp", "0.0.0.0", 80, 0, 11)""",
                """("tcp", "2001:db8::1", 443, 33, null)""",
                """("udp", "127.0.0.1", 53, 101, 1)""",
            ],
            await _host.RowsAsync(HostTables.Listeners));
        Assert.Empty(await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_holder_that_may_not_be_seen_is_null_and_a_problem()
    {
        _host.WithProcess(10, "nginx").WithText("/proc/10/fd/3", "a link that may not be read").WithListener("tcp", "::", 80);
        Assert.Equal(["""("tcp", "::", 80, 0, null)"""], await _host.RowsAsync(HostTables.Listeners));
        Assert.Equal(["""("listeners", "/proc/*/fd", "access denied")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task Connections_are_not_listeners()
    {
        _host.WithText("/proc/net/tcp", "header\n   0: 0100007F:0035 0200007F:C350 01 0:0 00:0 0 0 0 42 1\n")
            .WithText("/proc/net/udp", "header\n   0: 0100007F:C351 0200007F:0035 01 0:0 00:0 0 0 0 43 1\n");
        Assert.Empty(await _host.RowsAsync(HostTables.Listeners));
        Assert.Empty(await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_malformed_line_costs_that_line_only()
    {
        _host.WithListener("tcp", "127.0.0.1", 1).WithText("/proc/net/udp", "header\n   0: zz\n\n")
            .WithListener("udp", "127.0.0.1", 2);
        Assert.Equal(
            ["""("tcp", "127.0.0.1", 1, 0, null)""", """("udp", "127.0.0.1", 2, 0, null)"""],
            await _host.RowsAsync(HostTables.Listeners));
        Assert.Equal(
            ["""("listeners", "/proc/net/udp", "line 2 is malformed")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_kernel_without_IPv6_is_no_problem()
    {
        _host.Without("/proc/net/tcp6").Without("/proc/net/udp6").Without("/proc/net/if_inet6");
        Assert.Empty(await _host.RowsAsync(HostTables.Problems));
    }
}
