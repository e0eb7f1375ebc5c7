using Congress.Data;
using Congress.Datasources;
using Congress.Datasources.Drivers.Fake;

namespace Congress.Tests.Datasources;

public sealed class DriverRegistryTests
{
    private const string Complete = """{"auth_url": "http://127.0.0.1:9/v3", "username": "u", "password": "secret", "project_name": "p"}""";

    private static readonly FakeDriverFactory Fake = new();

    [Fact]
    public void The_drivers_of_the_library_are_sorted_and_say_what_they_take()
    {
        var all = DriverRegistry.BuiltIn.All;
        Assert.Equal(all.Select(f => f.Name).Order(StringComparer.Ordinal), all.Select(f => f.Name));
        Assert.All(all, factory =>
        {
            Assert.Matches("^[a-z_]+$", factory.Name);
            Assert.Same(factory, DriverRegistry.BuiltIn.Find(factory.Name));
            Assert.NotEmpty(factory.Description);
            Assert.Equal(factory.Options.Count, factory.Options.Select(o => o.Name).Distinct().Count());
            Assert.All(factory.Options, option => Assert.NotEmpty(option.Description));
            Assert.All(factory.Options, option => Assert.True(option.Substitute is null || factory.Options.Any(other => other.Name == option.Substitute)));
        });
    }

    [Fact]
    public void A_driver_that_there_is_not_is_not_found() => Assert.Null(DriverRegistry.BuiltIn.Find("Push"));

    [Fact]
    public void A_driver_is_added_to_another_registry()
    {
        var registry = DriverRegistry.Empty.With(Fake);
        Assert.Empty(DriverRegistry.Empty.All);
        Assert.Same(Fake, registry.Find("fake_datasource"));
        Assert.Single(registry.With(new FakeDriverFactory()).All);
        Assert.NotSame(Fake, registry.With(new FakeDriverFactory()).Find("fake_datasource"));
    }

    [Fact]
    public void Every_driver_takes_the_common_options() =>
        DriverRegistry.Check(new Bare(), Configured.Options("""{"poll_time": 0, "lazy_tables": ["p"], "persist_data": true}"""));

    [Fact]
    public void Missing_options_are_named()
    {
        Assert.Equal("Missing required config options: auth_url, username, password, project_name", Refusal("{}"));
        Assert.Equal("Missing required config options: password", Refusal("""{"auth_url": "a", "username": "u", "password": null, "project_name": "p"}"""));
    }

    [Fact]
    public void An_old_name_stands_in_for_a_required_option() =>
        DriverRegistry.Check(Fake, Configured.Options("""{"auth_url": "a", "username": "u", "password": "s", "tenant_name": "t"}"""));

    [Fact]
    public void Unknown_options_are_named_with_those_that_are_taken()
    {
        Assert.Equal("Invalid driver options: bogus, url; driver 'bare' takes poll_time, lazy_tables, persist_data", Configured.Refusal(() => DriverRegistry.Check(new Bare(), Configured.Options("""{"url": 1, "bogus": 1}"""))));
        Assert.StartsWith("Invalid driver options: Username; driver 'fake_datasource' takes auth_url, ", Refusal("""{"Username": "u"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_hidden()
    {
        var shown = DriverRegistry.Mask(Fake, Configured.Options(Complete));
        Assert.Equal("<hidden>", shown["password"].GetString());
        Assert.Equal("u", shown["username"].GetString());
        Assert.DoesNotContain(shown.Values, value => value.GetRawText().Contains("secret", StringComparison.Ordinal));
    }

    private static string Refusal(string options) => Configured.Refusal(() => DriverRegistry.Check(Fake, Configured.Options(options)));

    private sealed class Bare : IDriverFactory
    {
        public string Name => "bare";

        public string Description => "Nothing.";

        public IReadOnlyList<DriverOption> Options => [];

        public IReadOnlyList<TableSchema> Tables => [];

        public IDatasourceDriver Create(DriverSettings settings) => new FakeDriver();
    }
}
