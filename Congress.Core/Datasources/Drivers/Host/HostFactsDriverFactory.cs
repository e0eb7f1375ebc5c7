using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Makes datasources that read the state of this machine.</summary>
public sealed class HostFactsDriverFactory : IDriverFactory
{
    /// <inheritdoc/>
    public string Name => "host";

    /// <inheritdoc/>
    public string Description => "The state of this machine: processes, accounts, disks, network, kernel settings and files.";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new("root", "the folder that holds proc, sys and etc; / when it is not there"),
        new("folder", "the folder whose entries fill the table files, a full path below root; none when it is not there"),
        new("max_files", "the most rows of the table files; 10,000 when it is not there"),
        new("max_file_bytes", "the most bytes read of one file; 4 MiB when it is not there"),
        new("kernel_settings", "a list of the kernel settings to read, as sysctl names them; those that decide how well a host defends itself when it is not there"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables => HostTables.All;

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var standard = new HostFactsOptions();
        var options = standard with
        {
            Root = settings.Text("root") ?? standard.Root,
            Folder = settings.Text("folder"),
            MaxFiles = (int)settings.Number("max_files", standard.MaxFiles, 1, int.MaxValue),
            MaxFileBytes = (int)settings.Number("max_file_bytes", standard.MaxFileBytes, 1, int.MaxValue),
            KernelSettings = TableColumns.Texts(settings, "kernel_settings") ?? standard.KernelSettings,
        };
        try
        {
            return new HostFactsDriver(options);
        }
        catch (ArgumentException exception)
        {
            throw new DriverException($"datasource '{settings.Datasource}': {exception.Message}", exception);
        }
    }
}
