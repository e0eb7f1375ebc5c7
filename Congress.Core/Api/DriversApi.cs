using Congress.Datasources;
using Congress.Datasources.Serving;

namespace Congress.Api;

/// <summary>Drivers: <c>/v1/system/drivers</c>.</summary>
/// <param name="calls">Calls the service that has them.</param>
public sealed class DriversApi(ApiCalls calls)
{
    /// <summary>Lists the drivers.</summary>
    public async Task<Listing<DriverResource>> ListAsync(CancellationToken cancellationToken = default) =>
        new([.. (await AllAsync(cancellationToken).ConfigureAwait(false)).Select(d => new DriverResource(d.Id, d.Description))]);

    /// <summary>Finds a driver.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<DriverDetailResource> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        var driver = (await AllAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(d => d.Id == name)
            ?? throw new ApiException(ApiError.NotFound, $"Driver not found {name}. Either not supported or disabled by deployer in Congress config");
        var secrets = driver.Options.Where(o => o.IsSecret).Select(o => o.Name).ToArray();
        return new(
            driver.Id, driver.Description, driver.Options.ToDictionary(o => o.Name, o => o.IsRequired ? "required" : "(optional)", StringComparer.Ordinal),
            [.. driver.Tables.Select(TableSpecResource.Of)]) { Secret = secrets.Length == 0 ? null : secrets };
    }

    private Task<IReadOnlyList<DriverAnswer>> AllAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(DatasourceMethods.Service, DatasourceMethods.Drivers, true, cancellationToken: cancellationToken);
}
