using Congress.Data;
using Congress.Datasources;
using Congress.Datasources.Drivers.Host;
using Congress.Policies;
using HostAudit;

namespace Congress.Tests.Datasources.Host;

/// <summary>The audit run by the engine: on faked hosts, and on the machine that runs the tests.</summary>
public sealed class HostAuditRunTests
{
    private static readonly string Policy = File.ReadAllText(Path.Join(AppContext.BaseDirectory, "policy.dl"));

    public static TheoryData<string> Rules => [.. AuditCases.All.Select(c => c.Rule)];

    public static TheoryData<int> Harmless => [.. Enumerable.Range(0, AuditCases.Harmless.Count())];

    [Fact]
    public async Task A_healthy_host_has_no_violations() => Assert.Empty(await ViolationsOf(_ => { }));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_rule_fires_on_the_host_that_breaks_it_and_no_other_does(string rule)
    {
        var (_, change, row) = AuditCases.All.Single(c => c.Rule == rule);
        var violation = Assert.Single(await ViolationsOf(change));
        Assert.Equal(rule, violation.RuleId);
        Assert.Equal(row, $"{violation.Table.Table}{violation.Row}");
        Assert.DoesNotContain("{", violation.Message, StringComparison.Ordinal);
        Assert.NotEmpty(violation.Body);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public async Task A_near_miss_breaks_no_rule(int number) => Assert.Empty(await ViolationsOf(AuditCases.Harmless.ElementAt(number).Change));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_violation_clears_when_the_host_is_as_before(string rule)
    {
        using var healthy = FakeHost.Healthy();
        using var spoiled = FakeHost.Healthy();
        AuditCases.All.Single(c => c.Rule == rule).Change(spoiled);
        var driver = new OtherHost(new HostFactsDriver(healthy.Options));
        await using var audit = new Audit(Policy, "policy.dl", driver);
        foreach (var (host, count) in new[] { (healthy, 0), (spoiled, 1), (healthy, 0) })
        {
            driver.Current = new HostFactsDriver(host.Options);
            await audit.PollAsync();
            Assert.Equal(count, audit.Violations.Count);
        }
    }

    [Fact]
    public async Task The_machine_that_runs_the_tests_can_be_audited()
    {
        await using var audit = new Audit(Policy, "policy.dl", new HostFactsDriver(new() { Folder = AppContext.BaseDirectory }));
        await audit.PollAsync();
        Assert.True(audit.Facts > 100, $"only {audit.Facts} facts");
        Assert.All(audit.Violations, v => Assert.NotEmpty(v.Body));
    }

    private static async Task<IReadOnlyList<Violation>> ViolationsOf(Action<FakeHost> change)
    {
        using var host = FakeHost.Healthy();
        change(host);
        await using var audit = new Audit(Policy, "policy.dl", new HostFactsDriver(host.Options));
        await audit.PollAsync();
        return audit.Violations;
    }

    /// <summary>Reads one host after another.</summary>
    private sealed class OtherHost(IDatasourceDriver first) : IDatasourceDriver
    {
        public IDatasourceDriver Current { get; set; } = first;

        public IReadOnlyList<TableSchema> Schema => Current.Schema;

        public ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default) =>
            Current.ReadAsync(cancellationToken);
    }
}
