using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Congress.Tests.Datasources.Host;

/// <content>Sockets, interfaces and addresses.</content>
internal sealed partial class FakeHost
{
    private int _inode = 5000;

    /// <summary>A listening TCP or bound UDP socket, held by the process when one is given.</summary>
    public FakeHost WithListener(string protocol, string address, int port, int userId = 0, int? pid = null)
    {
        var ip = IPAddress.Parse(address);
        var isIPv6 = ip.AddressFamily == AddressFamily.InterNetworkV6;
        var (state, remote) = (protocol is "tcp" ? "0A" : "07", new string('0', isIPv6 ? 32 : 8));
        var inode = ++_inode;
        Append(
            $"/proc/net/{protocol}{(isIPv6 ? "6" : "")}",
            $"   0: {Words(ip)}:{port:X4} {remote}:0000 {state} 00000000:00000000 00:00000000 00000000 {userId,5}        0 {inode} 1 0 100 0\n");
        return pid is { } holder ? WithLink($"/proc/{holder}/fd/{inode}", $"socket:[{inode}]") : this;
    }

    /// <summary>An interface; its flags are those of the kernel: 1 enabled, 8 loopback, 0x100 promiscuous.</summary>
    public FakeHost WithInterface(
        string name, string state = "up", int flags = 0x1003, string mac = "02:00:00:00:00:01", int mtu = 1500, string? master = null)
    {
        var folder = $"/sys/class/net/{name}";
        WithText($"{folder}/operstate", state + "\n");
        WithText($"{folder}/flags", $"0x{flags:x}\n");
        WithText($"{folder}/address", mac + "\n");
        WithText($"{folder}/mtu", $"{mtu}\n");
        return master is null ? this : WithLink($"{folder}/master", $"../{master}");
    }

    /// <summary>An address, for IPv4 together with the direct route that the kernel makes for it.</summary>
    public FakeHost WithAddress(string name, string address, int prefixLength)
    {
        var ip = IPAddress.Parse(address);
        if (ip.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var hex = Convert.ToHexStringLower(ip.GetAddressBytes());
            return Append("/proc/net/if_inet6", $"{hex} 02 {prefixLength:x2} 00 80 {name,8}\n");
        }

        Append("/proc/net/fib_trie", $"           |-- {address}\n              /32 host LOCAL\n");
        if (name is "lo")
        {
            return this;
        }

        var mask = uint.MaxValue << (32 - prefixLength);
        var network = (uint)IPAddress.NetworkToHostOrder(BitConverter.ToInt32(ip.GetAddressBytes())) & mask;
        return Append("/proc/net/route", $"{name}\t{Words(AddressOf(network))}\t00000000\t0001\t0\t0\t0\t{Words(AddressOf(mask))}\t0\t0\t0\n");
    }

    private static IPAddress AddressOf(uint bits) => new(BitConverter.GetBytes(IPAddress.HostToNetworkOrder((int)bits)));

    // The kernel prints an address in words of 32 bits as they lie in memory.
    private static string Words(IPAddress address) => string.Concat(address.GetAddressBytes()
        .Chunk(4)
        .Select(word => BitConverter.ToUInt32(word).ToString("X8", CultureInfo.InvariantCulture)));
}
