using System.Globalization;
using System.Net;
using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads the sockets that wait for others to begin: listening TCP and bound UDP.</summary>
internal static class SocketReader
{
    // The kernel shows an unconnected UDP socket in the state that TCP calls closed.
    private static readonly (string File, string Protocol, string State)[] Sources =
    [
        ("/proc/net/tcp", "tcp", "0A"), ("/proc/net/tcp6", "tcp", "0A"),
        ("/proc/net/udp", "udp", "07"), ("/proc/net/udp6", "udp", "07"),
    ];

    public static void Read(HostReading reading, IReadOnlyList<int> processes, CancellationToken cancellationToken)
    {
        List<Listener> listeners =
            [.. Sources.SelectMany(source => ReadFile(reading, source.File, source.Protocol, source.State))];
        var owners = SocketOwners.Find(
            reading, processes, listeners.Select(listener => listener.Inode).ToHashSet(), cancellationToken);
        foreach (var listener in listeners)
        {
            foreach (var pid in owners[listener.Inode].Select(Value.Of).DefaultIfEmpty(Value.Null))
            {
                reading.Add(
                    HostTables.Listeners,
                    listener.Protocol,
                    listener.EndPoint.Address.ToString(),
                    listener.EndPoint.Port,
                    listener.UserId,
                    pid);
            }
        }
    }

    /// <summary>An address and port as the kernel writes them: <c>0100007F:0035</c> is 127.0.0.1, port 53.</summary>
    internal static IPEndPoint? ParseEndPoint(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon is not (8 or 32)
            || !ushort.TryParse(
                text[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        // The address is printed in words of 32 bits, each read from memory in the byte order of the machine; writing
        // the words back in that order restores the bytes of the network.
        Span<byte> bytes = stackalloc byte[colon / 2];
        for (var word = 0; word < colon / 8; word++)
        {
            var digits = text.Slice(word * 8, 8);
            if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
                || !BitConverter.TryWriteBytes(bytes[(word * 4)..], bits))
            {
                return null;
            }
        }

        return new IPEndPoint(new IPAddress(bytes), port);
    }

    private static IEnumerable<Listener> ReadFile(HostReading reading, string path, string protocol, string state)
    {
        var lines = path.EndsWith('6')   // a kernel without IPv6 has no such file
            ? reading.LinesIfPresent(HostTables.Listeners, path)
            : reading.NeedLines(HostTables.Listeners, path);
        foreach (var (number, line) in lines.Where(line => line.Number > 1))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10
                || ParseEndPoint(fields[1]) is not { } endPoint
                || HostReading.Integer(fields[9]) is not { Kind: ValueKind.Integer } inode)
            {
                reading.ReportLine(HostTables.Listeners, path, number);
            }
            else if (string.Equals(fields[3], state, StringComparison.OrdinalIgnoreCase))
            {
                yield return new Listener(protocol, endPoint, HostReading.Integer(fields[7]), inode.AsInteger());
            }
        }
    }

    private sealed record Listener(string Protocol, IPEndPoint EndPoint, Value UserId, long Inode);
}
