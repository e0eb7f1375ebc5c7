using System.Net;
using System.Net.Sockets;
using Congress.Data;
using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

/// <summary>What must be so on whatever machine runs these tests.</summary>
public sealed class ThisMachineTests
{
    [Fact]
    public async Task Our_own_process_is_there()
    {
        var process = Assert.Single(await ReadAsync(HostTables.Processes), row => row[0] == Environment.ProcessId);
        Assert.InRange(process[6].AsInteger(), 1000, long.MaxValue);
        Assert.InRange(process[7].AsInteger(), 2, long.MaxValue);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(Environment.ProcessPath, process[9].AsText());
            Assert.Equal(ValueKind.Integer, process[3].Kind);
        }
    }

    [Fact]
    public async Task A_socket_that_we_open_is_ours()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        var rows = await ReadAsync(HostTables.Listeners);
        Value pid = OperatingSystem.IsLinux() ? Environment.ProcessId : Value.Null;
        Assert.Contains(rows, row => row[0] == "tcp" && row[1] == "127.0.0.1" && row[2] == Port(listener.LocalEndpoint) && row[4] == pid);
        Assert.Contains(rows, row => row[0] == "udp" && row[1] == "0.0.0.0" && row[2] == Port(udp.Client.LocalEndPoint) && row[4] == pid);
    }

    [Fact]
    public async Task Loopback_has_its_address()
    {
        var row = Assert.Single(await ReadAsync(HostTables.Addresses), row => row[1] == "127.0.0.1");
        Assert.Equal(Value.Of("ipv4"), row[3]);
        Assert.Equal(Value.Of(8), row[2]);
        Assert.Contains(await ReadAsync(HostTables.Interfaces), found => found[0] == row[0]);
    }

    [Fact]
    public async Task Linux_has_a_root_user_mounts_and_settings()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Assert.Contains(await ReadAsync(HostTables.Users), row => row[0] == "root" && row[1] == 0);
        Assert.NotEmpty(await ReadAsync(HostTables.Mounts));
        Assert.NotEmpty(await ReadAsync(HostTables.KernelSettings));
        Assert.All(await ReadAsync(HostTables.Disks), row => Assert.InRange(row[2].AsInteger(), 0, row[1].AsInteger()));
    }

    [Fact]
    public async Task A_folder_of_ours_is_listed()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await File.WriteAllTextAsync(Path.Join(folder.FullName, "one"), "1");
            var tables = await new HostFactsDriver(new HostFactsOptions { Folder = folder.FullName }).ReadAsync();
            Assert.EndsWith("/one", Assert.Single(tables["files"])[0].AsText(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_dotnet_knows_fits_the_same_tables()
    {
        // The readers for other operating systems run on this one as well.
        var reading = new HostReading(new HostFiles("/", maxBytes: 4096));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        PortableHost.ReadProcesses(reading, CancellationToken.None);
        PortableHost.ReadListeners(reading);
        PortableHost.ReadInterfaces(reading);
        PortableHost.ReadAddresses(reading);
        PortableHost.ReadDrives(reading, _ => new DiskSpace(2048, 1024), CancellationToken.None);
        var tables = reading.Tables;
        Assert.Contains(tables["processes"], row => row[0] == Environment.ProcessId && row[2].Kind == ValueKind.Text);
        Assert.Contains(tables["listeners"], row => row[2] == Port(listener.LocalEndpoint));
        foreach (var table in HostTables.All)
        {
            Assert.All(tables[table.Table], row => Assert.Equal(table.Arity, row.Count));
        }
    }

    private static async Task<IReadOnlyCollection<Row>> ReadAsync(TableSchema table) =>
        (await new HostFactsDriver().ReadAsync())[table.Table];

    private static int Port(EndPoint? endPoint) => ((IPEndPoint)endPoint!).Port;
}
