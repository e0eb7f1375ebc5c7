using Congress.Bus;
using Congress.Data;

namespace Congress.Datasources;

/// <summary>A datasource on the bus: reads a system again and again, and publishes its tables.</summary>
/// <remarks>When a reading fails, what was read last stays published, and the next reading is made at its time. A node that takes the service over,
/// or starts it again, reads at once.</remarks>
public sealed class DatasourceService : DataService
{
    private readonly IDatasourceDriver _driver;
    private readonly TimeSpan _interval;

    /// <summary>Makes the service of a driver.</summary>
    /// <param name="name">The datasource's name.</param>
    /// <param name="driver">Reads the system.</param>
    /// <param name="interval">From the end of one reading to the beginning of the next.</param>
    public DatasourceService(string name, IDatasourceDriver driver, TimeSpan interval)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        (_driver, _interval) = (driver, interval);
        Tables.UnionWith(driver.Schema.Select(t => t.Table));
        Methods.Add(Refresh, async (_, _, token) => await ReadAsync(token).ConfigureAwait(false));
    }

    /// <summary>Has the datasource read at once. The argument says nothing, the result is the number of rows; what the reading fails of is thrown.</summary>
    public static ServiceMethod<bool, long> Refresh { get; } = new("refresh", SimpleJson.Boolean, SimpleJson.Integer);

    /// <summary>What the last reading failed of; null when it succeeded.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    protected internal override ValueTask StartAsync(CancellationToken cancellationToken)
    {
        Every(_interval, async token =>
        {
            try
            {
                await ReadAsync(token).ConfigureAwait(false);
            }
            catch (Exception) when (!token.IsCancellationRequested)
            {
                // It is noted, and tried again at its time.
            }
        });
        return ValueTask.CompletedTask;
    }

    private async ValueTask<long> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var tables = await _driver.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var (table, rows) in tables)
            {
                Publish(table, rows);
            }

            Failure = null;
            return tables.Values.Sum(rows => (long)rows.Count);
        }
        catch (Exception exception)
        {
            Failure = exception;
            throw;
        }
    }
}
