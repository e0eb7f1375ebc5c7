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

    [Fact]
    public async Task The_machine_that_runs_the_tests_can_be_audited()
    {
        var (violations, rows) = await Audit.RunAsync(Policy, "policy.dl", new HostFactsDriver(new() { Folder = AppContext.BaseDirectory }));
        Assert.True(rows > 100, $"only {rows} facts");
        Assert.All(violations, v => Assert.NotEmpty(v.Body));
    }

    private static async Task<IReadOnlyList<Violation>> ViolationsOf(Action<FakeHost> change)
    {
        using var host = FakeHost.Healthy();
        change(host);
        return (await Audit.RunAsync(Policy, "policy.dl", new HostFactsDriver(host.Options))).Violations;
    }
}
