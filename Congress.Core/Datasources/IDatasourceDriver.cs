using Congress.Data;

namespace Congress.Datasources;

/// <summary>Turns the state of one system into tables.</summary>
public interface IDatasourceDriver
{
    /// <summary>The tables that the driver fills, each with its columns.</summary>
    IReadOnlyList<TableSchema> Schema { get; }

    /// <summary>Reads the whole state once.</summary>
    /// <returns>The distinct rows of each table of <see cref="Schema"/>, in no order; every table has an entry.</returns>
    ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default);
}
