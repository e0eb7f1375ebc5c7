using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

public sealed class NetworkTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Interfaces_are_rows()
    {
        _host.WithInterface("lo", state: "unknown", flags: 0x9, mac: "00:00:00:00:00:00", mtu: 65536)
            .WithInterface("eth0", flags: 0x1103, master: "br0").WithText("/sys/class/net/eth0/speed", "1000\n")
            .WithInterface("eth1", state: "down", flags: 0x1002, mac: "AA:BB:CC:00:00:01").WithText("/sys/class/net/eth1/speed", "-1\n")
            .WithText("/sys/class/net/bonding_masters", "");
        Assert.Equal(
            [
                """("eth0", "up", "02:00:00:00:00:01", 1500, 1000, true, true, "br0")""",
                """("eth1", "down", "aa:bb:cc:00:00:01", 1500, null, false, false, null)""",
                """("lo", "unknown", null, 65536, null, true, false, null)""",
            ],
            await _host.RowsAsync(HostTables.Interfaces));
        Assert.Empty(await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task An_interface_that_tells_nothing_is_a_row_of_nulls()
    {
        _host.WithFolder("/sys/class/net/odd").WithText("/sys/class/net/odd/flags", "none");
        Assert.Equal(["""("odd", null, null, null, null, null, null, null)"""], await _host.RowsAsync(HostTables.Interfaces));
    }

    [Fact]
    public async Task Addresses_find_their_interface_by_the_longest_direct_route()
    {
        _host.WithAddress("lo", "127.0.0.1", 8).WithAddress("lo", "::1", 128)
            .WithAddress("eth0", "10.0.0.5", 8).WithAddress("eth1", "10.1.2.3", 24).WithAddress("eth0", "fe80::1", 64);
        Assert.Equal(
            [
                """("eth0", "10.0.0.5", 8, "ipv4")""",
                """("eth0", "fe80::1", 64, "ipv6")""",
                """("eth1", "10.1.2.3", 24, "ipv4")""",
                """("lo", "127.0.0.1", 8, "ipv4")""",
                """("lo", "::1", 128, "ipv6")""",
            ],
            await _host.RowsAsync(HostTables.Addresses));
    }

    [Fact]
    public async Task Only_what_the_trie_calls_local_is_an_address()
    {
        // As a kernel prints it: networks and broadcasts stand beside the addresses, and all appear in two tables.
        _host.WithText("/proc/net/fib_trie", """
            Main:
              +-- 0.0.0.0/0 3 0 5
                 |-- 0.0.0.0
                    /0 universe UNICAST
                 +-- 192.0.2.0/24 2 0 2
                    |-- 192.0.2.0
                       /24 link UNICAST
                    |-- 192.0.2.2
                       /32 host LOCAL
                    |-- 192.0.2.255
                       /32 link BROADCAST
            Local:
                    |-- 192.0.2.2
                       /32 host LOCAL
            """).WithText("/proc/net/route", "Iface\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\nbad\n");
        Assert.Equal(["""(null, "192.0.2.2", 32, "ipv4")"""], await _host.RowsAsync(HostTables.Addresses));
        Assert.Equal(["""("addresses", "/proc/net/route", "line 3 is malformed")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Theory]
    [InlineData("fe80 02 40 20 80 eth0")]
    [InlineData("zz800000000000000000000000000001 02 40 20 80 eth0")]
    [InlineData("fe800000000000000000000000000001 02 999 20 80 eth0")]
    [InlineData("fe800000000000000000000000000001")]
    public async Task A_malformed_address_is_a_problem(string line)
    {
        _host.WithText("/proc/net/if_inet6", line);
        Assert.Empty(await _host.RowsAsync(HostTables.Addresses));
        Assert.Equal(["""("addresses", "/proc/net/if_inet6", "line 1 is malformed")"""], await _host.RowsAsync(HostTables.Problems));
    }

    [Fact]
    public async Task A_kernel_setting_is_an_integer_where_it_is_one()
    {
        _host.WithSetting("kernel.randomize_va_space", "2").WithSetting("net.ipv4.ping_group_range", "1\t0").WithSetting("kernel.core_pattern", "|/bin/dump %p");
        Assert.Equal(
            [
                """("kernel.core_pattern", "|/bin/dump %p")""",
                """("kernel.randomize_va_space", 2)""",
                """("net.ipv4.ping_group_range", "1 0")""",
            ],
            await _host.RowsAsync(HostTables.KernelSettings, options => options with
            {
                KernelSettings = ["kernel.randomize_va_space", "net.ipv4.ping_group_range", "kernel.core_pattern", "kernel.not_here"],
            }));
    }
}
