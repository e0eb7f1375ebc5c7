using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads the state of this machine: processes, accounts, disks, network, kernel settings and files.</summary>
/// <remarks>
/// <para>On Linux all facts come from files below <see cref="HostFactsOptions.Root"/>; elsewhere .NET is asked, and
/// what it does not know is null or has no row. The tables are those of <see cref="HostTables"/>.</para>
/// <para>A file that is missing, unreadable or malformed never fails a read: its rows are left out, and the table
/// <c>problems</c> says so. A process that ends while it is read is left out silently.</para>
/// </remarks>
public sealed class HostFactsDriver : IDatasourceDriver
{
    private readonly HostFactsOptions _options;
    private readonly HostFiles _files;

    /// <summary>Makes a driver.</summary>
    /// <exception cref="ArgumentException">The folder is not below the root, or a bound is not positive.</exception>
    public HostFactsDriver(HostFactsOptions? options = null)
    {
        _options = options ?? new HostFactsOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.MaxFiles, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.MaxFileBytes, nameof(options));
        _files = new HostFiles(_options.Root, _options.MaxFileBytes);
        if (_options.Folder is { } folder && !_files.TryName(folder, out _))
        {
            throw new ArgumentException($"The folder {folder} is not below the root {_options.Root}.", nameof(options));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Schema => HostTables.All;

    /// <inheritdoc/>
    /// <remarks>Reads on the calling thread: the files of a kernel are memory, and what could block is left out.</remarks>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(
        CancellationToken cancellationToken = default)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reading = new HostReading(_files);
            if (OperatingSystem.IsLinux() || !_files.IsThisMachine)
            {
                ReadLinux(reading, cancellationToken);
            }
            else
            {
                ReadPortable(reading, cancellationToken);
            }

            return ValueTask.FromResult(reading.Tables);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>>(cancellationToken);
        }
    }

    private void ReadLinux(HostReading reading, CancellationToken cancellationToken)
    {
        var mounts = MountReader.Read(reading);
        DiskReader.Read(reading, mounts, _options.DiskSpace, cancellationToken);
        var users = AccountReader.Read(reading, mounts);
        var processes = ProcessReader.List(reading);
        ProcessReader.Read(reading, processes, users, cancellationToken);
        SocketReader.Read(reading, processes, cancellationToken);
        InterfaceReader.Read(reading);
        AddressReader.Read(reading);
        KernelReader.Read(reading, _options.KernelSettings);
        FileReader.Read(reading, mounts, _options.Folder, _options.MaxFiles, cancellationToken);
    }

    private void ReadPortable(HostReading reading, CancellationToken cancellationToken)
    {
        PortableHost.ReadProcesses(reading, cancellationToken);
        PortableHost.ReadListeners(reading);
        PortableHost.ReadInterfaces(reading);
        PortableHost.ReadAddresses(reading);
        PortableHost.ReadDrives(reading, _options.DiskSpace, cancellationToken);
        FileReader.Read(reading, MountTable.Empty, _options.Folder, _options.MaxFiles, cancellationToken);
    }
}
