using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads what .NET knows of this machine on every operating system.</summary>
internal static class PortableHost
{
    public static void ReadProcesses(HostReading reading, CancellationToken cancellationToken)
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddProcess(reading, process);
            }
        }
    }

    public static void ReadListeners(HostReading reading) => Guarded(reading, HostTables.Listeners, () =>
    {
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        AddListeners("tcp", properties.GetActiveTcpListeners());
        AddListeners("udp", properties.GetActiveUdpListeners());

        void AddListeners(string protocol, IPEndPoint[] endPoints)
        {
            foreach (var endPoint in endPoints)
            {
                reading.Add(
                    HostTables.Listeners, protocol, Text(endPoint.Address), endPoint.Port, Value.Null, Value.Null);
            }
        }
    });

    public static void ReadInterfaces(HostReading reading) => Guarded(reading, HostTables.Interfaces, () =>
    {
        foreach (var item in NetworkInterface.GetAllNetworkInterfaces())
        {
            var mac = item.GetPhysicalAddress().GetAddressBytes();
            reading.Add(
                HostTables.Interfaces,
                item.Name,
                item.OperationalStatus.ToString().ToLowerInvariant(),
                mac.Any(part => part != 0) ? string.Join(':', mac.Select(Hex)) : null,
                Mtu(item),
                Value.Null,
                Value.Null,
                Value.Null,
                Value.Null);
        }
    });

    public static void ReadAddresses(HostReading reading) => Guarded(reading, HostTables.Addresses, () =>
    {
        foreach (var item in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var unicast in item.GetIPProperties().UnicastAddresses)
            {
                reading.Add(
                    HostTables.Addresses,
                    item.Name,
                    Text(unicast.Address),
                    unicast.PrefixLength,
                    unicast.Address.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4");
            }
        }
    });

    public static void ReadDrives(HostReading reading, Func<string, DiskSpace?>? ask, CancellationToken cancellationToken)
    {
        foreach (var drive in DriveInfo.GetDrives())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (drive.DriveType is not (DriveType.Fixed or DriveType.Removable or DriveType.Ram))
            {
                continue;   // asking a network drive could block
            }

            try
            {
                var type = drive.DriveFormat;
                reading.Add(HostTables.Mounts, Value.Null, drive.Name, type);
                DiskReader.AddSpace(reading, drive.Name, ask ?? DiskReader.AskDrive);
            }
            catch (Exception e) when (HostFiles.FaultOf(e) is { } fault)
            {
                reading.Report(HostTables.Mounts, drive.Name, fault);   // an empty card reader
            }
        }
    }

    private static void AddProcess(HostReading reading, Process process)
    {
        try
        {
            reading.Add(
                HostTables.Processes,
                process.Id,
                Value.Null,
                process.ProcessName,
                Value.Null,
                Value.Null,
                Value.Null,
                process.WorkingSet64 / 1024,
                process.Threads.Count,
                Value.Null,
                Value.Null);
        }
        catch (InvalidOperationException)
        {
            // It has ended since it was listed.
        }
        catch (Exception e) when (e is Win32Exception or NotSupportedException)
        {
            reading.Add(
                HostTables.Processes, process.Id, Value.Null, Value.Null, Value.Null, Value.Null, Value.Null, Value.Null,
                Value.Null, Value.Null, Value.Null);
        }
    }

    private static Value Mtu(NetworkInterface item)
    {
        try
        {
            return item.GetIPProperties().GetIPv4Properties().Mtu;
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            return Value.Null;   // an interface without IPv4
        }
    }

    private static void Guarded(HostReading reading, TableSchema table, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is NetworkInformationException or PlatformNotSupportedException)
        {
            reading.Report(table, "network", Fault.Failed);
        }
    }

    private static string Hex(byte part) => part.ToString("x2", CultureInfo.InvariantCulture);

    // A link-local address carries its interface as a zone, which the table has in a column of its own.
    private static string Text(IPAddress address) => new IPAddress(address.GetAddressBytes()).ToString();
}
