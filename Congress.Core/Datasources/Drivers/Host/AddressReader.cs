using System.Globalization;
using System.Net;
using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads the addresses of the interfaces.</summary>
/// <remarks>
/// On this machine the operating system tells them. Below another root, IPv6 is in <c>/proc/net/if_inet6</c>; the file
/// of IPv4, <c>/proc/net/fib_trie</c>, has the local addresses without their interfaces, which the direct routes of
/// <c>/proc/net/route</c> add: the longest that holds the address gives interface and prefix. An address that no direct
/// route holds has a null interface.
/// </remarks>
internal static class AddressReader
{
    private const string Addresses6 = "/proc/net/if_inet6";
    private const string Addresses4 = "/proc/net/fib_trie";
    private const string Routes4 = "/proc/net/route";

    public static void Read(HostReading reading)
    {
        if (reading.Files.IsThisMachine)
        {
            PortableHost.ReadAddresses(reading);
            return;
        }

        ReadIPv6(reading);
        ReadIPv4(reading);
    }

    // "fe800000000000000000000000000001 04 40 20 80 eth0": address, index, prefix length, scope, flags, name.
    private static void ReadIPv6(HostReading reading)
    {
        Span<byte> bytes = stackalloc byte[16];
        foreach (var (number, line) in reading.LinesIfPresent(HostTables.Addresses, Addresses6))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 6
                || fields[0].Length != 32
                || Convert.FromHexString(fields[0], bytes, out _, out _) != System.Buffers.OperationStatus.Done
                || !byte.TryParse(fields[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var prefix))
            {
                reading.ReportLine(HostTables.Addresses, Addresses6, number);
                continue;
            }

            reading.Add(HostTables.Addresses, fields[5], new IPAddress(bytes).ToString(), (long)prefix, "ipv6");
        }
    }

    // "|-- 192.0.2.2" with "/32 host LOCAL" below it is an address of this host.
    private static void ReadIPv4(HostReading reading)
    {
        var routes = ReadRoutes(reading);
        IPAddress? leaf = null;
        foreach (var (_, line) in reading.NeedLines(HostTables.Addresses, Addresses4))
        {
            var text = line.Trim();
            if (text.StartsWith("|-- ", StringComparison.Ordinal))
            {
                _ = IPAddress.TryParse(text.AsSpan(4), out leaf);
            }
            else if (leaf is not null && text is "/32 host LOCAL")
            {
                var route = routes.FirstOrDefault(route => route.Network.Contains(leaf));
                reading.Add(
                    HostTables.Addresses, route?.Interface, leaf.ToString(), route?.Network.PrefixLength ?? 32, "ipv4");
            }
        }
    }

    // Longest first. The loopback network has no route in the main table.
    private static IReadOnlyList<Route> ReadRoutes(HostReading reading)
    {
        var routes = new List<Route> { new("lo", IPNetwork.Parse("127.0.0.0/8")) };
        foreach (var (number, line) in reading.NeedLines(HostTables.Addresses, Routes4).Where(line => line.Number > 1))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 8
                || SocketReader.ParseEndPoint($"{fields[1]}:0") is not { } destination
                || SocketReader.ParseEndPoint($"{fields[2]}:0") is not { } gateway
                || SocketReader.ParseEndPoint($"{fields[7]}:0") is not { } mask)
            {
                reading.ReportLine(HostTables.Addresses, Routes4, number);
            }
            else if (gateway.Address.Equals(IPAddress.Any)
                && PrefixOf(mask.Address) is > 0 and var prefix
                && IPNetwork.TryParse($"{destination.Address}/{prefix}", out var network))
            {
                routes.Add(new(fields[0], network));
            }
        }

        return [.. routes.OrderByDescending(route => route.Network.PrefixLength)];
    }

    private static int PrefixOf(IPAddress mask) => mask.GetAddressBytes().Sum(part => int.PopCount(part));

    private sealed record Route(string Interface, IPNetwork Network);
}
