using Congress.Data;

namespace Congress.Policies.Serving;

/// <summary>The datasources of a system, as its policy engines must know them: those whose tables rules can read.</summary>
public interface IDatasourceDirectory
{
    /// <summary>Reads them all, when they are no longer those of a version.</summary>
    /// <returns>Their version and the datasources; null when they are still those of <paramref name="version"/>.</returns>
    /// <exception cref="Diagnostics.StoreException">They cannot be read.</exception>
    Task<(long Version, IReadOnlyList<DatasourceSchema> Datasources)?> ReadAfterAsync(long version, CancellationToken cancellationToken = default);
}

/// <summary>A datasource as rules see it.</summary>
/// <param name="Name">Its name, which is that of its service, too.</param>
/// <param name="Tables">Its tables, each with its columns; a schema that names all.</param>
/// <param name="Actions">Its actions with their arguments; null when it takes any.</param>
public sealed record DatasourceSchema(string Name, IReadOnlyList<TableSchema> Tables, IReadOnlyList<TableSchema>? Actions = null);
