using System.Net;
using System.Net.Sockets;
using Congress.Datalog.Builtins;

namespace Congress.Tests.Datalog.Builtins;

public class NetworksTests
{
    [Theory]
    [InlineData("ips_equal(\"192.0.2.1\", \"192.0.2.1\")", "holds")]
    [InlineData("ips_equal(\"192.0.2.1\", \"192.0.2.2\")", "fails")]
    [InlineData("ips_lt(\"192.0.2.1\", \"192.0.2.2\")", "holds")]
    [InlineData("ips_lt(\"192.0.2.1\", \"192.0.2.1\")", "fails")]
    [InlineData("ips_lt(\"192.0.2.2\", \"192.0.2.1\")", "fails")]
    [InlineData("ips_lt(\"10.0.0.9\", \"10.0.0.10\")", "holds")]
    [InlineData("ips_lteq(\"192.0.2.1\", \"192.0.2.1\")", "holds")]
    [InlineData("ips_lteq(\"192.0.2.1\", \"192.0.2.2\")", "holds")]
    [InlineData("ips_lteq(\"192.0.2.2\", \"192.0.2.1\")", "fails")]
    [InlineData("ips_gt(\"192.0.2.2\", \"192.0.2.1\")", "holds")]
    [InlineData("ips_gt(\"192.0.2.1\", \"192.0.2.1\")", "fails")]
    [InlineData("ips_gt(\"192.0.2.1\", \"192.0.2.2\")", "fails")]
    [InlineData("ips_gteq(\"192.0.2.2\", \"192.0.2.1\")", "holds")]
    [InlineData("ips_gteq(\"192.0.2.2\", \"192.0.2.2\")", "holds")]
    [InlineData("ips_gteq(\"192.0.2.1\", \"192.0.2.2\")", "fails")]
    [InlineData("ips_equal(\"::ffff:192.0.2.1\", \"::ffff:192.0.2.1\")", "holds")]
    [InlineData("ips_equal(\"::ffff:192.0.2.1\", \"::ffff:192.0.2.2\")", "fails")]
    [InlineData("ips_equal(\"::ffff:192.0.2.1\", \"::FFFF:c000:201\")", "holds")]
    [InlineData("ips_lt(\"::ffff:192.0.2.1\", \"::ffff:192.0.2.2\")", "holds")]
    [InlineData("ips_lt(\"::ffff:192.0.2.2\", \"::ffff:192.0.2.1\")", "fails")]
    [InlineData("ips_gteq(\"fe80::2\", \"fe80::1\")", "holds")]
    public void Addresses_compare_as_numbers(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("ips_equal(\"192.0.2.1\", \"::ffff:192.0.2.1\")", "fails")]
    [InlineData("ips_lt(\"255.255.255.255\", \"::1\")", "holds")]
    [InlineData("ips_gt(\"::1\", \"255.255.255.255\")", "holds")]
    [InlineData("ip_in_network(\"::ffff:10.0.0.1\", \"10.0.0.0/8\")", "fails")]
    [InlineData("ip_in_network(\"10.0.0.1\", \"::/0\")", "fails")]
    [InlineData("networks_equal(\"0.0.0.0/0\", \"::/0\")", "fails")]
    [InlineData("networks_overlap(\"0.0.0.0/0\", \"::/0\")", "fails")]
    public void The_two_versions_have_nothing_in_common_and_the_fourth_comes_first(string call, string expected) =>
        Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("ips_equal(\"10.0.0.1\", 167772161)", "holds")]
    [InlineData("ips_equal(\"::1:2a05:f200\", 5000000000)", "holds")]
    [InlineData("ips_equal(\"0.0.0.0\", -1)", "fails")]
    [InlineData("ips_equal(-1, -1)", "fails")]
    [InlineData("ips_equal(1.0, 1.0)", "fails")]
    [InlineData("ips_equal(null, null)", "fails")]
    [InlineData("networks_equal(5, 5)", "fails")]
    public void A_number_can_be_an_address_but_not_a_network(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("networks_equal(\"192.0.2.0/24\", \"192.0.2.112/24\")", "holds")]
    [InlineData("networks_equal(\"192.0.2.0/24\", \"192.0.3.0/24\")", "fails")]
    [InlineData("networks_equal(\"192.0.2.0/24\", \"192.0.2.0/25\")", "fails")]
    [InlineData("networks_equal(\"10.1.2.3/255.0.0.0\", \"10.0.0.0/8\")", "holds")]
    [InlineData("networks_equal(\"10.1.2.3/0.255.255.255\", \"10.0.0.0/8\")", "holds")]
    [InlineData("networks_equal(\"10.1.2.3/0.0.0.0\", \"0.0.0.0/0\")", "holds")]
    [InlineData("networks_equal(\"10.1.2.3/255.255.255.255\", \"10.1.2.3\")", "holds")]
    [InlineData("networks_equal(\"10.0.0.1\", \"10.0.0.1/32\")", "holds")]
    [InlineData("networks_equal(\"::1\", \"::1/128\")", "holds")]
    [InlineData("networks_equal(\"fe80::1/ffff::\", \"fe80::/16\")", "holds")]
    [InlineData("networks_equal(\"fe80::ffff:192.0.2.0/24\", \"fe80::ffff:192.0.2.112/24\")", "holds")]
    [InlineData("networks_equal(\"fe80::ffff:192.0.2.0/24\", \"ae80::ffff:192.0.2.0/24\")", "fails")]
    public void Networks_are_equal_by_their_first_and_last_address(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("\"192.0.2.0/23\", \"192.0.2.0/24\"", "holds")]
    [InlineData("\"192.0.2.0/24\", \"192.0.3.0/24\"", "fails")]
    [InlineData("\"10.0.0.0/8\", \"10.1.0.0/16\"", "holds")]
    [InlineData("\"0.0.0.0/0\", \"255.255.255.255\"", "holds")]
    [InlineData("\"fe80::ffff:192.0.2.0/23\", \"fe80::ffff:192.0.2.0/24\"", "holds")]
    [InlineData("\"fe80::ffff:192.0.2.0/24\", \"ae80::ffff:192.0.3.0/24\"", "fails")]
    public void Networks_overlap_in_either_order(string networks, string expected)
    {
        Assert.Equal(expected, CallText.Evaluate($"networks_overlap({networks})"));
        Assert.Equal(expected, CallText.Evaluate($"networks_overlap({string.Join(", ", networks.Split(", ").Reverse())})"));
    }

    [Theory]
    [InlineData("ip_in_network(\"192.168.0.1\", \"192.168.0.0/24\")", "holds")]
    [InlineData("ip_in_network(\"192.168.10.1\", \"192.168.0.0/24\")", "fails")]
    [InlineData("ip_in_network(\"10.255.255.255\", \"10.0.0.1/8\")", "holds")]
    [InlineData("ip_in_network(\"10.0.0.0\", \"10.0.0.1/8\")", "holds")]
    [InlineData("ip_in_network(\"11.0.0.0\", \"10.0.0.0/8\")", "fails")]
    [InlineData("ip_in_network(\"10.0.0.1\", \"10.0.0.1\")", "holds")]
    [InlineData("ip_in_network(\"fe80::ffff:192.168.0.1\", \"fe80::ffff:192.168.0.0/24\")", "holds")]
    [InlineData("ip_in_network(\"fe80::ffff:192.168.10.1\", \"ae80::ffff:192.168.10.1/24\")", "fails")]
    [InlineData("ip_in_network(\"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\", \"::/0\")", "holds")]
    [InlineData("ip_in_network(\"10.0.0.0/8\", \"10.0.0.0/8\")", "fails")]
    public void An_address_is_in_a_network_from_the_first_to_the_last(string call, string expected) => Assert.Equal(expected, CallText.Evaluate(call));

    [Theory]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.255.0")]
    [InlineData("10.0.0.0/ffff::")]
    [InlineData("10.0.0.0/99999999999")]
    [InlineData("10/8")]
    [InlineData("::/129")]
    [InlineData("net")]
    public void What_is_no_network_fails(string network) => Assert.Equal("fails", CallText.Evaluate($"networks_equal(\"{network}\", \"{network}\")"));

    [Theory]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.-1")]
    [InlineData("10..0.0")]
    [InlineData("10.0.0.01")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.1:80")]
    [InlineData("167772161")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("::g")]
    [InlineData("::1.2.3")]
    [InlineData("1.2.3.4::")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    public void What_is_no_full_address_fails(string address) => Assert.Equal("fails", CallText.Evaluate($"ips_equal(\"{address}\", \"{address}\")"));

    [Fact]
    public void Addresses_read_as_the_system_reads_them()
    {
        var random = new Random(20140105);
        var bytes = new byte[16];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            bytes.AsSpan(random.Next(16), 1).Clear();
            bytes.AsSpan(random.Next(8), random.Next(9)).Clear();
            var address = new IPAddress(i % 2 == 0 ? bytes : bytes.AsSpan(12));
            Assert.True(NetworkAddress.TryRead(address.ToString(), out var read), $"{address}");
            Assert.Equal(address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6, read.Version);
            var number = UInt128.Zero;
            foreach (var b in address.GetAddressBytes())
            {
                number = (number << 8) | b;
            }

            Assert.Equal(number, read.Number);
        }
    }
}
