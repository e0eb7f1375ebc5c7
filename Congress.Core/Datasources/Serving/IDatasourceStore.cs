using System.Text.Json;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Serving;

/// <summary>A datasource as its operator configured it.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Name">Its name, which is that of its service and of its policy in rules.</param>
/// <param name="Driver">The name of its driver.</param>
/// <param name="Description">What it is for; null for nothing.</param>
/// <param name="IsEnabled">Whether it runs.</param>
/// <param name="Config">What the driver is told, secrets in clear.</param>
/// <param name="Tables">Its tables, as the driver has them with this configuration.</param>
/// <param name="Actions">Its actions with their arguments; null when it takes any.</param>
/// <param name="Unreadable">Why its configuration cannot be read, which is empty here then; null when it can.</param>
public sealed record DatasourceRecord(
    string Id, string Name, string Driver, string? Description, bool IsEnabled, IReadOnlyDictionary<string, JsonElement> Config,
    IReadOnlyList<TableSchema> Tables, IReadOnlyList<TableSchema>? Actions, string? Unreadable = null);

/// <summary>Where the nodes of a system keep which datasources there are, and rows that were pushed.</summary>
/// <remarks>Thread safe. What returns has been made to last.</remarks>
public interface IDatasourceStore
{
    /// <summary>Reads them all, when they are no longer those of a version.</summary>
    /// <returns>Their version and the datasources; null when they are still those of <paramref name="version"/>.</returns>
    /// <exception cref="StoreException">They cannot be read.</exception>
    Task<(long Version, IReadOnlyList<DatasourceRecord> Datasources)?> ReadAfterAsync(long version, CancellationToken cancellationToken = default);

    /// <summary>Adds a datasource.</summary>
    /// <exception cref="DatasourceException">There is one of that name or identity.</exception>
    /// <exception cref="StoreException">It cannot be written.</exception>
    Task CreateAsync(DatasourceRecord datasource, CancellationToken cancellationToken = default);

    /// <summary>Replaces a datasource, known by its identity.</summary>
    /// <exception cref="DatasourceException">There is none of that identity.</exception>
    /// <exception cref="StoreException">It cannot be written.</exception>
    Task UpdateAsync(DatasourceRecord datasource, CancellationToken cancellationToken = default);

    /// <summary>Deletes a datasource with its rows.</summary>
    /// <exception cref="DatasourceException">There is none of that identity.</exception>
    /// <exception cref="StoreException">It cannot be written.</exception>
    Task DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The rows that were kept for a datasource, by table.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    Task<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadRowsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Keeps the rows of tables of a datasource, all or none.</summary>
    /// <exception cref="StoreException">They cannot be written.</exception>
    Task WriteRowsAsync(string id, IReadOnlyDictionary<string, IReadOnlyCollection<Row>> tables, CancellationToken cancellationToken = default);
}

/// <summary>Why something was refused that was asked of a datasource.</summary>
public enum DatasourceFailure
{
    /// <summary>The name cannot be one.</summary>
    BadName,

    /// <summary>There is one of that name or identity.</summary>
    NameInUse,

    /// <summary>There is no such datasource.</summary>
    NoDatasource,

    /// <summary>There is no such driver.</summary>
    NoDriver,

    /// <summary>An option is missing.</summary>
    MissingOption,

    /// <summary>An option is unknown, or makes no sense.</summary>
    BadOption,

    /// <summary>There is no such table.</summary>
    NoTable,

    /// <summary>The table is read only while somebody follows it, and nobody does.</summary>
    LazyTable,

    /// <summary>The table cannot be pushed.</summary>
    NotPushed,

    /// <summary>What was given makes no sense to the driver.</summary>
    BadInput,
}

/// <summary>Something that was asked of a datasource was refused. Nothing has changed.</summary>
public sealed class DatasourceException : CongressException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">What was refused, and what was expected.</param>
    /// <param name="inner">What it comes of.</param>
    public DatasourceException(DatasourceFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why.</summary>
    public DatasourceFailure Failure { get; }

    internal override string FailureName => NameOf(Failure);

    /// <summary>What a caller on another node knows a failure by.</summary>
    internal static string NameOf(DatasourceFailure failure) => $"{typeof(DatasourceException).FullName}.{failure}";
}
