using Congress.Data;

namespace Congress.Datasources.Drivers.Fake;

/// <summary>Makes datasources to try things with. They take what OpenStack's take, and use none of it.</summary>
public sealed class FakeDriverFactory : IDriverFactory
{
    /// <inheritdoc/>
    public string Name => "fake_datasource";

    /// <inheritdoc/>
    public string Description => "This is a fake driver used for testing";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new("auth_url", "the address of Keystone", IsRequired: true),
        new("endpoint", "the address of the service"),
        new("region", "the region"),
        new("username", "the user", IsRequired: true),
        new("password", "the password of the user", IsRequired: true, IsSecret: true),
        new("user_domain_name", "the domain of the user"),
        new("project_domain_name", "the domain of the project"),
        new("tenant_name", "the project, as it was called once"),
        new("project_name", "the project", IsRequired: true, Substitute: "tenant_name"),
        new("poll_time", "seconds between readings, which do nothing"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables { get; } = [FakeDriver.Table];

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings) => new FakeDriver();
}
